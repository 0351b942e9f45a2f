import type { ColumnBatch } from '../../core/column-batch.ts';
import type { FinalLoad, LoadInfo, LoadTransaction } from '../../core/destination.ts';
import type { SchemaChange } from '../../core/schema.ts';
import { CURSORS_TABLE, LOADS_TABLE, VERSION_TABLE } from '../../core/system-tables.ts';
import { LoadSteps } from '../sql/load-steps.ts';
import { quoteName as q } from '../sql/quote.ts';
import { systemRowsOf, systemTablesOf } from '../sql/system-rows.ts';
import { completeColumns } from '../sql/table-chain.ts';
import { applyCursors } from './apply-cursors.ts';
import { CaseOfNames } from './case-of-names.ts';
import { Catalog, type Place } from './catalog.ts';
import { insertSystemRow } from './insert-system-row.ts';
import { LoadTables } from './load-tables.ts';
import type { Session } from './session.ts';

/** What a load is begun with. The session is the load's own: it is closed with it. */
export interface LoadOptions {
  readonly session: Session;
  readonly place: Place;
  readonly load: LoadInfo;
  readonly now: () => Date;
  readonly limitFor: (columns: number) => string | undefined;
}

/**
 * A load as one transaction of DuckDB. Rows are appended to their tables at once, or staged in
 * temporary tables when they are merged. Whatever deletes or updates waits for the commit: DuckDB
 * refuses to commit a table that was altered after rows of it were.
 */
export class DuckDbLoad implements LoadTransaction {
  readonly #options: LoadOptions;
  readonly #catalog: Catalog;
  readonly #tables: LoadTables;
  readonly #steps: LoadSteps;
  readonly #names: CaseOfNames;

  private constructor(options: LoadOptions, catalog: Catalog) {
    this.#options = options;
    this.#catalog = catalog;
    this.#steps = new LoadSteps(options.load.loadId);
    this.#names = new CaseOfNames(Object.keys(options.load.schema.tables));
    this.#tables = new LoadTables({ ...options, catalog });
  }

  /** Begins the transaction. */
  static async begin(options: LoadOptions): Promise<DuckDbLoad> {
    await options.session.run('BEGIN TRANSACTION');
    const load = new DuckDbLoad(options, await Catalog.open(options.session, options.place));
    for (const root of options.load.replaced) await load.#tables.replace(root);
    return load;
  }

  migrate(changes: readonly SchemaChange[]): Promise<void> {
    return this.#steps.run(async () => {
      for (const change of changes) {
        this.#names.add(change.table);
        await this.#tables.migrate(change);
      }
    });
  }

  write(batch: ColumnBatch): Promise<void> {
    return this.#steps.run(() => this.#tables.write(batch));
  }

  commit(final: FinalLoad): Promise<void> {
    return this.#steps.run(async () => {
      if (await this.#isCommitted()) {
        await this.rollback();
        return;
      }
      await this.#tables.flush();
      // Tables get their columns before anything is deleted or updated.
      for (const table of systemTablesOf(final)) await this.#catalog.ensure(table.name, completeColumns(table));
      await this.#tables.apply(final.schema);
      const { session, load, now } = this.#options;
      if (final.parentCursors !== undefined) {
        const owner = { pipeline: load.pipeline, source: final.schema.name };
        await applyCursors(session, final.parentCursors, { owner, target: this.#catalog.qualified(CURSORS_TABLE) });
      }
      const hasSchema = await this.#knows(VERSION_TABLE, 'version_hash', final.schema.version_hash);
      for (const row of systemRowsOf(final, { load, now: now(), hasSchema })) await insertSystemRow(session, this.#catalog, row);
      await session.run('COMMIT');
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
    await this.#options.session.close(() => this.#tables.discard());
  }

  async #isCommitted(): Promise<boolean> {
    return this.#catalog.find(LOADS_TABLE) !== undefined && this.#knows(LOADS_TABLE, 'load_id', this.#options.load.loadId);
  }

  async #knows(table: string, column: string, value: string): Promise<boolean> {
    const rows = await this.#options.session.rows(`SELECT 1 FROM ${this.#catalog.qualified(table)} WHERE ${q(column)} = $1 LIMIT 1`, [
      value,
    ]);
    return rows.length > 0;
  }
}
