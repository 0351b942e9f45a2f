import type { Capabilities } from '../core/destination.ts';
import type { ColumnSchema, Schema, TableSchema } from '../core/schema.ts';
import type { Row } from '../core/source.ts';
import { applyContract } from './contract.ts';
import { mergeTable } from './merge-table.ts';
import type { Naming } from './names.ts';
import { propagateRootKey, rootOf } from './root-key.ts';
import { type HintedResource, hintedTables } from './table-hints.ts';

/** What became of a resource's hints. */
export interface AppliedHints {
  /** The table that the rows go to. */
  readonly root: string;
  /** Tables that are in the schema now, with the columns that got their type by this. */
  readonly tables: readonly { readonly name: string; readonly typed: readonly ColumnSchema[] }[];
  /** A contract keeps the rows out. */
  readonly isRefused: boolean;
}

/**
 * Merges a resource's hints into the schema, within its contracts. `row` is what hints that are
 * functions are asked about. Throws a ContractError when something frozen would change.
 */
export function applyHints(
  schema: Schema,
  resource: HintedResource,
  {
    naming,
    capabilities,
    row,
  }: { readonly naming: Naming; readonly capabilities: Pick<Capabilities, 'mergeStrategies'>; readonly row: Row },
): AppliedHints {
  const hinted = hintedTables(resource, naming, row);
  const root = hinted[0].name;
  const tables: { name: string; typed: ColumnSchema[] }[] = [];
  for (const table of hinted) {
    const allowed = applyContract(schema, table, resource.name);
    if (allowed === undefined) {
      if (table.name === root) return { root, tables, isRefused: true };
      // A nested table whose own hints refuse it is as if it had none: as in dlt, its rows come under the parent's contract.
      continue;
    }
    const before = new Set(typedColumns(schema.tables[table.name]).map(({ name }) => name));
    const merged = addTable(schema, allowed, capabilities);
    tables.push({ name: table.name, typed: typedColumns(merged).filter(({ name }) => !before.has(name)) });
  }
  return { root, tables, isRefused: false };
}

function typedColumns(table: TableSchema | undefined): ColumnSchema[] {
  return Object.values(table?.columns ?? {}).filter((column) => column.data_type);
}

/** Adds a table to the schema, or merges it into the one of that name. */
export function addTable(schema: Schema, table: TableSchema, capabilities: Pick<Capabilities, 'mergeStrategies'>): TableSchema {
  const stored = schema.tables[table.name];
  if (stored === undefined)
    schema.tables[table.name] = { ...table, columns: Object.assign(Object.create(null), table.columns) as TableSchema['columns'] };
  else mergeTable(stored, table);
  const merged = schema.tables[table.name] as TableSchema;
  propagateRootKey(schema, rootOf(schema, merged), capabilities);
  return merged;
}
