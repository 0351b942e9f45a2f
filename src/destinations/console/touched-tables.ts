import type { Dataset, LoadTransaction } from '../../core/destination.ts';
import type { Schema } from '../../core/schema.ts';

/** Shows tables of a schema. */
type Show = (schema: Schema, names: ReadonlySet<string>) => Promise<void>;

/** The tables that a run changes or adds rows to, over all of its loads. */
export class TouchedTables {
  readonly #names = new Set<string>();
  #schema: Schema | undefined;

  /** The dataset, seen through: `show` is called at the end of a run that has loaded something. */
  watch(dataset: Dataset, show: Show): Dataset {
    return {
      restore: (pipeline, schema) => dataset.restore(pipeline, schema),
      isCommitted: (loadId) => dataset.isCommitted(loadId),
      findRun: (pipeline, runId) => dataset.findRun(pipeline, runId),
      recordRun: async (run) => {
        await dataset.recordRun(run);
        await this.#end(show);
      },
      begin: async (load) => this.#watchLoad(await dataset.begin(load), show),
      [Symbol.asyncDispose]: () => dataset[Symbol.asyncDispose](),
    };
  }

  #watchLoad(load: LoadTransaction, show: Show): LoadTransaction {
    return {
      migrate: (changes) => {
        for (const { table } of changes) this.#names.add(table.name);
        return load.migrate(changes);
      },
      write: (batch) => {
        this.#names.add(batch.table);
        return load.write(batch);
      },
      commit: async (final) => {
        await load.commit(final);
        this.#schema = final.schema;
        if (final.run !== undefined) await this.#end(show);
      },
      rollback: () => load.rollback(),
    };
  }

  async #end(show: Show): Promise<void> {
    const schema = this.#schema;
    const names = new Set(this.#names);
    this.#names.clear();
    if (schema !== undefined && names.size > 0) await show(schema, names);
  }
}
