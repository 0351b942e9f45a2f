import { EntryReader } from './entry-reader.ts';
import { damaged, type LogEntry, type PageEntry } from './log-entry.ts';
import { isWanted, LogStash, type Wanted } from './log-stash.ts';
import { readLog } from './read-log.ts';
import type { EndRecord, LogRecord, ParentPosition, WalkRecord } from './records.ts';

/** What an ordered log is read from. */
export interface OrderedLogOptions {
  readonly dir: string;
  /** Walks that do not count. */
  readonly voided: ReadonlySet<number>;
  /** Bytes of pages that are kept in memory until their turn. Others are read again from their places. */
  readonly keepBytes?: number | undefined;
}

/**
 * Reads a log in the order that the reader wants, whatever order it was written in: goes forward through
 * the files and notes where it passed what comes later. A log that was written in the wanted order is
 * read once, from front to back. What an unfinished log lacks is `undefined`.
 */
export class OrderedLog implements AsyncDisposable {
  readonly #dir: string;
  readonly #voided: ReadonlySet<number>;
  readonly #entries: AsyncGenerator<LogEntry, void>;
  readonly #places: EntryReader;
  readonly #stash: LogStash;

  constructor({ dir, voided, keepBytes = 32 * 1024 * 1024 }: OrderedLogOptions) {
    this.#dir = dir;
    this.#voided = voided;
    this.#entries = readLog(dir);
    this.#places = new EntryReader(dir);
    this.#stash = new LogStash(keepBytes);
  }

  /** The walk of a top-level resource, or the one that starts from a row of a page. */
  async walk(resource: string, parent?: ParentPosition): Promise<WalkRecord | undefined> {
    const entry = await this.#find({ kind: 'walk', resource, parent });
    return entry && (entry.record as WalkRecord);
  }

  /** A page of a walk. Pages are asked for in the order of their indices. */
  async page(walk: number, index: number): Promise<PageEntry | undefined> {
    return (await this.#find({ kind: 'page', walk, index })) as PageEntry | undefined;
  }

  /** The end of a walk, after which nothing of it is asked for. */
  async end(walk: number): Promise<EndRecord | undefined> {
    const entry = await this.#find({ kind: 'end', walk });
    if (entry) this.#stash.forget(walk);
    return entry && (entry.record as EndRecord);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#entries.return();
    await this.#places[Symbol.asyncDispose]();
  }

  async #find(wanted: Wanted): Promise<LogEntry | undefined> {
    const passed = this.#stash.take(wanted);
    if (passed) return 'record' in passed ? passed : await this.#again(passed, wanted);
    while (!this.#stash.rulesOut(wanted)) {
      const { value: entry } = await this.#entries.next();
      if (!entry) return undefined;
      if (this.#isVoid(entry.record)) continue;
      if (isWanted(entry.record, wanted)) return entry;
      this.#stash.put(entry);
    }
    return undefined;
  }

  async #again(position: LogEntry['position'], wanted: Wanted): Promise<LogEntry> {
    const entry = await this.#places.read(position);
    if (!isWanted(entry.record, wanted)) throw damaged(this.#dir, position);
    return entry;
  }

  #isVoid(record: LogRecord): boolean {
    return 'walk' in record && this.#voided.has(record.walk);
  }
}
