import type { JsonObject } from './json.ts';

/** dlt's data types. */
export type DataType = 'text' | 'double' | 'bool' | 'timestamp' | 'bigint' | 'binary' | 'json' | 'decimal' | 'wei' | 'date' | 'time';

/** How rows of a load meet the rows that are there. */
export type WriteDisposition = 'skip' | 'append' | 'replace' | 'merge';

/** How `merge` works, as dlt names it. */
export type MergeStrategy = 'delete-insert' | 'upsert' | 'insert-only' | 'scd2' | 'cdc';

/** What may happen when rows do not fit the schema. */
export type ContractMode = 'evolve' | 'freeze' | 'discard_row' | 'discard_value';

/** Contract of a source or table; an entity that is left out evolves. */
export interface SchemaContract {
  readonly tables?: ContractMode;
  readonly columns?: ContractMode;
  readonly data_type?: ContractMode;
}

/**
 * A column as dlt stores it. Keys are dlt's; unknown `x-` keys are kept as they are. Without
 * `data_type` the column is incomplete: known by a hint, not created yet.
 */
export interface ColumnSchema {
  name: string;
  data_type?: DataType;
  nullable?: boolean;
  precision?: number;
  scale?: number;
  timezone?: boolean;
  description?: string;
  primary_key?: boolean;
  merge_key?: boolean;
  row_key?: boolean;
  parent_key?: boolean;
  root_key?: boolean;
  unique?: boolean;
  sort?: boolean;
  partition?: boolean;
  cluster?: boolean;
  incremental?: boolean;
  variant?: boolean;
  hard_delete?: boolean;
  dedup_sort?: 'asc' | 'desc';
  'x-valid-from'?: boolean;
  'x-valid-to'?: boolean;
  'x-active-record-timestamp'?: string | null;
  'x-row-version'?: boolean;
  [extra: `x-${string}`]: unknown;
}

/** A table as dlt stores it: a root table has `resource` and `write_disposition`, a nested one `parent`. */
export interface TableSchema {
  name: string;
  /** In the order in which the columns came; dlt hashes that order. */
  columns: Record<string, ColumnSchema>;
  write_disposition?: WriteDisposition;
  resource?: string;
  parent?: string;
  description?: string;
  schema_contract?: SchemaContract | ContractMode;
  table_format?: string;
  file_format?: string;
  references?: readonly JsonObject[];
  filters?: JsonObject;
  'x-normalizer'?: { 'seen-data'?: boolean; max_nesting?: number; 'evolve-columns-once'?: boolean };
  'x-merge-strategy'?: MergeStrategy;
  'x-stage-data-deduplicated'?: boolean;
  'x-merge-source-filter'?: string;
  'x-merge-destination-scope'?: string;
  'x-merge-skip-unchanged-rows'?: boolean;
  'x-boundary-timestamp'?: string;
  [extra: `x-${string}`]: unknown;
}

/** dlt's stored schema, engine version 11 (`dataset-layout`: `_dlt_version.schema`). */
export interface Schema {
  version: number;
  version_hash: string;
  engine_version: number;
  name: string;
  tables: Record<string, TableSchema>;
  settings: {
    detections?: string[];
    default_hints?: Record<string, string[]>;
    preferred_types?: Record<string, DataType>;
    schema_contract?: SchemaContract | ContractMode;
    [extra: `x-${string}`]: unknown;
  };
  normalizers: {
    names: string;
    json: { module: string; config?: NormalizerConfig };
    use_break_path_on_normalize?: boolean;
    allow_identifier_change_on_table_with_data?: boolean;
  };
  previous_hashes: string[];
  imported_version_hash?: string;
  description?: string;
}

/** Settings of dlt's relational normalizer. */
export interface NormalizerConfig {
  max_nesting?: number;
  root_key_propagation?: boolean;
  propagation?: { root?: Record<string, string>; tables?: Record<string, Record<string, string>> };
}

/** One additive step of schema evolution (invariant 6). Columns are complete: they have a type. */
export type SchemaChange =
  | { readonly kind: 'create_table'; readonly table: TableSchema; readonly columns: readonly ColumnSchema[] }
  | { readonly kind: 'add_columns'; readonly table: TableSchema; readonly columns: readonly ColumnSchema[] };
