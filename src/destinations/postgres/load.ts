import type { ColumnBatch } from '../../core/column-batch.ts';
import type { FinalLoad, LoadInfo, LoadTransaction } from '../../core/destination.ts';
import { DestinationError } from '../../core/errors.ts';
import type { SchemaChange } from '../../core/schema.ts';
import { LOADS_TABLE, VERSION_TABLE } from '../../core/system-tables.ts';
import { quoteName as q } from '../sql/quote.ts';
import { runRow } from '../sql/runs.ts';
import { loadRow, stateRow, systemTablesOf, versionRow } from '../sql/system-rows.ts';
import { completeColumns } from '../sql/table-chain.ts';
import { Catalog } from './catalog.ts';
import { insertSystemRow } from './insert-system-row.ts';
import { LoadTables } from './load-tables.ts';
import type { Session } from './session.ts';

/** What a load is made from. The session is the load's own, and its transaction has begun. */
export interface LoadOptions {
  readonly session: Session;
  readonly dataset: string;
  readonly load: LoadInfo;
  readonly now: () => Date;
}

/**
 * A load as one transaction of Postgres. Rows are copied into their tables at once, or into temporary
 * tables when they are merged or their table has to be altered: that locks it, so it waits for the commit.
 */
export class PostgresLoad implements LoadTransaction {
  readonly #options: LoadOptions;
  readonly #catalog: Catalog;
  readonly #tables: LoadTables;
  #isOpen = true;
  /** What failed: the transaction takes nothing more after it. */
  #failure: unknown;

  private constructor(options: LoadOptions, catalog: Catalog) {
    this.#options = options;
    this.#catalog = catalog;
    this.#tables = new LoadTables({ ...options, catalog });
  }

  /** Reads what tables there are, and deletes what the load replaces. */
  static async begin(options: LoadOptions): Promise<PostgresLoad> {
    const load = new PostgresLoad(options, await Catalog.open(options.session, options.dataset));
    for (const root of options.load.replaced) await load.#tables.replace(root);
    return load;
  }

  migrate(changes: readonly SchemaChange[]): Promise<void> {
    return this.#step(async () => {
      for (const change of changes) await this.#tables.migrate(change);
    });
  }

  write(batch: ColumnBatch): Promise<void> {
    return this.#step(() => this.#tables.write(batch));
  }

  commit(final: FinalLoad): Promise<void> {
    return this.#step(async () => {
      const { session, load, now } = this.#options;
      await this.#tables.flush();
      if (this.#catalog.find(LOADS_TABLE) !== undefined && (await this.#knows(LOADS_TABLE, 'load_id', load.loadId))) {
        await this.rollback();
        return;
      }
      for (const table of systemTablesOf(final)) await this.#catalog.ensure(table.name, completeColumns(table));
      await this.#tables.apply(final.schema);
      if (!(await this.#knows(VERSION_TABLE, 'version_hash', final.schema.version_hash)))
        await insertSystemRow(session, this.#catalog, versionRow(final.schema, now()));
      if (final.state !== undefined) await insertSystemRow(session, this.#catalog, stateRow(final.state, load, now()));
      if (final.parentCursors !== undefined)
        await this.#tables.applyCursors(final.parentCursors, { pipeline: load.pipeline, source: final.schema.name });
      if (final.run !== undefined) await insertSystemRow(session, this.#catalog, runRow(final.run));
      await insertSystemRow(session, this.#catalog, loadRow(final, load, now()));
      await session.commit();
      this.#isOpen = false;
      await session.close();
    });
  }

  async rollback(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    // Closing the connection undoes what it has not committed, whatever state its transaction is in.
    await this.#options.session.close();
  }

  async #knows(table: string, column: string, value: string): Promise<boolean> {
    const sql = `SELECT 1 FROM ${this.#catalog.qualified(table)} WHERE ${q(column)} = $1 LIMIT 1`;
    return (await this.#options.session.rows(sql, [value])).length > 0;
  }

  /** Does one thing of the transaction; after a failure nothing but `rollback` is possible. */
  async #step(action: () => Promise<void>): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    if (!this.#isOpen) {
      throw new DestinationError('load_ended', `Load ${this.#options.load.loadId} was committed or rolled back already.`, {
        hint: 'Begin a new load.',
      });
    }
    try {
      await action();
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }
}
