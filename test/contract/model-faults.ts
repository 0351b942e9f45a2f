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
];
