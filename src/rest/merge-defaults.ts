import type { Finding } from '../core/errors.ts';
import { isPlainObject } from './config-json.ts';
import type { ConfigPath } from './findings.ts';
import type { EndpointConfig, EndpointResource, ResourceDefaults, RowsResource } from './rest-api-config.ts';
import type { SoundConfig, SoundResource } from './without-invalid.ts';

/** What a resource says of itself and its tables, without the name and the request. */
export type ResourceKeys = Omit<EndpointResource, 'name' | 'rows' | 'endpoint'>;

/** A resource with the defaults merged in, and where each of its keys was written. */
export interface Draft {
  /** Position in `resources`. */
  readonly index: number;
  /** `undefined` when it has none that can be used. */
  readonly name: string | undefined;
  readonly keys: ResourceKeys;
  readonly endpoint: EndpointConfig;
  /** For a resource whose rows come from code; it has no endpoint and takes no defaults. */
  readonly rows: RowsResource['rows'] | undefined;
  /** Path of a key of the merged resource in the configuration: in the resource, or else in the defaults. */
  readonly locate: (...keys: ConfigPath) => ConfigPath;
  /** True when the schema has a finding at a key, above or below: what the key means is not known. */
  readonly unsure: (...keys: ConfigPath) => boolean;
}

/** The resources of a configuration with their defaults. Nothing of the configuration is shared or changed. */
export function mergeDefaults(config: SoundConfig, schemaFindings: readonly Finding[] = []): Draft[] {
  const defaults = config.resource_defaults ?? {};
  return (config.resources ?? []).flatMap((resource, index) => {
    if (resource === undefined) return [];
    const unsure = (...keys: ConfigPath) =>
      schemaFindings.some(({ path }) => overlaps(path, ['resources', index, ...keys]) || overlaps(path, ['resource_defaults', ...keys]));
    return [{ ...merge(resource, defaults, index), index, unsure }];
  });
}

function overlaps(a: ConfigPath, b: ConfigPath): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short.every((key, i) => key === long[i]);
}

function merge(resource: SoundResource, defaults: ResourceDefaults, index: number): Omit<Draft, 'index' | 'unsure'> {
  const own = typeof resource === 'string' ? { name: resource } : given(resource);
  if ('rows' in own) {
    const { name, rows, ...keys } = own as Partial<RowsResource>;
    return { name, keys, endpoint: {}, rows, locate: locator(resource, {}, index) };
  }
  const { name, rows: _, endpoint, ...keys } = own as Partial<EndpointResource>;
  const { endpoint: defaultEndpoint, ...defaultKeys } = given(defaults);
  const columns = mergeColumns(defaultKeys.columns, keys.columns);
  return {
    name,
    keys: { ...defaultKeys, ...keys, ...(columns === undefined ? {} : { columns }) },
    endpoint: mergeEndpoint(defaultEndpoint ?? {}, typeof endpoint === 'string' ? { path: endpoint } : (endpoint ?? {}), name),
    rows: undefined,
    locate: locator(resource, defaults, index),
  };
}

/** `params` and an object in `json` are merged one level deep; everything else is replaced. */
function mergeEndpoint(defaults: EndpointConfig, endpoint: EndpointConfig, name: string | undefined): EndpointConfig {
  const own = given(endpoint);
  const merged = { ...given(defaults), ...own, path: own.path ?? name };
  if (own.params && defaults.params) merged.params = { ...defaults.params, ...own.params };
  if (isPlainObject(own.json) && isPlainObject(defaults.json)) merged.json = { ...defaults.json, ...own.json };
  return merged;
}

type Columns = ResourceKeys['columns'];

/** Columns of both sides, with the properties of the resource on top; `undefined` when one side stands alone or is empty. */
function mergeColumns(defaults: Columns, own: Columns): Columns {
  if (!defaults || !own || typeof defaults === 'function' || typeof own === 'function') return undefined;
  const merged = new Map(columnEntries(defaults));
  const columns = columnEntries(own);
  if (merged.size === 0 || columns.length === 0) return undefined;
  for (const [name, column] of columns) {
    const before = merged.get(name);
    // A column that becomes complete moves to the end, as in dlt.
    if (column.data_type && before && !before.data_type) merged.delete(name);
    merged.set(name, { ...before, ...column });
  }
  return Object.fromEntries(merged);
}

/** Columns by name, from an object or a list. Columns of a list without a name are left out. */
export function columnEntries(columns: Exclude<Columns, null | undefined | ((...args: never[]) => unknown)>) {
  const entries = Array.isArray(columns) ? columns.map((column) => [column.name, column] as const) : Object.entries(columns);
  return entries.flatMap(([name, column]) => (typeof name === 'string' ? [[name, { ...column, name }] as const] : []));
}

/** The keys that are there: `undefined` counts as left out. */
function given<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as T;
}

function locator(resource: SoundResource, defaults: ResourceDefaults, index: number): Draft['locate'] {
  return (...keys) => {
    const own = depthOf(resource, keys);
    if (own < keys.length && depthOf(defaults, keys) === keys.length) return ['resource_defaults', ...keys];
    return ['resources', index, ...keys.slice(0, own)];
  };
}

/** How many of the keys lead somewhere in a value. A text in place of an endpoint has its path. */
function depthOf(value: unknown, keys: ConfigPath): number {
  let at = value;
  for (const [depth, key] of keys.entries()) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return depth;
    at = Reflect.get(at, key);
  }
  return keys.length;
}
