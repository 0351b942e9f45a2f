import type { ParentCursorChanges } from '../../src/core/destination.ts';
import type { TableSchema } from '../../src/core/schema.ts';
import { runOf } from '../../src/testing/destination-scene.ts';
import type { Fault, FaultCase } from './broken-destination.ts';

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

const changingCursors =
  (change: (changes: ParentCursorChanges) => ParentCursorChanges): Fault['transaction'] =>
  (inner) => ({
    commit: ({ parentCursors, ...final }) => inner.commit({ ...final, ...(parentCursors && { parentCursors: change(parentCursors) }) }),
  });

/** What may be wrong about loads: when they are visible, how they meet the rows that are there, what they leave. */
export const LOAD_FAULTS: readonly FaultCase[] = [
  [
    'a lost row',
    { transaction: (inner) => ({ write: (batch) => inner.write({ ...batch, rowCount: batch.rowCount - 1 }) }) },
    [/a commit shows/, /1,000,000/, /^append adds/, /any name for/, /datasets of any/, /values of every type/],
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
    [/nothing to restore where/, /restores the schema/, /keeps pipelines/, /rolled back load leaves/, /another connection of/],
  ],
  [
    'a state that is forgotten',
    { transaction: (inner) => ({ commit: (final) => inner.commit({ ...final, state: undefined }) }) },
    [/keeps the state when/, /states of pipelines/],
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
  [
    'runs that are forgotten',
    { transaction: (inner) => ({ commit: ({ schema, state }) => inner.commit({ schema, state }) }) },
    [/run is found after/, /run is not found before/, /undoes its load/, /adds no run/, /records a run/],
  ],
  [
    'runs beside their load',
    {
      transaction: (inner, _, dataset) => ({
        commit: async ({ run, ...final }) => {
          await inner.commit(final);
          if (run !== undefined) await dataset.recordRun(run);
        },
      }),
    },
    [/undoes its load/, /adds no run/, /rollback at any step/],
  ],
  [
    'a run that is there early',
    { transaction: (inner, _, dataset) => ({ write: async (batch) => (await inner.write(batch), dataset.recordRun(runOf('r2'))) }) },
    [/run is not found before/],
  ],
  [
    'runs that are not recorded',
    { dataset: () => ({ recordRun: () => Promise.resolve() }) },
    [/records a run/, /there at once/, /newest run/],
  ],
  ['runs of any pipeline', { dataset: (inner) => ({ findRun: (_, runId) => inner.findRun('contract', runId) }) }, [/newest run/]],
  [
    'the first run of an id only',
    {
      dataset: (inner) => ({
        recordRun: async (run) => {
          if ((await inner.findRun(run.pipeline, run.runId)) === undefined) await inner.recordRun(run);
        },
      }),
    },
    [/newest run/],
  ],
  [
    'a restore that wants a schema',
    {
      dataset: (inner) => ({
        restore: async (pipeline, schema) => {
          const restored = await inner.restore(pipeline, schema);
          if (restored !== undefined && restored.schema === undefined) throw new Error('no schema');
          return restored;
        },
      }),
    },
    [/neither schema nor state/],
  ],
  [
    'cursors that are forgotten',
    { transaction: (inner) => ({ commit: ({ schema, state }) => inner.commit({ schema, state }) }) },
    [/as they were put/, /beside and in place/, /forgets all/, /of sources apart/, /changes no cursor/, /10,000 parents/],
  ],
  [
    'cursors where there are none',
    {
      dataset: (inner) => ({
        restore: async (pipeline, schema) => ({
          state: undefined,
          schema: undefined,
          parentCursors: [],
          ...(await inner.restore(pipeline, schema)),
        }),
      }),
    },
    [/has no cursors/],
  ],
  ['cursors that are never forgotten', { transaction: changingCursors(({ put }) => ({ put, forget: [] })) }, [/forgets all/]],
  [
    'cursors that are all forgotten',
    { transaction: changingCursors(({ put }) => ({ put, forget: ['comments', 'votes'] })) },
    [/beside and in place/],
  ],
  [
    'the first of equal cursors',
    { transaction: changingCursors(({ put, forget }) => ({ forget, put: put.toReversed() })) },
    [/beside and in place/],
  ],
  [
    'cursors of any pipeline',
    { dataset: (inner) => ({ restore: (_, schema) => inner.restore('contract', schema) }) },
    [/of sources apart/],
  ],
  [
    'cursors beside their load',
    {
      transaction: (inner, info, dataset) => ({
        commit: async ({ parentCursors, ...final }) => {
          const other = await dataset.begin({ ...info, loadId: `${info.loadId} cursors` });
          await other.commit({ schema: final.schema, state: undefined, ...(parentCursors && { parentCursors }) });
          await inner.commit(final);
        },
      }),
    },
    [/changes no cursor/, /rollback at any step/],
  ],
  [
    'lists that are not told apart',
    { transaction: (inner) => ({ write: ({ table, rowCount, columns }) => inner.write({ table, rowCount, columns }) }) },
    [/when a key comes twice/],
  ],
  ['numbers that are cut', { table: withoutHints('precision') }, [/does not fit/]],
];
