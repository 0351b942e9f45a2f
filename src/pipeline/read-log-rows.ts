import type { Json } from '../core/json.ts';
import type { Resource, Row, RowReader, WalkProgress } from '../core/source.ts';
import { OrderedLog } from '../page-log/ordered-log.ts';
import { childKey, type PageRecord, type WalkBeginning, type WalkRecord } from '../page-log/records.ts';
import { addTotal, noFacts } from '../page-log/walk-facts.ts';
import { DuplicateKeys, keyColumns } from './duplicate-keys.ts';
import type { RunTally } from './run-tally.ts';

/** Which pages are read, and what is noted meanwhile. */
export interface LogRowsOptions {
  readonly dir: string;
  readonly walked: readonly Resource[];
  /** Walks that do not count. */
  readonly voided: ReadonlySet<number>;
  readonly tally: RunTally;
  /** Bytes of pages that came before their turn and are kept in memory. */
  readonly keepBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Receives the rows of a page. */
type Take = (resource: Resource, rows: readonly Row[]) => Promise<void> | void;

/** What is known when a log has been read. */
export interface LogReading {
  /** How far the incremental cursors of the walks that have ended have come, by resource. */
  readonly progress: ReadonlyMap<string, readonly WalkProgress[]>;
  /** What the readers of the walks that have not ended remember, by walk. */
  readonly snapshots: ReadonlyMap<number, Json | undefined>;
}

/**
 * Gives `take` the rows of every page of a log, a page at a time (invariant 10): a walk's pages in order,
 * and everything below a page's rows before the next page, whatever order the pages came in. Of a log
 * that is not complete, those are the pages that nothing is missing before. Rows that were read from an
 * earlier log are not given again.
 */
export async function readLogRows(options: LogRowsOptions, take: Take): Promise<LogReading> {
  await using log = new OrderedLog(options);
  const reading = new LogRows(options, log, take);
  for (const resource of options.walked) {
    if (resource.parent !== undefined) continue;
    const walk = await log.walk(resource.name);
    if (walk) await reading.walk(resource, walk);
  }
  return reading;
}

/** A walk as it is read. */
interface ReadWalk {
  readonly resource: Resource;
  readonly record: WalkRecord;
  readonly reader: RowReader;
}

class LogRows implements LogReading {
  readonly progress: ReadonlyMap<string, WalkProgress[]>;
  readonly snapshots = new Map<number, Json | undefined>();
  readonly #options: LogRowsOptions;
  readonly #log: OrderedLog;
  readonly #take: Take;
  readonly #children: ReadonlyMap<string, readonly Resource[]>;

  constructor(options: LogRowsOptions, log: OrderedLog, take: Take) {
    const { walked } = options;
    this.#options = options;
    this.#log = log;
    this.#take = take;
    this.progress = new Map(walked.map(({ name }) => [name, []]));
    this.#children = new Map(walked.map(({ name }) => [name, walked.filter(({ parent }) => parent === name)]));
  }

  async walk(resource: Resource, record: WalkRecord): Promise<void> {
    const { walk, plan, beginning } = record;
    const reader = resource.reader(plan, beginning?.snapshot);
    const total = await this.#pages({ resource, record, reader });
    const end = await this.#log.end(walk);
    if (!end) {
      this.snapshots.set(walk, reader.snapshot());
      return;
    }
    this.#options.tally.walkEnded(resource.name, { reason: end.reason, total });
    const moved = reader.progress();
    if (moved) this.progress.get(resource.name)?.push(moved);
  }

  /** Resolves to the last total that a page told. */
  async #pages(walk: ReadWalk): Promise<number | undefined> {
    const { tally, signal } = this.#options;
    const { resource, record: start, reader } = walk;
    const columns = keyColumns(resource);
    const keys = columns && new DuplicateKeys(columns);
    if (start.beginning) await this.#readPages(walk, start.beginning);
    const told = { ...noFacts(), ...start.beginning?.facts };
    let isLast = start.beginning !== undefined && start.beginning.next === undefined;
    for (let index = start.beginning?.pages ?? 0; !isLast; index += 1) {
      signal?.throwIfAborted();
      const page = await this.#log.page(start.walk, index);
      if (!page) return told.total;
      const { record, body } = page;
      const rows = reader.read({ ...record, body });
      const rowCount = rows.length;
      isLast = record.next === undefined;
      const duplicates = isLast && index === 0 ? 0 : (keys?.count(rows) ?? 0);
      tally.page(resource.name, { ...record, rows: rowCount, bodyBytes: body.length, duplicates });
      await this.#take(resource, rows);
      await this.#below(walk, record, rowCount);
      addTotal(told, record);
    }
    return told.total;
  }

  /** Pages whose rows were read from an earlier log: only walks below them are missing. */
  async #readPages(walk: ReadWalk, { open }: WalkBeginning): Promise<void> {
    const reader = walk.resource.reader(walk.record.plan);
    for (const index of open) {
      const page = await this.#log.page(walk.record.walk, index);
      if (page) await this.#below(walk, page.record, reader.read({ ...page.record, body: page.body }).length);
    }
  }

  async #below({ resource, record: { walk } }: ReadWalk, { index: page, read }: PageRecord, rows: number): Promise<void> {
    const children = this.#children.get(resource.name) ?? [];
    if (children.length === 0) return;
    const ended = new Set(read?.ended);
    for (let row = 0; row < rows; row += 1) {
      for (const child of children) {
        if (ended.has(childKey(row, child.name))) continue;
        const below = await this.#log.walk(child.name, { walk, page, row });
        if (below) await this.walk(child, below);
      }
    }
  }
}
