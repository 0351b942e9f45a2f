import type { StopReason } from '../core/paginator.ts';
import type { Checkpoint } from '../core/source.ts';
import type { WalkBeginning } from './records.ts';
import { addFacts, type CountedPage, noFacts, type WalkFacts } from './walk-facts.ts';

/** A page of a walk; `place` is where it can be read. */
export interface ArrivedPage<P> {
  readonly page: CountedPage;
  readonly bodyBytes: number;
  readonly place: P;
}

/**
 * How far a walk has come whose pages arrive in any order. The pages from the first on, up to the first
 * gap or the first page with a `stop`, are its beginning: only they count. Others wait in `ahead`,
 * which is as large as what is asked for side by side.
 */
export interface WalkPages<P> {
  /** Pages of the beginning. */
  pages: number;
  /** Where to go on behind the beginning. */
  next: Checkpoint | undefined;
  /** Why the last page of the beginning is the walk's last. */
  stop: StopReason | undefined;
  /** The last page of the beginning. */
  last: P | undefined;
  /** What the pages of the beginning say. */
  readonly facts: WalkFacts;
  /** Pages beyond the beginning, by index. */
  readonly ahead: Map<number, ArrivedPage<P>>;
}

/** A walk no page of which has come. */
export function noPages<P>(): WalkPages<P> {
  return { pages: 0, next: undefined, stop: undefined, last: undefined, facts: noFacts(), ahead: new Map() };
}

/** A walk no page of which has come since its beginning. */
export function pagesAfter<P>(beginning: WalkBeginning | undefined): WalkPages<P> {
  if (!beginning) return noPages();
  const { pages, next, stop, facts } = beginning;
  return { ...noPages(), pages, next, stop, facts: { ...noFacts(), ...facts } };
}

/** Adds a page and returns those that have joined the beginning, in order. */
export function addPage<P>(walk: WalkPages<P>, arrived: ArrivedPage<P>): ArrivedPage<P>[] {
  walk.ahead.set(arrived.page.index, arrived);
  const joined: ArrivedPage<P>[] = [];
  for (let next = walk.ahead.get(walk.pages); next && walk.stop === undefined; next = walk.ahead.get(walk.pages)) {
    walk.ahead.delete(walk.pages);
    walk.pages += 1;
    walk.next = next.page.next;
    walk.stop = next.page.next === undefined ? (next.page.stop ?? 'next_missing') : undefined;
    walk.last = next.place;
    addFacts(walk.facts, next.page, next.bodyBytes);
    joined.push(next);
  }
  return joined;
}
