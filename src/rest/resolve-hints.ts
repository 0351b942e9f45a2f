import type { JsonObject } from '../core/json.ts';
import { compileJsonPath } from '../core/jsonpath.ts';
import type { WriteDisposition } from '../core/schema.ts';
import type { ColumnHint, NestedHints, ResourceHints, Row, WriteDispositionOptions } from '../core/source.ts';
import { columnEntries } from './merge-defaults.ts';
import type { ResourceKeys } from './merge-defaults.ts';
import type { WriteDispositionObject } from './rest-api-config.ts';

type Written = Pick<ResourceKeys, Exclude<keyof ResourceHints, 'incremental_column'>>;
/** A hint as it is written, or as its function returns it. */
type Static<T> = Exclude<T, null | undefined | ((...args: never[]) => unknown)>;

/** The hints of a resource as normalize takes them: nothing null, columns by name, also from functions. */
export function resolveHints(keys: ResourceKeys, cursorPath?: string): ResourceHints {
  const { table_name, primary_key, merge_key, schema_contract, max_table_nesting, table_format, file_format }: Written = keys;
  const cursor = cursorPath === undefined ? undefined : compileJsonPath(cursorPath).name;
  return withoutNulls({
    table_name,
    write_disposition: mapped(keys.write_disposition, resolveDisposition),
    primary_key,
    merge_key,
    columns: mapped(keys.columns, resolveColumns),
    schema_contract: mapped(schema_contract, (contract) => (typeof contract === 'string' ? contract : withoutNulls(contract))),
    max_table_nesting,
    nested_hints: mapped(keys.nested_hints, resolveNested),
    references: mapped(keys.references, (references) => references.map((reference) => withoutNulls(reference) as JsonObject)),
    table_format,
    file_format,
    incremental_column: cursor,
  }) as ResourceHints;
}

/** A hint made from another one; made from each result when that is a function of the row. */
function mapped<H, R>(hint: H, make: (value: Static<H>) => R): R | ((row: Row) => R) | undefined {
  if (hint === null || hint === undefined) return undefined;
  if (typeof hint !== 'function') return make(hint as Static<H>);
  return (row) => make((hint as unknown as (row: Row) => Static<H>)(row));
}

function resolveColumns(columns: Static<ResourceKeys['columns']>): Record<string, ColumnHint> {
  return Object.fromEntries(columnEntries(columns).map(([name, column]) => [name, withoutNulls(column) as ColumnHint]));
}

function resolveNested(nested: Static<ResourceKeys['nested_hints']>): Record<string, NestedHints> {
  return Object.fromEntries(Object.entries(nested).map(([field, hints]) => [field, resolveHints(hints) as NestedHints]));
}

function resolveDisposition(given: Static<ResourceKeys['write_disposition']>): WriteDisposition | WriteDispositionOptions {
  if (typeof given === 'string') return given;
  const { active_record_timestamp: active, boundary_timestamp: boundary, ...rest } = given;
  return withoutNulls({
    ...rest,
    active_record_timestamp: instant(active),
    boundary_timestamp: instant(boundary),
  }) as WriteDispositionOptions;
}

/** Seconds since the epoch as text; a text stays as it is. */
function instant(value: WriteDispositionObject['boundary_timestamp']): string | undefined {
  return typeof value === 'number' ? new Date(value * 1000).toISOString() : (value ?? undefined);
}

/** A copy without the keys that count as left out. */
function withoutNulls<T extends object>(value: T): { readonly [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null && item !== undefined)) as T;
}
