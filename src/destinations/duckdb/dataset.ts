import { existsSync } from 'node:fs';
import type { Dataset, LoadInfo, LoadTransaction, Restored } from '../../core/destination.ts';
import { LOADS_TABLE, STATE_TABLE, VERSION_TABLE } from '../../core/system-tables.ts';
import { quoteName as q } from '../sql/quote.ts';
import { readStoredSchema } from '../sql/stored-schema.ts';
import { readStoredState } from '../sql/stored-state.ts';
import type { Place } from './catalog.ts';
import type { InstanceLease } from './instance.ts';
import { DuckDbLoad } from './load.ts';
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
  /** Called when the dataset was closed. */
  readonly closed: () => void;
}

/** A schema of a DuckDB database. */
export class DuckDbDataset implements Dataset {
  readonly #options: DatasetOptions;
  #lease: Promise<InstanceLease> | undefined;
  #load: DuckDbLoad | undefined;
  readonly #running = new Set<Promise<unknown>>();

  constructor(options: DatasetOptions) {
    this.#options = options;
  }

  restore(pipeline: string, schema: string): Promise<Restored | undefined> {
    return this.#read(async (session, place, tables) => {
      if (tables.size === 0) return undefined;
      const table = (name: string): string => [place.catalog, place.schema, name].map(q).join('.');
      const text = async (sql: string, values: string[]): Promise<string | undefined> => {
        const [row] = await session.rows(sql, values);
        return typeof row?.[0] === 'string' ? row[0] : undefined;
      };
      const storedSchema = tables.has(VERSION_TABLE)
        ? await text(
            `SELECT "schema" FROM ${table(VERSION_TABLE)} WHERE schema_name = $1 ORDER BY inserted_at DESC, version DESC LIMIT 1`,
            [schema],
          )
        : undefined;
      const storedState =
        tables.has(STATE_TABLE) && tables.has(LOADS_TABLE)
          ? await text(
              `SELECT s.state FROM ${table(STATE_TABLE)} AS s JOIN ${table(LOADS_TABLE)} AS l ON l.load_id = s._dlt_load_id
               WHERE s.pipeline_name = $1 AND l.status = 0 ORDER BY l.load_id DESC LIMIT 1`,
              [pipeline],
            )
          : undefined;
      const lastLoadId = tables.has(LOADS_TABLE) ? await text(`SELECT max(load_id) FROM ${table(LOADS_TABLE)}`, []) : undefined;
      return {
        schema: storedSchema === undefined ? undefined : readStoredSchema(storedSchema),
        state: storedState === undefined ? undefined : readStoredState(storedState),
        lastLoadId,
      };
    });
  }

  async isCommitted(loadId: string): Promise<boolean> {
    const found = await this.#read(async (session, place, tables) => {
      if (!tables.has(LOADS_TABLE)) return [];
      return session.rows(`SELECT 1 FROM ${[place.catalog, place.schema, LOADS_TABLE].map(q).join('.')} WHERE load_id = $1`, [loadId]);
    });
    return (found?.length ?? 0) > 0;
  }

  begin(load: LoadInfo): Promise<LoadTransaction> {
    return this.#track(async () => {
      const session = await this.#connect();
      try {
        const place = { catalog: await catalogOf(session), schema: this.#options.dataset };
        const { now, limitFor } = this.#options;
        this.#load = await DuckDbLoad.begin({ session, place, load, now, limitFor });
        return this.#load;
      } catch (error) {
        await session.close();
        throw error;
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#running);
    await this.#load?.rollback();
    this.#load = undefined;
    const lease = await this.#lease;
    this.#lease = undefined;
    lease?.release();
    this.#options.closed();
  }

  /** Reads with a connection of its own. A database that is not there yet is not made: nothing is read. */
  #read<T>(action: (session: Session, place: Place, tables: ReadonlySet<string>) => Promise<T>): Promise<T | undefined> {
    const { file, inMemory, dataset } = this.#options;
    return this.#track(async () => {
      if (this.#lease === undefined && !inMemory && !existsSync(file)) return undefined;
      const session = await this.#connect();
      try {
        const place = { catalog: await catalogOf(session), schema: dataset };
        const rows = await session.rows(
          `SELECT table_name FROM duckdb_tables() WHERE database_name = $1 AND lower(schema_name) = lower($2) AND table_name LIKE '\\_dlt\\_%' ESCAPE '\\'`,
          [place.catalog, place.schema],
        );
        return await action(session, place, new Set(rows.map(([name]) => String(name))));
      } finally {
        await session.close();
      }
    });
  }

  /** Closing waits for what is under way. */
  async #track<T>(action: () => Promise<T>): Promise<T> {
    const running = action();
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  async #connect(): Promise<Session> {
    this.#lease ??= this.#options.lease();
    let lease: InstanceLease;
    try {
      lease = await this.#lease;
    } catch (error) {
      // The next use tries again: the lock of another process may be gone.
      this.#lease = undefined;
      throw error;
    }
    return Session.open(lease.instance, this.#options.file);
  }
}

/** The name that DuckDB gave the database: not always that of the file. */
async function catalogOf(session: Session): Promise<string> {
  const [row] = await session.rows('SELECT current_database()');
  return String(row?.[0]);
}
