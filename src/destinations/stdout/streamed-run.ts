import type { FinalLoad } from '../../core/destination.ts';
import { ConfigError } from '../../core/errors.ts';
import type { Schema } from '../../core/schema.ts';

/** What is remembered of a run while its loads pass, and forgotten with it. */
export class StreamedRun {
  readonly #table: string | undefined;
  readonly #tables = new Set<string>();
  #schema: Schema | undefined;

  /** `table` is the only one whose rows are printed. */
  constructor(table: string | undefined) {
    this.#table = table;
  }

  /** As the last load of the run left it: the next goes on with its types. */
  get schema(): Schema | undefined {
    return this.#schema;
  }

  /** Notes that rows of a table came. False when they are not printed. */
  takes(table: string): boolean {
    this.#tables.add(table);
    return this.#table === undefined || this.#table === table;
  }

  /** True when rows are printed without the names of their tables. */
  get isBare(): boolean {
    return this.#table !== undefined;
  }

  /** Ends a load. The last one of a run ends that too, and must have had the table that was asked for. */
  endLoad({ schema, run }: Partial<Pick<FinalLoad, 'schema' | 'run'>>): void {
    this.#schema = schema;
    if (run === undefined) return;
    const tables = [...this.#tables].toSorted();
    this.forget();
    if (this.#table === undefined || tables.length === 0 || tables.includes(this.#table)) return;
    throw new ConfigError('stdout_table_missing', `No rows came for a table ${this.#table}.`, {
      hint: `Write one of ${tables.map((name) => `stdout:${name}`).join(', ')}.`,
      context: { table: this.#table },
    });
  }

  /** Forgets a run that is over or has failed. */
  forget(): void {
    this.#tables.clear();
    this.#schema = undefined;
  }
}
