import type { Dataset, LoadInfo, LoadTransaction } from '../../src/core/destination.ts';
import type { Schema, TableSchema } from '../../src/core/schema.ts';
import type { DestinationSubject } from '../../src/testing/index.ts';

/** What is wrong about a destination. */
export interface Fault {
  readonly dataset?: (dataset: Dataset) => Partial<Dataset>;
  readonly load?: (info: LoadInfo) => LoadInfo;
  readonly transaction?: (transaction: LoadTransaction, info: LoadInfo, dataset: Dataset) => Partial<LoadTransaction>;
  /** Changes tables before the destination hears of them. */
  readonly table?: (table: TableSchema) => TableSchema;
}

/** A fault, its name, and cases that must find it. */
export type FaultCase = readonly [name: string, fault: Fault, cases: readonly RegExp[]];

/** A destination with something wrong about it. */
export function broken(
  intact: DestinationSubject,
  { dataset, load = (info) => info, transaction, table = (each) => each }: Fault,
): DestinationSubject {
  const changed = (schema: Schema): Schema => ({
    ...schema,
    tables: Object.fromEntries(Object.entries(schema.tables).map(([name, each]) => [name, table(each)])),
  });
  const begin = async (opened: Dataset, info: LoadInfo): Promise<LoadTransaction> => {
    const inner = await opened.begin(load({ ...info, schema: changed(info.schema) }));
    const wrapped: LoadTransaction = {
      migrate: (changes) =>
        inner.migrate(
          changes.map((change) => ({ ...change, table: table(change.table), columns: Object.values(table(change.table).columns) })),
        ),
      write: (batch) => inner.write(batch),
      commit: (final) => inner.commit({ ...final, schema: changed(final.schema) }),
      rollback: () => inner.rollback(),
    };
    return { ...wrapped, ...transaction?.(wrapped, info, opened) };
  };
  return {
    capabilities: intact.capabilities,
    async create() {
      const place = await intact.create();
      const { destination } = place;
      const open = async (name: string): Promise<Dataset> => {
        const opened = await destination.open(name);
        const methods: Dataset = {
          restore: (pipeline, schema) => opened.restore(pipeline, schema),
          isCommitted: (loadId) => opened.isCommitted(loadId),
          findRun: (pipeline, runId) => opened.findRun(pipeline, runId),
          recordRun: (run) => opened.recordRun(run),
          begin: (info) => begin(opened, info),
          [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
        };
        return { ...methods, ...dataset?.(methods) };
      };
      return { ...place, destination: { ...destination, open }, [Symbol.asyncDispose]: () => place[Symbol.asyncDispose]() };
    },
  };
}
