import type { ColumnBatch } from '../../core/column-batch.ts';
import type { FinalLoad, LoadInfo, LoadTransaction } from '../../core/destination.ts';
import type { SchemaChange } from '../../core/schema.ts';
import { LOADS_TABLE, VERSION_TABLE } from '../../core/system-tables.ts';
import { LoadSteps } from '../sql/load-steps.ts';
import { quoteName as q } from '../sql/quote.ts';
import { systemRowsOf, systemTablesOf } from '../sql/system-rows.ts';
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
  readonly #steps: LoadSteps;

  private constructor(options: LoadOptions, catalog: Catalog) {
    this.#options = options;
    this.#catalog = catalog;
    this.#steps = new LoadSteps(options.load.loadId);
    this.#tables = new LoadTables({ ...options, catalog });
  }

  /** Reads what tables there are, and deletes what the load replaces. */
  static async begin(options: LoadOptions): Promise<PostgresLoad> {
    const load = new PostgresLoad(options, await Catalog.open(options.session, options.dataset));
    for (const root of options.load.replaced) await load.#tables.replace(root);
    return load;
  }

  migrate(changes: readonly SchemaChange[]): Promise<void> {
    return this.#steps.run(async () => {
      for (const change of changes) await this.#tables.migrate(change);
    });
  }

  write(batch: ColumnBatch): Promise<void> {
    return this.#steps.run(() => this.#tables.write(batch));
  }

  commit(final: FinalLoad): Promise<void> {
    return this.#steps.run(async () => {
      const { session, load, now } = this.#options;
      await this.#tables.flush();
      if (this.#catalog.find(LOADS_TABLE) !== undefined && (await this.#knows(LOADS_TABLE, 'load_id', load.loadId))) {
        await this.rollback();
        return;
      }
      await this.#catalog.ensureShared(systemTablesOf(final));
      await this.#tables.apply(final.schema);
      if (final.parentCursors !== undefined)
        await this.#tables.applyCursors(final.parentCursors, { pipeline: load.pipeline, source: final.schema.name });
      const hasSchema = await this.#knows(VERSION_TABLE, 'version_hash', final.schema.version_hash);
      for (const row of systemRowsOf(final, { load, now: now(), hasSchema })) await insertSystemRow(session, this.#catalog, row);
      await session.commit();
      this.#steps.end();
      await session.close();
    });
  }

  /** False once it was committed or rolled back. */
  get isOpen(): boolean {
    return this.#steps.isOpen;
  }

  async rollback(): Promise<void> {
    if (!this.#steps.end()) return;
    // Closing the connection undoes what it has not committed, whatever state its transaction is in.
    await this.#options.session.close();
  }

  async #knows(table: string, column: string, value: string): Promise<boolean> {
    const sql = `SELECT 1 FROM ${this.#catalog.qualified(table)} WHERE ${q(column)} = $1 LIMIT 1`;
    return (await this.#options.session.rows(sql, [value])).length > 0;
  }
}
