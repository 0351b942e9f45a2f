import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StateError } from '../core/errors.ts';
import { decodeFrameHead, decodeHeader, FORMAT_VERSION, FRAME_HEAD_BYTES, HEADER_BYTES, isWhole } from './frame.ts';

/** Where something is in a page log. Segments count from 1. */
export interface LogPosition {
  readonly segment: number;
  readonly offset: number;
}

/** Metadata and body of one frame. The bytes stay valid. */
export interface Frame {
  readonly metadata: Buffer;
  readonly body: Buffer;
  readonly offset: number;
}

const CHUNK_BYTES = 256 * 1024;
const NAME = /^(\d{6,})\.pages$/;

/** The file of a segment. */
export function segmentPath(dir: string, segment: number): string {
  return join(dir, `${String(segment).padStart(6, '0')}.pages`);
}

/** Number of the last segment of a log; 0 where there is none. */
export async function lastSegment(dir: string): Promise<number> {
  const numbers = (await readdir(dir)).flatMap((name) => Number(NAME.exec(name)?.[1] ?? 0));
  return Math.max(0, ...numbers);
}

/** Reads one segment from front to back. Holds one chunk of the file at a time (invariant 10). */
export class SegmentReader implements AsyncDisposable {
  readonly #file: FileHandle;
  readonly #path: string;
  readonly size: number;
  /** Of the format that the segment was written in; `undefined` where its header is torn. */
  version: number | undefined;
  #chunk: Buffer = Buffer.alloc(0);
  #at = 0;
  /** Offset in the file of the first byte that has not been read as part of a whole frame. */
  #end: number;

  private constructor(file: FileHandle, path: string, size: number, offset: number) {
    this.#file = file;
    this.#path = path;
    this.size = size;
    this.#end = offset;
  }

  /** Opens a segment; `offset` is where a frame begins. */
  static async open(dir: string, segment: number, offset?: number): Promise<SegmentReader> {
    const path = segmentPath(dir, segment);
    const file = await open(path, 'r');
    try {
      const reader = new SegmentReader(file, path, (await file.stat()).size, offset ?? 0);
      if (offset === undefined) await reader.#readHeader();
      return reader;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Where the whole frames that were read end. */
  get end(): number {
    return this.#end;
  }

  /** The next frame; `undefined` at the end or where no whole frame follows: then `end` is less than `size`. */
  async next(): Promise<Frame | undefined> {
    if (this.#end < HEADER_BYTES) return undefined;
    const head = await this.#peek(FRAME_HEAD_BYTES);
    const lengths = head && decodeFrameHead(head);
    if (!lengths) return undefined;
    const bytes = FRAME_HEAD_BYTES + lengths.metadata + lengths.body;
    const frame = await this.#peek(bytes);
    if (!frame) return undefined;
    const bodyAt = FRAME_HEAD_BYTES + lengths.metadata;
    const metadata = frame.subarray(FRAME_HEAD_BYTES, bodyAt);
    const body = frame.subarray(bodyAt);
    if (!isWhole(frame, metadata, body)) return undefined;
    const offset = this.#end;
    this.#at += bytes;
    this.#end += bytes;
    return { metadata, body, offset };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }

  async #readHeader(): Promise<void> {
    const verdict = decodeHeader((await this.#peek(HEADER_BYTES)) ?? Buffer.alloc(0));
    if (verdict === 'torn') return;
    if (verdict === 'foreign') {
      throw new StateError('page_log_corrupt', `${this.#path} does not begin as a page log does.`, {
        hint: 'Move the folder away, or discard the unfinished run, and run again.',
      });
    }
    if (verdict.version > FORMAT_VERSION) {
      throw new StateError('page_log_version', `${this.#path} was written by a newer syncline (page log version ${verdict.version}).`, {
        hint: 'Finish the run with the version that began it, or a newer one.',
      });
    }
    this.version = verdict.version;
    this.#at = HEADER_BYTES;
    this.#end = HEADER_BYTES;
  }

  /** The next bytes of the file without going past them; `undefined` when there are fewer. */
  async #peek(bytes: number): Promise<Buffer | undefined> {
    if (this.#end + bytes > this.size) return undefined;
    const rest = this.#chunk.length - this.#at;
    if (rest < bytes) {
      // A new chunk each time, because frames are views into it.
      const chunk = Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, bytes));
      let filled = this.#chunk.copy(chunk, 0, this.#at);
      while (filled < bytes) {
        const { bytesRead } = await this.#file.read(chunk, filled, chunk.length - filled, this.#end + filled);
        if (bytesRead === 0) return undefined;
        filled += bytesRead;
      }
      this.#chunk = chunk.subarray(0, filled);
      this.#at = 0;
    }
    return this.#chunk.subarray(this.#at, this.#at + bytes);
  }
}
