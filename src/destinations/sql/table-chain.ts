import { DestinationError } from '../../core/errors.ts';
import type { ColumnSchema, TableSchema } from '../../core/schema.ts';
import { quoteName } from './quote.ts';

/** One table of a chain, and where its rows are. */
export interface ChainTable {
  readonly schema: TableSchema;
  /** The table, qualified as SQL takes it. */
  readonly target: string;
  /** Its rows of this load, in a temporary table; `undefined` when there are none. */
  readonly stage: string | undefined;
  /** The temporary table has the numbers of root rows: null where they are not known. */
  readonly knowsRoots?: boolean;
}

/** A root table and the tables nested in it, parents before children. */
export type TableChain = readonly [ChainTable, ...ChainTable[]];

/** The table that a nested one belongs to in the end; itself for a root table. */
export function rootOf(tables: Readonly<Record<string, TableSchema>>, name: string): TableSchema | undefined {
  let table = tables[name];
  for (let parent = table?.parent; parent !== undefined; parent = table?.parent) table = tables[parent];
  return table;
}

/** The names of a root table and of all tables nested in it, parents before children. */
export function chainNames(tables: Readonly<Record<string, TableSchema>>, root: string): string[] {
  const names = [root];
  const all = Object.values(tables);
  // The list grows while it is walked.
  for (const name of names) names.push(...all.filter((table) => table.parent === name).map((table) => table.name));
  return names;
}

/** Columns with a type: others are known by a hint only and are not in the database. */
export function completeColumns(table: TableSchema): ColumnSchema[] {
  return Object.values(table.columns).filter((column) => column.data_type !== undefined);
}

/** The names of the complete columns that have a hint. */
export function columnsWith(table: TableSchema, hint: keyof ColumnSchema): string[] {
  return completeColumns(table)
    .filter((column) => Boolean(column[hint]))
    .map((column) => column.name);
}

/** The column that tells rows of a table apart: its row key, else what is unique. */
export function rowKeyOf(table: TableSchema): string {
  const primary = columnsWith(table, 'primary_key');
  const found = columnsWith(table, 'row_key')[0] ?? columnsWith(table, 'x-row-version')[0] ?? columnsWith(table, 'unique')[0];
  const key = found ?? (primary.length === 1 ? primary[0] : undefined);
  if (key !== undefined) return key;
  throw new DestinationError('row_key_missing', `Table ${table.name} has no column that tells its rows apart, so it cannot be merged.`, {
    hint: `Load ${table.name} into a new dataset: every table that syncline or dlt makes has a _dlt_id.`,
    context: { table: table.name },
  });
}

/**
 * A condition for the rows of a nested table whose root rows have one of the row keys that `roots`
 * selects: by root key, or from parent to parent where a dataset has no root keys.
 */
export function belongsTo(
  chain: TableChain,
  table: ChainTable,
  { roots, side }: { readonly roots: string; readonly side: 'target' | 'stage' },
): string {
  const rootKey = columnsWith(table.schema, 'root_key')[0];
  if (rootKey !== undefined) return `${quoteName(rootKey)} IN (${roots})`;
  const parentKey = columnsWith(table.schema, 'parent_key')[0];
  const parent = chain.find((other) => other.schema.name === table.schema.parent);
  if (parentKey === undefined || parent === undefined) {
    throw new DestinationError('parent_key_missing', `Nested table ${table.schema.name} has no column that leads to its parent.`, {
      hint: `Load ${table.schema.name} into a new dataset: every nested table that syncline or dlt makes has a _dlt_parent_id.`,
      context: { table: table.schema.name },
    });
  }
  if (parent === chain[0]) return `${quoteName(parentKey)} IN (${roots})`;
  const from = parent[side];
  if (from === undefined) return 'FALSE';
  const parents = `SELECT ${quoteName(rowKeyOf(parent.schema))} FROM ${from} WHERE ${belongsTo(chain, parent, { roots, side })}`;
  return `${quoteName(parentKey)} IN (${parents})`;
}
