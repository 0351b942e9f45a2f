import type { MergeStrategy } from '../../core/schema.ts';
import { deleteInsert } from './delete-insert.ts';
import type { Merge } from './merge-rows.ts';
import { slowlyChanging } from './scd2.ts';
import { scratchTables, type ScratchTables } from './scratch-tables.ts';
import { insertOnly, upsert } from './upsert.ts';

const STRATEGIES: Readonly<Record<MergeStrategy, (merge: Merge, scratch: ScratchTables) => void>> = {
  'delete-insert': deleteInsert,
  upsert,
  cdc: upsert,
  'insert-only': insertOnly,
  scd2: slowlyChanging,
};

/**
 * The statements that merge staged rows into a chain of tables, with the results of dlt's
 * (`dataset-layout`, write dispositions). They belong into one transaction.
 */
export function mergeStatements(merge: Merge): string[] {
  const scratch = scratchTables(merge.prefix);
  STRATEGIES[merge.chain[0].schema['x-merge-strategy'] ?? 'delete-insert'](merge, scratch);
  scratch.drop();
  return scratch.statements;
}
