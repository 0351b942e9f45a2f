import { StateError } from '../core/errors.ts';
import type { LogRecord, PageRecord } from './records.ts';
import { type LogPosition, segmentPath } from './segment.ts';

/** A record of a page log, with the bytes of the page where it is one. */
export interface LogEntry {
  readonly record: LogRecord;
  readonly body: Buffer;
  readonly position: LogPosition;
}

/** A page of a log. */
export interface PageEntry {
  readonly record: PageRecord;
  readonly body: Buffer;
}

/** The error for a place of a log that does not hold what it should. */
export function damaged(dir: string, { segment, offset }: LogPosition): StateError {
  return new StateError('page_log_corrupt', `The page log is damaged: ${segmentPath(dir, segment)}, byte ${offset}.`, {
    hint: 'Move the folder away, or discard the unfinished run, and run again.',
  });
}
