import type { Capabilities } from '../core/destination.ts';
import type { NormalizerConfig, Schema, TableSchema } from '../core/schema.ts';
import { resolveMergeStrategy } from './merge-strategy.ts';

/** Column of a nested row that holds the id of its root row. */
export const ROOT_ID = '_dlt_root_id';

type Strategies = Pick<Capabilities, 'mergeStrategies'>;

/**
 * Brings the stored settings of dlt's relational normalizer in line with the source: its nesting
 * limit, its wish for root keys, and which root tables hand their row id down. Entries that a
 * program added for other columns stay.
 */
export function settleNormalizerConfig(
  schema: Schema,
  source: { readonly maxTableNesting?: number | undefined; readonly rootKey?: boolean | undefined },
  capabilities: Strategies,
): void {
  const { max_nesting: _nesting, root_key_propagation: _rootKey, propagation, ...rest } = schema.normalizers.json.config ?? {};
  const tables: Record<string, Record<string, string>> = {};
  for (const [name, mapping] of Object.entries(propagation?.tables ?? {})) {
    const others = Object.entries(mapping).filter(([, to]) => to !== ROOT_ID);
    if (others.length > 0) tables[name] = Object.fromEntries(others);
  }
  const config: NormalizerConfig = {
    ...rest,
    ...(source.maxTableNesting === undefined ? {} : { max_nesting: source.maxTableNesting }),
    ...(source.rootKey === undefined ? {} : { root_key_propagation: source.rootKey }),
    ...(propagation?.root || Object.keys(tables).length > 0
      ? { propagation: { ...(propagation?.root ? { root: propagation.root } : {}), ...(Object.keys(tables).length > 0 ? { tables } : {}) } }
      : {}),
  };
  if (Object.keys(config).length > 0) schema.normalizers.json.config = config;
  else delete schema.normalizers.json.config;
  for (const table of Object.values(schema.tables)) if (!table.parent) propagateRootKey(schema, table, capabilities);
}

/** Notes that a root table hands its row id down to its nested tables, when a merge or the source needs it. */
export function propagateRootKey(schema: Schema, root: TableSchema, capabilities: Strategies): void {
  if (!needsRootKey(schema, root, capabilities)) return;
  const config = (schema.normalizers.json.config ??= {});
  const tables = ((config.propagation ??= {}).tables ??= {});
  const rowKey = Object.values(root.columns).find((column) => column.row_key)?.name ?? '_dlt_id';
  tables[root.name] = { ...tables[root.name], [rowKey]: ROOT_ID };
}

/** The root table of a chain. */
export function rootOf(schema: Schema, table: TableSchema): TableSchema {
  let at = table;
  while (at.parent && schema.tables[at.parent]) at = schema.tables[at.parent] as TableSchema;
  return at;
}

function needsRootKey(schema: Schema, root: TableSchema, capabilities: Strategies): boolean {
  if (!root.name.startsWith('_dlt')) {
    const strategy = resolveMergeStrategy(schema, root, capabilities);
    const merges = strategy !== undefined && strategy !== 'scd2';
    if (schema.normalizers.json.config?.root_key_propagation ?? merges) return true;
  }
  return hasRootKeyBelow(schema, root.name);
}

function hasRootKeyBelow(schema: Schema, root: string): boolean {
  return Object.values(schema.tables).some(
    (table) => Object.values(table.columns).some((column) => column.root_key) && rootOf(schema, table).name === root,
  );
}
