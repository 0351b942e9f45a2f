import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Dataset, LoadInfo, LoadTransaction } from '../../src/core/destination.ts';
import type { Schema, TableSchema } from '../../src/core/schema.ts';
import { destinationContract, type DestinationSubject } from '../../src/testing/index.ts';
import { duckdbSubject } from './duckdb-subject.ts';

const folder = mkdtempSync(join(tmpdir(), 'destination-contract-'));
afterAll(() => rmSync(folder, { recursive: true }));
const intact = duckdbSubject(folder);

/** What is wrong about a destination. */
interface Fault {
  readonly dataset?: (dataset: Dataset) => Partial<Dataset>;
  readonly load?: (info: LoadInfo) => LoadInfo;
  readonly transaction?: (transaction: LoadTransaction, info: LoadInfo) => Partial<LoadTransaction>;
  /** Changes tables before the destination hears of them. */
  readonly table?: (table: TableSchema) => TableSchema;
}

/** DuckDB with something wrong about it. */
function broken({ dataset, load = (info) => info, transaction, table = (each) => each }: Fault): DestinationSubject {
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
    return { ...wrapped, ...transaction?.(wrapped, info) };
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

const asStrategy = (strategy: TableSchema['x-merge-strategy']) => (table: TableSchema) => ({ ...table, 'x-merge-strategy': strategy });
const withoutHints =
  (...hints: readonly string[]) =>
  (table: TableSchema): TableSchema => ({
    ...table,
    columns: Object.fromEntries(
      Object.entries(table.columns).map(([name, column]) => [
        name,
        Object.fromEntries(Object.entries(column).filter(([key]) => !hints.includes(key))) as unknown as typeof column,
      ]),
    ),
  });

const FAULTS: readonly (readonly [string, Fault, readonly RegExp[]])[] = [
  [
    'a lost row',
    { transaction: (inner) => ({ write: (batch) => inner.write({ ...batch, rowCount: batch.rowCount - 1 }) }) },
    [/a commit shows/, /100,000/, /^append adds/, /any name/, /values of every type/],
  ],
  [
    'a commit when rows are written',
    {
      transaction: (inner, info) => ({
        write: async (batch) => (await inner.write(batch), inner.commit({ schema: info.schema, state: undefined })),
      }),
    },
    [/visible before/, /rollback leaves/, /closed in the middle/],
  ],
  ['a rollback that throws', { transaction: () => ({ rollback: () => Promise.reject(new Error('no')) }) }, [/rollback after/]],
  [
    'load ids that are not kept',
    { load: (info) => ({ ...info, loadId: `${info.loadId}${Math.random()}` }) },
    [/committed again/, /load without rows/],
  ],
  ['nulls anywhere', { table: withoutHints('nullable') }, [/load that failed/, /null or not/]],
  [
    'a dataset for all',
    {
      dataset: () => ({
        restore: () => Promise.resolve({ schema: undefined, state: undefined }),
        isCommitted: () => Promise.resolve(true),
      }),
    },
    [/nothing to restore where/, /restores the schema/, /keeps pipelines/, /rolled back load leaves/, /another connection/],
  ],
  [
    'a state that is forgotten',
    { transaction: (inner) => ({ commit: (final) => inner.commit({ ...final, state: undefined }) }) },
    [/keeps the state/],
  ],
  [
    'a new version each time',
    {
      transaction: (inner) => ({
        commit: (final) => inner.commit({ ...final, schema: { ...final.schema, version_hash: `${Math.random()}` } }),
      }),
    },
    [/a version of the schema once/],
  ],
  [
    'columns that are not added',
    { transaction: (inner) => ({ migrate: (changes) => inner.migrate(changes.filter(({ kind }) => kind === 'create_table')) }) },
    [/between batches/, /must not be null to/, /hundreds of columns/],
  ],
  [
    'a table that is made again',
    { transaction: (inner) => ({ migrate: async (changes) => (await inner.migrate(changes), Promise.reject(new Error('exists'))) }) },
    [/told again/],
  ],
  [
    'what is replaced stays',
    {
      load: (info) => ({ ...info, replaced: [] }),
      table: (table) => (table.write_disposition === 'replace' ? { ...table, write_disposition: 'append' } : table),
    },
    [/replace leaves only/, /empties a replaced/],
  ],
  [
    'merges that append',
    { table: (table) => (table.write_disposition === 'merge' ? { ...table, write_disposition: 'append' } : table) },
    [/^delete-insert (?!without)/, /^upsert/, /^insert-only/, /^cdc/, /^scd2/, /^merge/],
  ],
  [
    'merges that replace',
    { table: (table) => (table.write_disposition === 'merge' ? { ...table, write_disposition: 'replace' } : table) },
    [/^delete-insert without/],
  ],
  ['one strategy for all', { table: asStrategy('delete-insert') }, [/^upsert leaves/, /^insert-only/, /^cdc/, /^scd2/]],
  [
    'hints that are not heeded',
    { table: withoutHints('hard_delete', 'dedup_sort', 'merge_key') },
    [/^delete-insert deletes/, /^upsert updates/],
  ],
  ['numbers that are cut', { table: withoutHints('precision') }, [/does not fit/]],
];

describe('the destination contract finds', () => {
  const seen = new Set<string>();
  it.each(FAULTS)('%s', async (_, fault, patterns) => {
    const subject = broken(fault);
    const passed: string[] = [];
    for (const { name, run } of destinationContract.filter((each) => patterns.some((pattern) => pattern.test(each.name)))) {
      seen.add(name);
      await Promise.resolve(run(subject)).then(
        () => passed.push(name),
        () => undefined,
      );
    }
    expect(passed).toEqual([]);
  });

  it('something by every case', () => {
    expect(destinationContract.map(({ name }) => name).filter((name) => !seen.has(name))).toEqual([]);
  });
});
