import { StateError } from '../core/errors.ts';
import type { StopReason } from '../core/paginator.ts';
import type { Checkpoint, WalkPlan } from '../core/source.ts';
import { type LogEnd, readLog } from './read-log.ts';
import type { LogRecord, PageRecord, ParentPosition, RunRecord } from './records.ts';
import type { LogPosition } from './segment.ts';

/** A page whose rows start other walks that have not all ended. */
export interface OpenPage {
  readonly page: number;
  readonly position: LogPosition;
  /** Walks that were begun from its rows, by {@link childKey}. */
  readonly children: Map<string, WalkIndex | 'ended'>;
}

/** What a log knows of a walk that has not ended. */
export interface WalkIndex {
  readonly walk: number;
  readonly resource: string;
  readonly plan: WalkPlan;
  readonly parent: ParentPosition | undefined;
  /** Pages that are whole in the log. */
  pages: number;
  /** What the pages say of the data selector. */
  readonly selector: SelectorFacts;
  /** Where to go on. */
  next: Checkpoint | undefined;
  /** The last page is there: only walks below this one may be missing. */
  stop: StopReason | undefined;
  lastPage: LogPosition | undefined;
  readonly open: OpenPage[];
}

/** Counts that tell whether a data selector ever matched. */
export interface SelectorFacts {
  missed: number;
  matched: number;
  /** A total of the API said that there is nothing. */
  empty: boolean;
}

/**
 * What a log holds, made from the log alone. Walks that have ended with everything below them are
 * forgotten, so it grows with the rows of one page and the depth of the resources, not with the log.
 */
export interface LogIndex {
  readonly run: RunRecord;
  /** Walks of top-level resources, by resource. */
  readonly walks: ReadonlyMap<string, WalkIndex | 'ended'>;
  readonly nextWalk: number;
  /** Whole pages, by resource. */
  readonly pages: ReadonlyMap<string, number>;
  /** Walks that do not count. */
  readonly voided: ReadonlySet<number>;
  /** Resources with a walk that ended with `limit_reached`. */
  readonly limited: ReadonlySet<string>;
  readonly complete: boolean;
  readonly end: LogEnd;
}

/** Names the walk of a resource that starts from a row of a page. */
export function childKey(row: number, resource: string): string {
  return `${row} ${resource}`;
}

/** Counts one page. An empty body says nothing of the selector. */
export function addSelectorFacts(facts: SelectorFacts, page: Pick<PageRecord, 'selectorMissed' | 'total'>, bodyBytes: number): void {
  if (page.total === 0) facts.empty = true;
  if (bodyBytes === 0) return;
  if (page.selectorMissed) facts.missed += 1;
  else facts.matched += 1;
}

/** Reads a log and says what is there; `undefined` when not even its first record is whole. */
export async function indexLog(dir: string): Promise<LogIndex | undefined> {
  const index = new Indexer();
  let end: LogEnd | undefined;
  const entries = readLog(dir, (at) => {
    end = at;
  });
  for await (const { record, position, body } of entries) index.add(record, position, body.length);
  return index.run && end && { ...index.facts(), run: index.run, end };
}

class Indexer {
  run: RunRecord | undefined;
  readonly #top = new Map<string, WalkIndex | 'ended'>();
  readonly #open = new Map<number, { readonly index: WalkIndex; readonly branches: boolean }>();
  readonly #pages = new Map<string, number>();
  readonly #voided = new Set<number>();
  readonly #limited = new Set<string>();
  #nextWalk = 0;
  #complete = false;

  facts(): Omit<LogIndex, 'run' | 'end'> {
    return {
      walks: this.#top,
      nextWalk: this.#nextWalk,
      pages: this.#pages,
      voided: this.#voided,
      limited: this.#limited,
      complete: this.#complete,
    };
  }

  add(record: LogRecord, position: LogPosition, bodyBytes: number): void {
    switch (record.kind) {
      case 'run':
        this.run = record;
        return;
      case 'walk':
        this.#beginWalk(
          {
            walk: record.walk,
            resource: record.resource,
            plan: record.plan,
            parent: record.parent,
            pages: 0,
            selector: { missed: 0, matched: 0, empty: false },
            next: undefined,
            stop: undefined,
            lastPage: undefined,
            open: [],
          },
          record.branches ?? false,
        );
        return;
      case 'page':
        this.#addPage(record, position, bodyBytes);
        return;
      case 'settled': {
        const { open } = this.#walk(record.walk).index;
        const at = open.findIndex(({ page }) => page === record.page);
        if (at >= 0) open.splice(at, 1);
        return;
      }
      case 'end': {
        const { index } = this.#walk(record.walk);
        if (record.reason === 'limit_reached') this.#limited.add(index.resource);
        this.#mark(index, 'ended');
        return;
      }
      case 'void': {
        const { index } = this.#walk(record.walk);
        for (const [resource, known] of this.#top) if (known === index) this.#top.delete(resource);
        this.#open.delete(record.walk);
        this.#pages.set(index.resource, (this.#pages.get(index.resource) ?? 0) - index.pages);
        this.#voided.add(record.walk);
        return;
      }
      case 'complete':
        this.#complete = true;
    }
  }

  #walk(number: number): { readonly index: WalkIndex; readonly branches: boolean } {
    const walk = this.#open.get(number);
    if (walk) return walk;
    throw new StateError('page_log_corrupt', `The page log names walk ${number}, which it did not begin or has ended.`, {
      hint: 'Move the folder away, or discard the unfinished run, and run again.',
    });
  }

  #beginWalk(index: WalkIndex, branches: boolean): void {
    this.#open.set(index.walk, { index, branches });
    this.#nextWalk = Math.max(this.#nextWalk, index.walk + 1);
    this.#mark(index, index);
  }

  #addPage(record: PageRecord, position: LogPosition, bodyBytes: number): void {
    const { index, branches } = this.#walk(record.walk);
    index.pages = record.index + 1;
    index.next = record.next;
    index.stop = record.stop;
    index.lastPage = position;
    addSelectorFacts(index.selector, record, bodyBytes);
    if (branches) index.open.push({ page: record.index, position, children: new Map() });
    this.#pages.set(index.resource, (this.#pages.get(index.resource) ?? 0) + 1);
  }

  /** Notes at the parent what is known of a walk. */
  #mark(index: WalkIndex, known: WalkIndex | 'ended'): void {
    if (known === 'ended') this.#open.delete(index.walk);
    if (!index.parent) {
      this.#top.set(index.resource, known);
      return;
    }
    const { walk, page, row } = index.parent;
    const from = this.#walk(walk).index.open.find((open) => open.page === page);
    from?.children.set(childKey(row, index.resource), known);
  }
}
