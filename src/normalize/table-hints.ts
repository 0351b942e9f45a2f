import type { JsonObject } from '../core/json.ts';
import type { ColumnSchema, TableSchema } from '../core/schema.ts';
import type { NestedHints, ResourceHints, Row, WriteDispositionOptions } from '../core/source.ts';
import { EMPTY_KEY, type Naming } from './names.ts';

/** A resource as normalize sees it. */
export interface HintedResource {
  readonly name: string;
  readonly hints: ResourceHints;
}

type Columns = Map<string, ColumnSchema>;
type Keys = string | readonly string[];

/** True when the table of a row depends on the row. */
export function isDynamic(hints: ResourceHints): boolean {
  return Object.values(hints).some((hint) => typeof hint === 'function');
}

/** Stored name of the table that a row goes to. */
export function tableNameOf(resource: HintedResource, naming: Naming, row: Row): string {
  const { table_name: name } = resource.hints;
  return naming.tablePath((typeof name === 'function' ? name(row) : name) || resource.name);
}

/**
 * What a resource says of its tables, the root table first, under normalized names. Hints that are
 * functions are asked about `row`.
 */
export function hintedTables(resource: HintedResource, naming: Naming, row: Row): [TableSchema, ...TableSchema[]] {
  const hints = Object.fromEntries(
    Object.entries(resource.hints).map(([key, hint]) => [key, typeof hint === 'function' ? (hint as (row: Row) => unknown)(row) : hint]),
  ) as Resolved<ResourceHints>;
  const name = tableNameOf(resource, naming, row);
  const root = toTable(name, { write_disposition: 'append', ...defined(hints) }, naming);
  root.resource = resource.name;
  if (hints.max_table_nesting !== undefined) root['x-normalizer'] = { max_nesting: hints.max_table_nesting };
  if (hints.table_format) root.table_format = hints.table_format;
  if (hints.file_format) root.file_format = hints.file_format;
  const nested = Object.entries(hints.nested_hints ?? {}).map(([path, below]) =>
    nestedTable(root, path, { resource, naming, hints: below }),
  );
  return [root, ...nested];
}

/** Hints after their functions were called. */
type Resolved<T> = { readonly [K in keyof T]: Exclude<T[K], (row: Row) => unknown> };

/** A table with keys of its own is no longer part of its parent: it becomes a root table. */
function nestedTable(
  root: TableSchema,
  path: string,
  { resource, naming, hints }: { readonly resource: HintedResource; readonly naming: Naming; readonly hints: NestedHints },
): TableSchema {
  const name = naming.fragments([root.name, naming.identifier(path)]);
  const table = toTable(name, hints, naming);
  if (Object.values(table.columns).some((column) => column.primary_key || column.merge_key)) {
    table.resource = resource.name;
    table.write_disposition ??= 'append';
  } else table.parent = root.name;
  return table;
}

function toTable(name: string, hints: Resolved<ResourceHints>, naming: Naming): TableSchema {
  const columns: Columns = new Map();
  for (const [column, hint] of Object.entries(hints.columns ?? {})) columns.set(column, { ...hint, name: column });
  if (hints.primary_key !== undefined) setKey(columns, 'primary_key', hints.primary_key);
  if (hints.merge_key !== undefined) setKey(columns, 'merge_key', hints.merge_key);
  const disposition = hints.write_disposition === undefined ? {} : dispositionHints(hints.write_disposition, columns);
  if (hints.incremental_column) {
    columns.set(hints.incremental_column, {
      ...(columns.get(hints.incremental_column) ?? { name: hints.incremental_column }),
      incremental: true,
    });
  }
  return {
    name,
    columns: normalizedColumns(columns, naming),
    ...disposition,
    ...(hints.schema_contract === undefined ? {} : { schema_contract: hints.schema_contract }),
    ...(hints.references?.length ? { references: hints.references.map((reference) => normalizedReference(reference, naming)) } : {}),
  };
}

/** A key replaces what column hints say of the same kind of key. Its columns may not be null unless they say so. */
function setKey(columns: Columns, kind: 'primary_key' | 'merge_key', keys: Keys): void {
  for (const column of columns.values()) delete column[kind];
  for (const name of typeof keys === 'string' ? [keys] : keys) {
    if (name === '') continue;
    const column = columns.get(name) ?? { name };
    columns.set(name, { ...column, nullable: column.nullable ?? false, [kind]: true });
  }
}

function dispositionHints(given: string | WriteDispositionOptions, columns: Columns): Partial<TableSchema> {
  const options = (typeof given === 'string' ? { disposition: given } : given) as WriteDispositionOptions;
  const table: Partial<TableSchema> = { write_disposition: options.disposition };
  if (options.disposition !== 'merge') return table;
  if (options.strategy) table['x-merge-strategy'] = options.strategy;
  if (options.deduplicated) table['x-stage-data-deduplicated'] = true;
  if (options.source_filter) table['x-merge-source-filter'] = options.source_filter;
  if (options.destination_scope) table['x-merge-destination-scope'] = options.destination_scope;
  if (options.skip_unchanged_rows) table['x-merge-skip-unchanged-rows'] = true;
  if (options.strategy === 'scd2') {
    if (typeof options.boundary_timestamp === 'string') table['x-boundary-timestamp'] = options.boundary_timestamp;
    addHistoryColumns(columns, options);
  } else if (options.row_version_column_name && options.skip_unchanged_rows) {
    const name = options.row_version_column_name;
    columns.set(name, { ...columns.get(name), name, nullable: false, 'x-row-version': true });
  }
  return table;
}

/** scd2: when a row was valid, and the hash that tells its versions apart. */
function addHistoryColumns(columns: Columns, options: WriteDispositionOptions): void {
  const [from = '_dlt_valid_from', to = '_dlt_valid_to'] = options.validity_column_names ?? [];
  columns.set(from, { name: from, data_type: 'timestamp', nullable: true, 'x-valid-from': true });
  const active = options.active_record_timestamp ?? null;
  columns.set(to, { name: to, data_type: 'timestamp', nullable: true, 'x-valid-to': true, 'x-active-record-timestamp': active });
  const version = options.row_version_column_name ?? '_dlt_id';
  // A version that comes back after it was gone has the same hash: it is no key.
  columns.set(version, { name: version, nullable: false, 'x-row-version': true, unique: false, row_key: false });
}

/** Columns under stored names. Of two that get one name the later adds what is not a default. */
function normalizedColumns(columns: Columns, naming: Naming): Record<string, ColumnSchema> {
  const normalized: Record<string, ColumnSchema> = Object.create(null) as Record<string, ColumnSchema>;
  for (const column of columns.values()) {
    const name = naming.column(column.name) || EMPTY_KEY;
    const before = normalized[name];
    normalized[name] = before ? { ...before, ...withoutDefaults(column), name } : { ...column, name };
  }
  return normalized;
}

function withoutDefaults(column: ColumnSchema): Partial<ColumnSchema> {
  return Object.fromEntries(
    Object.entries(column).filter(([key, value]) => {
      if (key === 'x-active-record-timestamp') return true;
      return value !== null && value !== undefined && value !== (key === 'nullable' || key === 'timezone');
    }),
  );
}

function normalizedReference(reference: JsonObject, naming: Naming): JsonObject {
  const names = (value: unknown) => (value as readonly string[]).map((name) => naming.path(name));
  return {
    ...reference,
    referenced_table: naming.tablePath(reference['referenced_table'] as string),
    columns: names(reference['columns']),
    referenced_columns: names(reference['referenced_columns']),
  };
}

function defined<T extends object>(hints: T): T {
  return Object.fromEntries(Object.entries(hints).filter(([, hint]) => hint !== undefined && hint !== null)) as T;
}
