import { damaged, type LogEntry } from './log-entry.ts';
import { decodeRecord } from './records.ts';
import { lastSegment, type LogPosition, SegmentReader } from './segment.ts';

/** Where the whole records of a log end, and how many bytes of a torn one follow. */
export interface LogEnd {
  readonly position: LogPosition;
  readonly torn: number;
  /** Of the format of the last segment; `undefined` where not even its header is whole. */
  readonly version: number | undefined;
}

/**
 * Every whole record of a log in the order of writing, one at a time: memory does not grow with the
 * log (invariant 10). `ended` is told where they end. A torn record can only be the last thing that was
 * written, so one with more segments behind it is damage and a StateError.
 */
export async function* readLog(dir: string, ended?: (end: LogEnd) => void): AsyncGenerator<LogEntry, void> {
  const last = await lastSegment(dir);
  let end: LogEnd = { position: { segment: 1, offset: 0 }, torn: 0, version: undefined };
  for (let segment = 1; segment <= last; segment += 1) {
    if (end.torn > 0) throw damaged(dir, end.position);
    await using reader = await SegmentReader.open(dir, segment).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOENT' ? damaged(dir, { segment, offset: 0 }) : error;
    });
    for (let frame = await reader.next(); frame; frame = await reader.next()) {
      yield { record: decodeRecord(frame.metadata), body: frame.body, position: { segment, offset: frame.offset } };
    }
    end = { position: { segment, offset: reader.end }, torn: reader.size - reader.end, version: reader.version };
  }
  ended?.(end);
}
