import type { Schema } from '../core/schema.ts';
import type { Resource, WriteDispositionOptions } from '../core/source.ts';

/** The write disposition of a resource; `undefined` when it depends on the row. */
export function dispositionOf({ hints }: Resource): WriteDispositionOptions | undefined {
  const hint = hints.write_disposition ?? 'append';
  if (typeof hint === 'function') return undefined;
  return typeof hint === 'string' ? { disposition: hint } : hint;
}

/** True when loading a part of the rows would delete or retire rows that the part lacks. */
export function deletesWhatIsMissing(resource: Resource): boolean {
  const options = dispositionOf(resource);
  if (!options || options.disposition === 'replace') return true;
  if (options.disposition !== 'merge') return false;
  const strategy = options.strategy ?? 'delete-insert';
  if (strategy === 'scd2' || strategy === 'cdc') return true;
  return strategy === 'delete-insert' && (hasMergeKey(resource) || options.destination_scope !== undefined);
}

function hasMergeKey({ hints }: Resource): boolean {
  return hints.merge_key !== undefined && hints.merge_key.length > 0;
}

/** Tables of the resource that are not nested in another and had rows in an earlier load. */
export function rootTablesOf(schema: Schema, resource: Resource): string[] {
  return Object.values(schema.tables)
    .filter((table) => table.resource === resource.name && table.parent === undefined && table['x-normalizer']?.['seen-data'] === true)
    .map(({ name }) => name);
}

/**
 * Tables that a load of the resource empties first, even when no row comes. A table that `nested_hints`
 * gave keys of its own keeps its own disposition, as in dlt.
 */
export function replacedTables(schema: Schema, resource: Resource): string[] {
  if (dispositionOf(resource)?.disposition !== 'replace') return [];
  const tables = rootTablesOf(schema, resource);
  const isBelowAnother = (name: string): boolean => tables.some((other) => name.startsWith(`${other}__`));
  const hasOwnKeys = resource.hints.nested_hints !== undefined;
  return tables.filter((name) => !hasOwnKeys || !isBelowAnother(name) || schema.tables[name]?.write_disposition === 'replace');
}
