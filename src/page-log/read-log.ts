import { StateError } from '../core/errors.ts';
import { decodeRecord, type LogRecord, type PageRecord } from './records.ts';
import { lastSegment, type LogPosition, SegmentReader, segmentPath } from './segment.ts';

/** A record of a page log, with the bytes of the page where it is one. */
export interface LogEntry {
  readonly record: LogRecord;
  readonly body: Buffer;
  readonly position: LogPosition;
}

/** Where the whole records of a log end, and how many bytes of a torn one follow. */
export interface LogEnd {
  readonly position: LogPosition;
  readonly torn: number;
}

/**
 * Every whole record of a log in the order of writing, one at a time: memory does not grow with the
 * log (invariant 10). `ended` is told where they end. A torn record can only be the last thing that was
 * written, so one with more segments behind it is damage and a StateError.
 */
export async function* readLog(dir: string, ended?: (end: LogEnd) => void): AsyncGenerator<LogEntry, void> {
  const last = await lastSegment(dir);
  let end: LogEnd = { position: { segment: 1, offset: 0 }, torn: 0 };
  for (let segment = 1; segment <= last; segment += 1) {
    if (end.torn > 0) throw damaged(dir, end.position);
    await using reader = await SegmentReader.open(dir, segment).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOENT' ? damaged(dir, { segment, offset: 0 }) : error;
    });
    for (let frame = await reader.next(); frame; frame = await reader.next()) {
      yield { record: decodeRecord(frame.metadata), body: frame.body, position: { segment, offset: frame.offset } };
    }
    end = { position: { segment, offset: reader.end }, torn: reader.size - reader.end };
  }
  ended?.(end);
}

/** The page that is at a position of a log. */
export async function readPage(dir: string, position: LogPosition): Promise<{ readonly record: PageRecord; readonly body: Buffer }> {
  await using reader = await SegmentReader.open(dir, position.segment, position.offset);
  const frame = await reader.next();
  const record = frame && decodeRecord(frame.metadata);
  if (!frame || record?.kind !== 'page') throw damaged(dir, position);
  return { record, body: frame.body };
}

function damaged(dir: string, { segment, offset }: LogPosition): StateError {
  return new StateError('page_log_corrupt', `The page log is damaged: ${segmentPath(dir, segment)}, byte ${offset}.`, {
    hint: 'Move the folder away, or discard the unfinished run, and run again.',
  });
}
