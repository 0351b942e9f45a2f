import type { Client } from 'pg';
import { DestinationError } from '../../core/errors.ts';
import { connect } from './connect.ts';
import { type ConnectionSettings, locationOf } from './connection-settings.ts';
import { CopyIn } from './copy-in.ts';
import { explain } from './failure.ts';

/** A value that a statement takes. */
export type SqlValue = string | number | boolean | null;

/** Values come as the server writes them: nothing is converted. */
const AS_TEXT = { getTypeParser: () => (text: string | null) => text };

/** Milliseconds that a connection has to say goodbye. */
const GOODBYE_MS = 1000;

/** A connection whose errors are those of a user. */
export class Session {
  readonly location: string;
  readonly #client: Client;
  #running = 0;
  #isClosed = false;
  #lastCopy: CopyIn | undefined;

  private constructor(client: Client, location: string) {
    this.#client = client;
    this.location = location;
  }

  /** Connects. */
  static async open(settings: ConnectionSettings): Promise<Session> {
    return new Session(await connect(settings), locationOf(settings));
  }

  /** Runs a statement for its effect. `table` is named in an error. */
  async run(sql: string, values: readonly SqlValue[] = [], table?: string): Promise<void> {
    await this.#query(sql, values, table);
  }

  /** The rows of a query, in the order of its columns, all values as text. */
  async rows(sql: string, values: readonly SqlValue[] = []): Promise<(string | null)[][]> {
    return (await this.#query(sql, values)).rows as (string | null)[][];
  }

  /** Commits; fails when the transaction had failed, which the server answers with a rollback. */
  async commit(): Promise<void> {
    const { command } = await this.#query('COMMIT', []);
    if (command === 'COMMIT') return;
    throw new DestinationError('load_ended', `The transaction in ${this.location} had failed and was undone.`, {
      hint: 'Begin a new load.',
    });
  }

  /**
   * Copies rows into a table: chunks are whole CopyData messages. Resolves when all are sent; `done` does
   * when the server has taken them. Nothing but another copy may be begun before that.
   */
  async copy(sql: string, chunks: Iterable<Buffer>, table: string): Promise<{ readonly done: Promise<void> }> {
    const copy = new CopyIn(sql, { client: this.#client, before: this.#lastCopy });
    this.#lastCopy = copy;
    const done = this.#guard(() => copy.done, table);
    // A failure is told by whoever waits for it, if not by what is sent now.
    done.catch(() => undefined);
    await this.#guard(async () => {
      try {
        for (const chunk of chunks) await copy.send(chunk);
        copy.finish();
      } catch (error) {
        copy.abort();
        throw error;
      }
    }, table);
    return { done };
  }

  /** Disconnects, which undoes what is not committed. What is running is broken off. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const { stream } = this.#client.connection;
    if (this.#running > 0) stream.destroy();
    else {
      // A server that does not answer any more does not hold up the end.
      const timer = setTimeout(() => stream.destroy(), GOODBYE_MS);
      await this.#client.end().catch(() => undefined);
      clearTimeout(timer);
    }
  }

  #query(text: string, values: readonly SqlValue[], table?: string): Promise<{ readonly command: string; readonly rows: unknown[][] }> {
    return this.#guard(() => this.#client.query({ text, values: [...values], rowMode: 'array', types: AS_TEXT }), table);
  }

  async #guard<T>(action: () => Promise<T>, table: string | undefined): Promise<T> {
    if (this.#isClosed)
      throw new DestinationError('load_ended', `The connection to ${this.location} was closed.`, { hint: 'Begin a new load.' });
    this.#running += 1;
    try {
      return await action();
    } catch (error) {
      throw explain(error, { location: this.location, table });
    } finally {
      this.#running -= 1;
    }
  }
}
