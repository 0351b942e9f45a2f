import { existsSync } from 'node:fs';
import type { Dataset, LoadInfo, LoadTransaction, OpenOptions, Restored, RunRow } from '../../core/destination.ts';
import { quoteName as q } from '../sql/quote.ts';
import { isCommitted, restore } from '../sql/restore.ts';
import { findRun } from '../sql/runs.ts';
import { SYSTEM_TABLES, type SystemReader } from '../sql/system-reader.ts';
import { runRow } from '../sql/system-rows.ts';
import { completeColumns } from '../sql/table-chain.ts';
import { OpenLoads } from '../open-loads.ts';
import { UnderWay } from '../under-way.ts';
import { Catalog, type Place } from './catalog.ts';
import { insertSystemRow } from './insert-system-row.ts';
import type { InstanceLease } from './instance.ts';
import { DuckDbLoad } from './load.ts';
import { createPatience } from './patience.ts';
import { Session } from './session.ts';

/** What a dataset is made from. */
export interface DatasetOptions {
  /** The database file, for messages and to see whether it is there. */
  readonly file: string;
  /** Name of the schema. */
  readonly dataset: string;
  readonly now: () => Date;
  /** The memory that DuckDB gets to write so many columns; `undefined` for all that it takes itself. */
  readonly limitFor: (columns: number) => string | undefined;
  /** Opens the database. */
  readonly lease: () => Promise<InstanceLease>;
  /** The database lives in memory: there is no file to look for. */
  readonly inMemory: boolean;
  /** What to do while another process has the file. */
  readonly waiting: OpenOptions;
  /** Called when the dataset was closed. */
  readonly closed: () => void;
}

/** A schema of a DuckDB database. */
export class DuckDbDataset implements Dataset {
  readonly #options: DatasetOptions;
  #lease: Promise<InstanceLease> | undefined;
  readonly #loads = new OpenLoads();
  readonly #underWay = new UnderWay();
  readonly #closing = new AbortController();

  constructor(options: DatasetOptions) {
    this.#options = options;
  }

  restore(pipeline: string, schema: string): Promise<Restored | undefined> {
    return this.#read((reader) => restore(reader, pipeline, schema));
  }

  async isCommitted(loadId: string): Promise<boolean> {
    return (await this.#read((reader) => isCommitted(reader, loadId))) ?? false;
  }

  findRun(pipeline: string, runId: string): Promise<RunRow | undefined> {
    return this.#read((reader) => findRun(reader, pipeline, runId));
  }

  recordRun(run: RunRow): Promise<void> {
    return this.#underWay.track(async () => {
      const session = await this.#connect();
      try {
        await session.run('BEGIN TRANSACTION');
        const catalog = await Catalog.open(session, { catalog: await catalogOf(session), schema: this.#options.dataset });
        const row = runRow(run);
        await catalog.ensure(row.table.name, completeColumns(row.table));
        await insertSystemRow(session, catalog, row);
        await session.run('COMMIT');
      } finally {
        await session.close();
      }
    });
  }

  begin(load: LoadInfo): Promise<LoadTransaction> {
    return this.#underWay.track(async () => {
      const session = await this.#connect();
      try {
        const place = { catalog: await catalogOf(session), schema: this.#options.dataset };
        const { now, limitFor } = this.#options;
        return this.#loads.add(await DuckDbLoad.begin({ session, place, load, now, limitFor }));
      } catch (error) {
        await session.close();
        throw error;
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#underWay.settled();
    await this.#loads.rollback();
    const lease = await this.#lease;
    this.#lease = undefined;
    lease?.release();
    this.#options.closed();
  }

  /** Reads with a connection of its own. A database that is not there yet is not made: nothing is read. */
  #read<T>(action: (reader: SystemReader) => Promise<T>): Promise<T | undefined> {
    const { file, inMemory, dataset } = this.#options;
    return this.#underWay.track(async () => {
      if (this.#lease === undefined && !inMemory && !existsSync(file)) return undefined;
      const session = await this.#connect();
      try {
        return await action(await systemReader(session, { catalog: await catalogOf(session), schema: dataset }));
      } finally {
        await session.close();
      }
    });
  }

  /** Connects, as soon as no other process has the file. */
  async #connect(): Promise<Session> {
    const patience = createPatience(this.#options.waiting, this.#closing.signal);
    for (;;) {
      const opening = (this.#lease ??= this.#options.lease());
      let lease: InstanceLease;
      try {
        lease = await opening;
      } catch (error) {
        // The next use tries again, whatever comes of this one.
        if (this.#lease === opening) this.#lease = undefined;
        await patience(error);
        continue;
      }
      return Session.open(lease.instance, this.#options.file);
    }
  }
}

/** The name that DuckDB gave the database: not always that of the file. */
async function catalogOf(session: Session): Promise<string> {
  const [row] = await session.rows('SELECT current_database()');
  return String(row?.[0]);
}

/** Reads the system tables that are there. Names are compared without case, as DuckDB does. */
async function systemReader(session: Session, place: Place): Promise<SystemReader> {
  const rows = await session.rows(
    'SELECT lower(table_name) FROM duckdb_tables() WHERE database_name = $1 AND lower(schema_name) = lower($2)',
    [place.catalog, place.schema],
  );
  const names = new Set(rows.map(([name]) => String(name)));
  return {
    tables: new Set(SYSTEM_TABLES.filter((name) => names.has(name))),
    qualified: (table) => [place.catalog, place.schema, table].map(q).join('.'),
    rows: (sql, values) => session.rows(sql, values),
  };
}
