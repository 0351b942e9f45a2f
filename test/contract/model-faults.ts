import type { ColumnBatch } from '../../src/core/column-batch.ts';
import type { LoadInfo } from '../../src/core/destination.ts';
import type { TableSchema } from '../../src/core/schema.ts';
import type { Way } from '../../src/testing/destination-model.ts';
import type { Fault, FaultCase } from './broken-destination.ts';

/** Takes one way for another. */
const mistaking =
  (way: Way, other: Way): Fault['table'] =>
  (table) => {
    const isMerge = table.write_disposition === 'merge';
    if ((isMerge ? (table['x-merge-strategy'] ?? 'delete-insert') : table.write_disposition) !== way) return table;
    if (other === 'append' || other === 'replace') return { ...table, write_disposition: other };
    return { ...table, write_disposition: 'merge', 'x-merge-strategy': other } satisfies TableSchema;
  };

/** Tables without some hints of their columns. */
const withoutHints =
  (...hints: readonly string[]): Fault['table'] =>
  (table) => {
    const left = Object.entries(table.columns).map(([name, column]) => {
      const kept = Object.entries(column).filter(([hint]) => !hints.includes(hint));
      return [name, Object.fromEntries(kept) as unknown as typeof column] as const;
    });
    return { ...table, columns: Object.fromEntries(left) };
  };

/** Writes only some of the batches. */
const writingIf =
  (takes: (batch: ColumnBatch, info: LoadInfo) => boolean): Fault['transaction'] =>
  (inner, info) => ({ write: (batch) => (takes(batch, info) ? inner.write(batch) : Promise.resolve()) });

/** What may be wrong about the ways in which rows meet those that are there. */
export const MODEL_FAULTS: readonly FaultCase[] = [
  ['an append that replaces', { table: mistaking('append', 'replace') }, [/^loads by append/]],
  ['a replace that appends', { table: mistaking('replace', 'append'), load: (info) => ({ ...info, replaced: [] }) }, [/^loads by replace/]],
  ['a delete-insert that appends', { table: mistaking('delete-insert', 'append') }, [/^loads by delete-insert: (?!no key)/]],
  ['a delete-insert that replaces', { table: mistaking('delete-insert', 'replace') }, [/^loads by delete-insert: no key/]],
  ['an upsert that only inserts', { table: mistaking('upsert', 'insert-only') }, [/^loads by upsert/]],
  ['an insert-only that updates', { table: mistaking('insert-only', 'upsert') }, [/^loads by insert-only/]],
  ['a cdc that does not delete', { table: mistaking('cdc', 'upsert') }, [/^loads by cdc/]],
  ['an scd2 that appends', { table: mistaking('scd2', 'append') }, [/^loads by scd2/]],
  ['sizes that are not heeded', { table: withoutHints('precision', 'scale', 'timezone') }, [/^hints of columns: precision/]],
  ['nulls in all columns', { table: withoutHints('nullable') }, [/^hints of columns: a null/]],
  ['rows of known tables that are not taken', { transaction: writingIf((_, info) => info.loadId === 'l1') }, [/^frozen schemas: rows/]],
  [
    'rows of unknown tables that are passed over',
    {
      transaction: writingIf(({ table, columns }, { schema }) =>
        columns.every((column) => schema.tables[table]?.columns[column.schema.name] !== undefined),
      ),
    },
    [/^frozen schemas: a table/],
  ],
  [
    'states that are lost',
    { transaction: (inner) => ({ commit: (final) => inner.commit({ ...final, state: undefined }) }) },
    [/^states: /],
  ],
  [
    'a version of the schema for each load',
    {
      transaction: (inner, { loadId }) => ({
        commit: ({ schema, ...final }) => inner.commit({ ...final, schema: { ...schema, version_hash: `hash of ${loadId}` } }),
      }),
    },
    [/^schemas: /],
  ],
];
