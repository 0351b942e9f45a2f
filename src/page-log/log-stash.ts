import type { LogEntry } from './log-entry.ts';
import { packPosition, PositionQueue, unpackPosition } from './position-queue.ts';
import type { LogRecord, ParentPosition } from './records.ts';
import type { LogPosition } from './segment.ts';

/** What is wanted of a log. */
export type Wanted =
  | { readonly kind: 'walk'; readonly resource: string; readonly parent: ParentPosition | undefined }
  | { readonly kind: 'page'; readonly walk: number; readonly index: number }
  | { readonly kind: 'end'; readonly walk: number };

/** An entry that was passed: itself, or where it is. */
export type Passed = LogEntry | LogPosition;

/** Rough size of a record in memory, without its body. */
const RECORD_BYTES = 1024;

/** What was passed of one walk. */
interface WalkStash {
  readonly pages: PositionQueue;
  readonly children: Map<string, number>;
  /** Pages below which nothing more begins, from `at` on. */
  readonly settled: Set<number>;
  /** Index of the page that was wanted last. */
  at: number;
  end: number | undefined;
}

/** What was passed in a log before its turn: positions, and the entries themselves within a budget of bytes. */
export class LogStash {
  readonly #budget: number;
  readonly #top = new Map<string, number>();
  readonly #walks = new Map<number, WalkStash>();
  readonly #kept = new Map<number, LogEntry>();
  #bytes = 0;

  constructor(budget: number) {
    this.#budget = budget;
  }

  /** Notes an entry that is not wanted yet. */
  put(entry: LogEntry): void {
    const { record } = entry;
    const packed = packPosition(entry.position);
    if (record.kind === 'walk') {
      if (record.parent) this.#walk(record.parent.walk).children.set(childName(record.parent, record.resource), packed);
      else this.#top.set(record.resource, packed);
    } else if (record.kind === 'page') this.#walk(record.walk).pages.set(record.index, packed);
    else if (record.kind === 'end') this.#walk(record.walk).end = packed;
    else if (record.kind === 'settled') {
      const walk = this.#walk(record.walk);
      if (record.page >= walk.at) walk.settled.add(record.page);
      return;
    } else return;
    const bytes = entry.body.length + RECORD_BYTES;
    if (this.#bytes + bytes > this.#budget) return;
    this.#bytes += bytes;
    // A body is a view into a larger piece of the file.
    this.#kept.set(packed, { ...entry, body: Buffer.from(entry.body) });
  }

  /** What is wanted, if it was passed. */
  take(wanted: Wanted): Passed | undefined {
    const packed = this.#position(wanted);
    if (packed === undefined) return undefined;
    return this.#release(packed) ?? unpackPosition(packed);
  }

  /** True when what was passed says that the wanted is not in the log. */
  rulesOut(wanted: Wanted): boolean {
    if (wanted.kind === 'page') return this.#walks.get(wanted.walk)?.end !== undefined;
    if (wanted.kind === 'end' || !wanted.parent) return false;
    return this.#walks.get(wanted.parent.walk)?.settled.has(wanted.parent.page) ?? false;
  }

  /** Forgets a walk that has been read. Its pages past the end were never wanted. */
  forget(walk: number): void {
    for (const packed of this.#walks.get(walk)?.pages.rest() ?? []) this.#release(packed);
    this.#walks.delete(walk);
  }

  #release(packed: number): LogEntry | undefined {
    const kept = this.#kept.get(packed);
    if (!kept) return undefined;
    this.#kept.delete(packed);
    this.#bytes -= kept.body.length + RECORD_BYTES;
    return kept;
  }

  #position(wanted: Wanted): number | undefined {
    if (wanted.kind === 'walk') {
      const { parent, resource } = wanted;
      if (!parent) return this.#top.get(resource);
      const children = this.#walks.get(parent.walk)?.children;
      const name = childName(parent, resource);
      const packed = children?.get(name);
      children?.delete(name);
      return packed;
    }
    const walk = this.#walks.get(wanted.walk);
    if (!walk || wanted.kind === 'end') return walk?.end;
    for (; walk.at < wanted.index; walk.at += 1) walk.settled.delete(walk.at);
    return walk.pages.take(wanted.index);
  }

  #walk(walk: number): WalkStash {
    let known = this.#walks.get(walk);
    if (!known) {
      known = { pages: new PositionQueue(), children: new Map(), settled: new Set(), at: 0, end: undefined };
      this.#walks.set(walk, known);
    }
    return known;
  }
}

/** True when a record is the wanted one. */
export function isWanted(record: LogRecord, wanted: Wanted): boolean {
  if (record.kind === 'page') return wanted.kind === 'page' && record.walk === wanted.walk && record.index === wanted.index;
  if (record.kind === 'end') return wanted.kind === 'end' && record.walk === wanted.walk;
  if (record.kind !== 'walk' || wanted.kind !== 'walk' || record.resource !== wanted.resource) return false;
  const [a, b] = [record.parent, wanted.parent];
  return a === b || (a !== undefined && b !== undefined && a.walk === b.walk && a.page === b.page && a.row === b.row);
}

function childName({ page, row }: ParentPosition, resource: string): string {
  return `${page} ${row} ${resource}`;
}
