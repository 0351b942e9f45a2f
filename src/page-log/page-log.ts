import { type FileHandle, mkdir, open, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StateError } from '../core/errors.ts';
import { encodeFrame, encodeHeader, FORMAT_VERSION, HEADER_BYTES } from './frame.ts';
import type { LogEnd } from './read-log.ts';
import { encodeRecord, type LogRecord, type RunRecord } from './records.ts';
import { segmentPath } from './segment.ts';
import { syncDirectory } from './sync-directory.ts';

/** How a page log is written. */
export interface PageLogOptions {
  /** Bytes that may wait to be written before `append` waits too. */
  readonly queueBytes?: number;
  /** A segment that has more is followed by a new one. */
  readonly segmentBytes?: number;
  /** Longest time in milliseconds that written bytes may stay where a power loss takes them. */
  readonly syncMs?: number;
}

const NOTHING = new Uint8Array(0);

/**
 * The pages of one run, appended to files that only the owner can read. Writing goes on behind
 * `append`, within `queueBytes`; what was written is synced each `syncMs` and by `flush` and `close`.
 * After a failed write every call rejects with that failure; what is on disk stays.
 */
export class PageLog implements AsyncDisposable {
  readonly dir: string;
  readonly #queueBytes: number;
  readonly #segmentBytes: number;
  readonly #syncMs: number;
  #file: FileHandle | undefined;
  #segment: number;
  #offset: number;
  #queue: Uint8Array[] = [];
  #queued = 0;
  #pumping: Promise<void> | undefined;
  #syncWanted = false;
  #syncTimer: NodeJS.Timeout | undefined;
  #failure: StateError | undefined;

  private constructor(dir: string, end: LogEnd['position'], options: PageLogOptions) {
    this.dir = dir;
    this.#segment = end.segment;
    this.#offset = end.offset;
    this.#queueBytes = options.queueBytes ?? 8 * 1024 * 1024;
    this.#segmentBytes = options.segmentBytes ?? 64 * 1024 * 1024;
    this.#syncMs = options.syncMs ?? 1000;
  }

  /** Makes the folder of a new run and writes its first record to disk. */
  static async create(dir: string, run: RunRecord, options: PageLogOptions = {}): Promise<PageLog> {
    const log = new PageLog(dir, { segment: 1, offset: 0 }, options);
    try {
      await mkdir(dir, { recursive: true, mode: 0o700 });
      await log.#openSegment();
      await syncDirectory(dirname(dir));
    } catch (error) {
      throw writeFailed(dir, error);
    }
    await log.append(run);
    await log.flush();
    return log;
  }

  /**
   * Goes on with a log behind its last whole record: a torn one is cut off. What is behind a segment of an
   * older format goes into a new one, so that no segment says that it is older than it is.
   */
  static async resume(dir: string, end: LogEnd, options: PageLogOptions = {}): Promise<PageLog> {
    const { segment, offset } = end.position;
    const isOld = end.version !== undefined && end.version !== FORMAT_VERSION;
    const log = new PageLog(dir, isOld ? { segment: segment + 1, offset: 0 } : end.position, options);
    try {
      if (end.torn > 0) await truncate(segmentPath(dir, segment), offset);
      await log.#openSegment();
    } catch (error) {
      throw writeFailed(dir, error);
    }
    return log;
  }

  /**
   * Queues a record and the body that belongs to it, which must not change any more. Resolves when
   * there is room for another.
   */
  async append(record: LogRecord, body: Uint8Array = NOTHING): Promise<void> {
    const head = encodeFrame(encodeRecord(record), body);
    this.#queue.push(head);
    if (body.length > 0) this.#queue.push(body);
    this.#queued += head.length + body.length;
    const written = this.#pump();
    if (this.#queued > this.#queueBytes) await written;
    if (this.#failure) throw this.#failure;
  }

  /** Resolves when all that was appended is on disk. */
  async flush(): Promise<void> {
    await this.#pump();
    this.#syncWanted = true;
    await this.#pump();
    if (this.#failure) throw this.#failure;
  }

  /** Flushes and closes the file. */
  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      clearTimeout(this.#syncTimer);
      await this.#file?.close();
      this.#file = undefined;
    }
  }

  /** Closes the file and keeps silent about a failure that `append` told already. */
  async [Symbol.asyncDispose](): Promise<void> {
    const told = this.#failure;
    await this.close().catch((error: unknown) => {
      if (error !== told) throw error;
    });
  }

  #pump(): Promise<void> {
    if (this.#failure) return Promise.resolve();
    this.#pumping ??= this.#work();
    return this.#pumping;
  }

  async #work(): Promise<void> {
    try {
      // `#pumping` must be set before this ends; and the caller may queue more for the first write.
      await Promise.resolve();
      while (this.#file && (this.#syncWanted || this.#queue.length > 0)) {
        if (this.#syncWanted) await this.#sync();
        else await this.#write(this.#file);
      }
    } catch (error) {
      this.#failure = writeFailed(this.dir, error);
    }
    // In the same turn as the loop's last look at the queue: nothing can be queued in between.
    this.#pumping = undefined;
  }

  async #write(file: FileHandle): Promise<void> {
    if (this.#offset > HEADER_BYTES && this.#offset >= this.#segmentBytes) {
      await this.#nextSegment();
      return;
    }
    const buffers = this.#queue.splice(0);
    const bytes = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
    await writeAll(file, buffers);
    this.#offset += bytes;
    this.#queued -= bytes;
    this.#syncTimer ??= setTimeout(() => {
      this.#syncWanted = true;
      void this.#pump();
    }, this.#syncMs).unref();
  }

  async #sync(): Promise<void> {
    clearTimeout(this.#syncTimer);
    this.#syncTimer = undefined;
    this.#syncWanted = false;
    await this.#file?.datasync();
  }

  /** Only the last segment may end in a torn record, so the old one goes to disk first. */
  async #nextSegment(): Promise<void> {
    await this.#sync();
    await this.#file?.close();
    this.#file = undefined;
    this.#segment += 1;
    this.#offset = 0;
    await this.#openSegment();
  }

  async #openSegment(): Promise<void> {
    this.#file = await open(segmentPath(this.dir, this.#segment), 'a', 0o600);
    if (this.#offset >= HEADER_BYTES) return;
    const header = encodeHeader();
    await writeAll(this.#file, [header]);
    this.#offset = header.length;
    await syncDirectory(this.dir);
  }
}

/** Writes buffers whole: one call may write a part only. */
async function writeAll(file: FileHandle, buffers: Uint8Array[]): Promise<void> {
  let first = 0;
  while (first < buffers.length) {
    let { bytesWritten } = await file.writev(first === 0 ? buffers : buffers.slice(first));
    for (let buffer = buffers[first]; buffer && bytesWritten >= buffer.length; buffer = buffers[first]) {
      bytesWritten -= buffer.length;
      first += 1;
    }
    const partly = buffers[first];
    if (partly) buffers[first] = partly.subarray(bytesWritten);
  }
}

function writeFailed(dir: string, cause: unknown): StateError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return new StateError('page_log_write', `Cannot write the page log in ${dir}: ${full ? 'the disk is full' : message}.`, {
    hint: full
      ? 'Free some space and run again: the pages that were written are kept.'
      : 'See that the work directory can be written, and run again: the pages that were written are kept.',
    retryable: true,
    cause,
  });
}
