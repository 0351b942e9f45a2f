import { StateError } from '../core/errors.ts';
import { addGaps, type Gap, type Gaps } from '../core/gap.ts';
import type { Json } from '../core/json.ts';
import type { WalkPlan } from '../core/source.ts';
import { type LogEnd, readLog } from './read-log.ts';
import { type CarriedRecord, childKey, type LogRecord, type PageRecord, type ParentPosition, type RunRecord } from './records.ts';
import type { LogPosition } from './segment.ts';
import type { CountedPage } from './walk-facts.ts';
import { gapsOfEnd } from './walk-gaps.ts';
import { addPage, pagesAfter, type WalkPages } from './walk-pages.ts';

/** A page whose rows start other walks that have not all ended. */
export interface OpenPage {
  readonly page: number;
  readonly position: LogPosition;
  /** Its rows were read from an earlier log. */
  readonly isRead: boolean;
  /** Walks that were begun from its rows, by {@link childKey}. */
  readonly children: Map<string, WalkIndex | 'ended'>;
}

/** What a log knows of a walk that has not ended. */
export interface WalkIndex extends WalkPages<LogPosition> {
  readonly walk: number;
  readonly resource: string;
  readonly plan: WalkPlan;
  readonly parent: ParentPosition | undefined;
  /** Its rows start other walks. */
  readonly branches: boolean;
  /** What a reader remembers of the pages that earlier logs have. */
  readonly snapshot: Json | undefined;
  /** Pages of the beginning that are open, in order. */
  readonly open: OpenPage[];
}

/**
 * What a log holds, made from the log alone. Walks that have ended with everything below them are
 * forgotten, so it grows with what is under way at once and the rows of the pages that is below, not
 * with the log (invariant 10).
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
  /** What walks that have ended lack, by resource. */
  readonly gaps: Gaps;
  readonly complete: boolean;
  readonly end: LogEnd;
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
  readonly #open = new Map<number, WalkIndex>();
  readonly #pages = new Map<string, number>();
  readonly #voided = new Set<number>();
  readonly #gaps = new Map<string, readonly Gap[]>();
  #nextWalk = 0;
  #complete = false;

  facts(): Omit<LogIndex, 'run' | 'end'> {
    return {
      walks: this.#top,
      nextWalk: this.#nextWalk,
      pages: this.#pages,
      voided: this.#voided,
      gaps: this.#gaps,
      complete: this.#complete,
    };
  }

  add(record: LogRecord, position: LogPosition, bodyBytes: number): void {
    switch (record.kind) {
      case 'run':
        this.run = record;
        return;
      case 'carried':
        this.#carry(record);
        return;
      case 'walk':
        this.#beginWalk({
          walk: record.walk,
          resource: record.resource,
          plan: record.plan,
          parent: record.parent,
          branches: record.branches ?? false,
          snapshot: record.beginning?.snapshot,
          open: [],
          ...pagesAfter(record.beginning),
        });
        return;
      case 'page':
        this.#addPage(record, position, bodyBytes);
        return;
      case 'settled': {
        const { open } = this.#walk(record.walk);
        const at = open.findIndex(({ page }) => page === record.page);
        if (at >= 0) open.splice(at, 1);
        return;
      }
      case 'end': {
        const index = this.#walk(record.walk);
        addGaps(this.#gaps, index.resource, gapsOfEnd(record));
        this.#mark(index, 'ended');
        return;
      }
      case 'void': {
        const index = this.#walk(record.walk);
        for (const [resource, known] of this.#top) if (known === index) this.#top.delete(resource);
        this.#open.delete(record.walk);
        this.#pages.set(index.resource, (this.#pages.get(index.resource) ?? 0) - index.pages - index.ahead.size);
        this.#voided.add(record.walk);
        return;
      }
      case 'complete':
        this.#complete = true;
    }
  }

  #carry({ nextWalk, pages, gaps, ended }: CarriedRecord): void {
    this.#nextWalk = nextWalk;
    for (const [resource, count] of Object.entries(pages)) this.#pages.set(resource, count);
    for (const [resource, ofResource] of Object.entries(gaps)) this.#gaps.set(resource, ofResource);
    for (const resource of ended) this.#top.set(resource, 'ended');
  }

  #walk(number: number): WalkIndex {
    const walk = this.#open.get(number);
    if (walk) return walk;
    throw new StateError('page_log_corrupt', `The page log names walk ${number}, which it did not begin or has ended.`, {
      hint: 'Move the folder away, or discard the unfinished run, and run again.',
    });
  }

  #beginWalk(index: WalkIndex): void {
    this.#open.set(index.walk, index);
    this.#nextWalk = Math.max(this.#nextWalk, index.walk + 1);
    this.#mark(index, index);
  }

  #addPage(record: PageRecord, place: LogPosition, bodyBytes: number): void {
    const index = this.#walk(record.walk);
    if (record.read) {
      const { ended } = record.read;
      const children = new Map((ended ?? []).map((key) => [key, 'ended' as const]));
      if (record.index + 1 === index.pages) index.last = place;
      if (ended) index.open.push({ page: record.index, position: place, isRead: true, children });
      return;
    }
    for (const { page, place: position } of addPage(index, { page: facts(record), bodyBytes, place })) {
      if (index.branches) index.open.push({ page: page.index, position, isRead: false, children: new Map() });
    }
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
    const from = this.#walk(walk).open.find((open) => open.page === page);
    from?.children.set(childKey(row, index.resource), known);
  }
}

/** A page may wait for its turn, so of its record only what counts is kept. */
function facts({ walk: _walk, kind: _kind, url: _url, charset: _charset, ...page }: PageRecord): CountedPage {
  return page;
}
