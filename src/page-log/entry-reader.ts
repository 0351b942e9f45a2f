import { type FileHandle, open } from 'node:fs/promises';
import { decodeFrameHead, FRAME_HEAD_BYTES, isWhole } from './frame.ts';
import { damaged, type LogEntry, type PageEntry } from './log-entry.ts';
import { decodeRecord } from './records.ts';
import { type LogPosition, segmentPath } from './segment.ts';

/** Most pages are not larger. */
const FIRST_READ_BYTES = 32 * 1024;
const MOST_FILES = 16;

/** Reads single entries of a log by their positions. Keeps some files open. */
export class EntryReader implements AsyncDisposable {
  readonly #dir: string;
  /** By segment; the one that was used last is the last. */
  readonly #files = new Map<number, FileHandle>();

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** The entry at a position; a StateError where no whole one begins. */
  async read(position: LogPosition): Promise<LogEntry> {
    const file = await this.#file(position.segment);
    let frame = await readAt(file, position.offset, FIRST_READ_BYTES);
    const lengths = frame.length >= FRAME_HEAD_BYTES ? decodeFrameHead(frame) : undefined;
    if (!lengths) throw damaged(this.#dir, position);
    const bodyAt = FRAME_HEAD_BYTES + lengths.metadata;
    const bytes = bodyAt + lengths.body;
    if (frame.length < bytes) frame = await readAt(file, position.offset, bytes);
    const metadata = frame.subarray(FRAME_HEAD_BYTES, bodyAt);
    const body = frame.subarray(bodyAt, bytes);
    if (frame.length < bytes || !isWhole(frame, metadata, body)) throw damaged(this.#dir, position);
    return { record: decodeRecord(metadata), body, position };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(Array.from(this.#files.values(), (file) => file.close()));
    this.#files.clear();
  }

  async #file(segment: number): Promise<FileHandle> {
    const known = this.#files.get(segment);
    this.#files.delete(segment);
    const file = known ?? (await open(segmentPath(this.#dir, segment), 'r'));
    this.#files.set(segment, file);
    const [oldest] = this.#files;
    if (oldest && this.#files.size > MOST_FILES) {
      this.#files.delete(oldest[0]);
      await oldest[1].close();
    }
    return file;
  }
}

/** Up to so many bytes; fewer at the end of the file. */
async function readAt(file: FileHandle, offset: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(bytes);
  let filled = 0;
  while (filled < bytes) {
    const { bytesRead } = await file.read(buffer, filled, bytes - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

/** The page that is at a position of a log. */
export async function readPage(dir: string, position: LogPosition): Promise<PageEntry> {
  await using reader = new EntryReader(dir);
  const { record, body } = await reader.read(position);
  if (record.kind !== 'page') throw damaged(dir, position);
  return { record, body };
}
