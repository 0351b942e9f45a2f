import type { ColumnBatch } from '../core/column-batch.ts';
import type { Dataset, FinalLoad, LoadInfo, LoadTransaction } from '../core/destination.ts';
import type { SchemaChange } from '../core/schema.ts';

/** What normalize gives: changes of tables, and batches that need them. */
export interface Writable {
  readonly changes: readonly SchemaChange[];
  readonly batches: readonly ColumnBatch[];
}

/** What a load is made from. */
export interface LoadOptions {
  readonly dataset: Dataset;
  readonly info: LoadInfo;
  /** Told of every change that was made. */
  readonly changed: (change: SchemaChange) => void;
  /** Told of every batch that was written. */
  readonly written: (batch: ColumnBatch) => void;
}

/**
 * Puts column batches into one transaction of a destination. It begins with the first thing to write, so
 * that a run without news leaves no trace, and is undone unless it is committed (invariant 2).
 */
export class Load implements AsyncDisposable {
  readonly #options: LoadOptions;
  #transaction: LoadTransaction | undefined;
  #isCommitted = false;

  constructor(options: LoadOptions) {
    this.#options = options;
  }

  /** True once something was written. */
  get isBegun(): boolean {
    return this.#transaction !== undefined;
  }

  /** Changes the tables, then adds the rows. Batches may be used again afterwards. */
  async write({ changes, batches }: Writable): Promise<void> {
    if (changes.length > 0) await (await this.#begun()).migrate(changes);
    for (const change of changes) this.#options.changed(change);
    for (const batch of batches) {
      await (await this.#begun()).write(batch);
      this.#options.written(batch);
    }
  }

  /** Makes everything visible at once. */
  async commit(final: FinalLoad): Promise<void> {
    await (await this.#begun()).commit(final);
    this.#isCommitted = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isCommitted) await this.#transaction?.rollback();
  }

  async #begun(): Promise<LoadTransaction> {
    this.#transaction ??= await this.#options.dataset.begin(this.#options.info);
    return this.#transaction;
  }
}
