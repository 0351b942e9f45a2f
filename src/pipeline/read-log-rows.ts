import type { Resource, Row, RowReader, WalkProgress } from '../core/source.ts';
import { OrderedLog } from '../page-log/ordered-log.ts';
import { gapsOfEnd } from '../page-log/walk-gaps.ts';
import type { WalkRecord } from '../page-log/records.ts';
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

/**
 * Gives `take` the rows of every page of a log, a page at a time (invariant 10): a walk's pages in order,
 * and everything below a page's rows before the next page, whatever order the pages came in. Resolves
 * to how far the incremental cursors of the walks have come, by resource.
 */
export async function readLogRows(options: LogRowsOptions, take: Take): Promise<ReadonlyMap<string, readonly WalkProgress[]>> {
  await using log = new OrderedLog(options);
  const reading = new LogRows(options, log, take);
  for (const resource of options.walked) {
    if (resource.parent !== undefined) continue;
    const walk = await log.walk(resource.name);
    if (walk) await reading.walk(resource, walk);
  }
  return reading.progress;
}

class LogRows {
  readonly progress: ReadonlyMap<string, WalkProgress[]>;
  readonly #options: LogRowsOptions;
  readonly #log: OrderedLog;
  readonly #take: Take;
  readonly #children = new Map<string, Resource[]>();

  constructor(options: LogRowsOptions, log: OrderedLog, take: Take) {
    this.#options = options;
    this.#log = log;
    this.#take = take;
    this.progress = new Map(options.walked.map(({ name }) => [name, []]));
    for (const { name } of options.walked) {
      this.#children.set(
        name,
        options.walked.filter(({ parent }) => parent === name),
      );
    }
  }

  async walk(resource: Resource, { walk, plan }: WalkRecord): Promise<void> {
    const { tally } = this.#options;
    const reader = resource.reader(plan);
    const total = await this.#pages(resource, walk, reader);
    const end = await this.#log.end(walk);
    if (!end) return;
    tally.walkEnded(resource.name, { reason: end.reason, gaps: gapsOfEnd(end), total });
    const moved = reader.progress();
    if (moved) this.progress.get(resource.name)?.push(moved);
  }

  /** Resolves to the last total that a page told. */
  async #pages(resource: Resource, walk: number, reader: RowReader): Promise<number | undefined> {
    const { tally, signal } = this.#options;
    const columns = keyColumns(resource);
    const keys = columns && new DuplicateKeys(columns);
    let total: number | undefined;
    for (let index = 0; ; index += 1) {
      signal?.throwIfAborted();
      const page = await this.#log.page(walk, index);
      if (!page) return total;
      const { record, body } = page;
      const rows = reader.read({ ...record, body });
      const rowCount = rows.length;
      const isOnly = index === 0 && record.next === undefined;
      const duplicates = isOnly ? 0 : (keys?.count(rows) ?? 0);
      tally.page(resource.name, { ...record, rows: rowCount, bodyBytes: body.length, duplicates });
      await this.#take(resource, rows);
      await this.#below(resource, rowCount, { walk, page: index });
      total = record.total ?? total;
      if (record.next === undefined) return total;
    }
  }

  async #below({ name }: Resource, rows: number, at: { readonly walk: number; readonly page: number }): Promise<void> {
    const children = this.#children.get(name) ?? [];
    if (children.length === 0) return;
    for (let row = 0; row < rows; row += 1) {
      for (const child of children) {
        const walk = await this.#log.walk(child.name, { ...at, row });
        if (walk) await this.walk(child, walk);
      }
    }
  }
}
