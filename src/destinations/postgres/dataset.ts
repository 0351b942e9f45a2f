import type { Dataset, LoadInfo, LoadTransaction, OpenOptions, Restored, RunRow } from '../../core/destination.ts';
import { quoteName as q } from '../sql/quote.ts';
import { isCommitted, restore } from '../sql/restore.ts';
import { findRun } from '../sql/runs.ts';
import { SYSTEM_TABLES, type SystemReader } from '../sql/system-reader.ts';
import { runRow } from '../sql/system-rows.ts';
import { OpenLoads } from '../open-loads.ts';
import { UnderWay } from '../under-way.ts';
import { Catalog } from './catalog.ts';
import type { ConnectionSettings } from './connection-settings.ts';
import { insertSystemRow } from './insert-system-row.ts';
import { lockLoad } from './load-lock.ts';
import { PostgresLoad } from './load.ts';
import { Session } from './session.ts';
import { beginReading, beginTransaction } from './transaction.ts';

/** What a dataset is made from. */
export interface DatasetOptions {
  readonly settings: ConnectionSettings;
  /** Name of the schema. */
  readonly dataset: string;
  readonly now: () => Date;
  /** What to do while another process loads the same. */
  readonly waiting: OpenOptions;
  /** Called when the dataset was closed. */
  readonly closed: () => void;
}

/** A schema of a Postgres database. Every use has a connection of its own: none is held while an API is read. */
export class PostgresDataset implements Dataset {
  readonly #options: DatasetOptions;
  readonly #underWay = new UnderWay();
  readonly #closing = new AbortController();
  readonly #loads = new OpenLoads();

  constructor(options: DatasetOptions) {
    this.#options = options;
  }

  restore(pipeline: string, schema: string): Promise<Restored | undefined> {
    return this.#read((reader) => restore(reader, pipeline, schema));
  }

  isCommitted(loadId: string): Promise<boolean> {
    return this.#read((reader) => isCommitted(reader, loadId));
  }

  findRun(pipeline: string, runId: string): Promise<RunRow | undefined> {
    return this.#read((reader) => findRun(reader, pipeline, runId));
  }

  recordRun(run: RunRow): Promise<void> {
    const { dataset } = this.#options;
    return this.#connected(async (session) => {
      await beginTransaction(session, dataset);
      const catalog = await Catalog.open(session, dataset);
      const row = runRow(run);
      await catalog.ensureShared([row.table]);
      await insertSystemRow(session, catalog, row);
      await session.commit();
    });
  }

  begin(load: LoadInfo): Promise<LoadTransaction> {
    const { settings, dataset, now, waiting } = this.#options;
    return this.#underWay.track(async () => {
      const session = await Session.open(settings);
      try {
        await beginTransaction(session, dataset);
        const signal = AbortSignal.any([this.#closing.signal, ...(waiting.signal ? [waiting.signal] : [])]);
        await lockLoad(session, { dataset, pipeline: load.pipeline }, { ...waiting, signal });
        return this.#loads.add(await PostgresLoad.begin({ session, dataset, load, now }));
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
    this.#options.closed();
  }

  #read<T>(action: (reader: SystemReader) => Promise<T>): Promise<T> {
    return this.#connected(async (session) => {
      await beginReading(session);
      return action(await systemReader(session, this.#options.dataset));
    });
  }

  #connected<T>(action: (session: Session) => Promise<T>): Promise<T> {
    return this.#underWay.track(async () => {
      const session = await Session.open(this.#options.settings);
      try {
        return await action(session);
      } finally {
        await session.close();
      }
    });
  }
}

async function systemReader(session: Session, schema: string): Promise<SystemReader> {
  const rows = await session.rows('SELECT tablename FROM pg_tables WHERE schemaname = $1', [schema]);
  const names = new Set(rows.map(([name]) => name));
  return {
    tables: new Set(SYSTEM_TABLES.filter((name) => names.has(name))),
    qualified: (table) => `${q(schema)}.${q(table)}`,
    rows: (sql, values) => session.rows(sql, values),
  };
}
