import type { WalkedPage } from '../core/source.ts';

/** Counts that tell whether a data selector ever matched. */
export interface SelectorFacts {
  missed: number;
  matched: number;
  /** A total of the API said that there is nothing. */
  empty: boolean;
}

/** What the pages of a walk say of all its rows. */
export interface TotalFacts {
  /** The last total that a page told. */
  total: number | undefined;
  /** The greatest total that stood where the paginator reads it. */
  greatest: number | undefined;
  /** How far a later total fell below it. */
  shrunk: number;
}

/** What the pages of a walk say of the walk, in the order of the pages. Plain JSON. */
export interface WalkFacts extends TotalFacts {
  readonly selector: SelectorFacts;
  /** Records that the selector found. */
  rows: number;
  /** The selector may leave records out, so that the rows cannot be held against a total. */
  picks: boolean;
  /** Where the last page announces a next one that is not followed. */
  unfollowed: string | undefined;
  /** The last page is full and nothing pages. */
  full: boolean;
  /** Requests beyond the end that brought no page. */
  pastEnd: number;
}

/** What counts of a page. */
export type CountedPage = Pick<
  WalkedPage,
  'index' | 'next' | 'stop' | 'rowCount' | 'selector' | 'selectorMissed' | 'total' | 'totalIsGuess' | 'unfollowed' | 'full' | 'pastEnd'
>;

/** Filters, slices and positions: what a JSONPath picks some records with. */
const PICKS = /\?|\[\s*-?\d|:/;

/** The facts of a walk without pages. */
export function noFacts(): WalkFacts {
  return {
    selector: { missed: 0, matched: 0, empty: false },
    rows: 0,
    picks: false,
    total: undefined,
    greatest: undefined,
    shrunk: 0,
    unfollowed: undefined,
    full: false,
    pastEnd: 0,
  };
}

/** Counts one page. An empty body says nothing of the selector. */
export function addSelectorFacts(facts: SelectorFacts, page: Pick<WalkedPage, 'selectorMissed' | 'total'>, bodyBytes: number): void {
  if (page.total === 0) facts.empty = true;
  if (bodyBytes === 0) return;
  if (page.selectorMissed) facts.missed += 1;
  else facts.matched += 1;
}

/** Adds the next page of a walk. */
export function addFacts(facts: WalkFacts, page: CountedPage, bodyBytes: number): void {
  addSelectorFacts(facts.selector, page, bodyBytes);
  facts.rows += page.rowCount;
  facts.picks ||= PICKS.test(page.selector);
  facts.unfollowed = page.unfollowed;
  facts.full = page.full ?? false;
  facts.pastEnd += page.pastEnd ?? 0;
  addTotal(facts, page);
}

/** Adds what the next page of a walk says of all the rows. A guess counts until a page tells a total where the paginator reads it. */
export function addTotal(facts: TotalFacts, page: Pick<WalkedPage, 'total' | 'totalIsGuess'>): void {
  if (page.total === undefined || (page.totalIsGuess && facts.greatest !== undefined)) return;
  facts.total = page.total;
  if (page.totalIsGuess) return;
  facts.greatest = Math.max(page.total, facts.greatest ?? 0);
  facts.shrunk = Math.max(facts.shrunk, facts.greatest - page.total);
}
