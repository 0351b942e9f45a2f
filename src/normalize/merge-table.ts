import { ContractError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { ColumnSchema, TableSchema } from '../core/schema.ts';

/** Hints that are true of a set of columns: naming another set replaces the old one. */
const COMPOUND = ['partition', 'cluster', 'primary_key', 'merge_key', 'incremental'] as const;

/**
 * Merges what hints say into a stored table, as dlt does: columns are added or changed key by key,
 * other keys are replaced, nothing is taken away. A column that gets its type moves to the end.
 */
export function mergeTable(stored: TableSchema, hinted: TableSchema): void {
  if (stored.parent !== hinted.parent) throw parentConflict(stored, hinted);
  for (const hint of COMPOUND) {
    if (!Object.values(hinted.columns).some((column) => column[hint])) continue;
    for (const column of Object.values(stored.columns)) delete column[hint];
  }
  for (const column of Object.values(hinted.columns)) mergeColumn(stored.columns, column);
  for (const [key, value] of Object.entries(hinted)) {
    if (key === 'columns' || value === undefined) continue;
    if (key === 'references') stored.references = mergeReferences(stored.references ?? [], hinted.references ?? []);
    else if (key === 'x-normalizer') stored['x-normalizer'] = { ...stored['x-normalizer'], ...hinted['x-normalizer'] };
    else Object.assign(stored, { [key]: value });
  }
}

/** Adds a column or changes the one of that name. */
export function mergeColumn(columns: Record<string, ColumnSchema>, column: ColumnSchema): void {
  const known = columns[column.name];
  if (known === undefined) {
    columns[column.name] = column;
    return;
  }
  if (column.data_type && !known.data_type) {
    delete columns[column.name];
    columns[column.name] = known;
  }
  Object.assign(known, column);
}

/** One reference a referenced table: the later one counts. */
function mergeReferences(stored: readonly JsonObject[], hinted: readonly JsonObject[]): readonly JsonObject[] {
  return [...new Map([...stored, ...hinted].map((reference) => [reference['referenced_table'], reference])).values()];
}

function parentConflict(stored: TableSchema, hinted: TableSchema): ContractError {
  const state = (table: TableSchema) => (table.parent ? `nested below "${table.parent}"` : 'a table of its own');
  return new ContractError('table_parent_changed', `Table "${stored.name}" is ${state(stored)}, but the hints make it ${state(hinted)}.`, {
    hint: 'Give the table another name, take the keys out of its nested hints, or load once with --full-refresh.',
    context: { table: stored.name },
  });
}
