import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from '@duckdb/node-api';
import { DestinationError } from '../../core/errors.ts';
import { UnderWay } from '../under-way.ts';
import { explain } from './failure.ts';

/** A connection whose errors are those of a user. */
export class Session {
  readonly connection: DuckDBConnection;
  readonly #file: string;
  readonly #underWay = new UnderWay();
  #isClosed = false;

  private constructor(connection: DuckDBConnection, file: string) {
    this.connection = connection;
    this.#file = file;
  }

  /** Connects. Timestamps are read and written in UTC. */
  static async open(instance: DuckDBInstance, file: string): Promise<Session> {
    const session = new Session(await instance.connect(), file);
    await session.run(`SET TimeZone = 'UTC'`);
    return session;
  }

  /** Runs statements for their effect. `table` is named in an error. */
  async run(sql: string, values: readonly DuckDBValue[] = [], table?: string): Promise<void> {
    await this.guard(async () => {
      await (values.length === 0 ? this.connection.run(sql) : this.connection.run(sql, [...values]));
    }, table);
  }

  /** The rows of a query, in the order of its columns. */
  rows(sql: string, values: readonly DuckDBValue[] = []): Promise<DuckDBValue[][]> {
    return this.guard(async () => {
      const reader = await (values.length === 0 ? this.connection.runAndReadAll(sql) : this.connection.runAndReadAll(sql, [...values]));
      return reader.getRows();
    });
  }

  /** Does something with the connection; what DuckDB throws comes out as an error of a user. */
  async guard<T>(action: () => Promise<T>, table?: string): Promise<T> {
    if (this.#isClosed)
      throw new DestinationError('load_ended', `The connection to ${this.#file} was closed.`, { hint: 'Begin a new load.' });
    try {
      return await this.#underWay.track(action);
    } catch (error) {
      throw explain(error, { file: this.#file, ...(table === undefined ? {} : { table }) });
    }
  }

  /**
   * Breaks off what is running, waits for its end, and disconnects, which undoes what is not
   * committed. `beforehand` frees what belongs to the connection.
   */
  async close(beforehand: () => void = () => undefined): Promise<void> {
    this.#isClosed = true;
    if (!this.#underWay.isIdle) this.connection.interrupt();
    await this.#underWay.settled();
    beforehand();
    this.connection.closeSync();
  }
}
