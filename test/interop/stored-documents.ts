import { isJsonObject, type Json, type JsonObject } from '../../src/core/json.ts';

/** dlt bumps the version in extract and again in normalize; what it passed through is in `previous_hashes`. */
const SCHEMA_VERSION = ['version', 'version_hash', 'previous_hashes'];

/**
 * What a stored schema says, without its version. dlt notes a table for a resource whose pages were
 * empty, without columns; syncline when it has some. dlt also notes the format of files that it was told.
 */
export function schemaContent(schema: JsonObject): JsonObject {
  const content = Object.entries(schema).filter(([key]) => !SCHEMA_VERSION.includes(key));
  const tables = Object.entries(schema['tables'] as Record<string, JsonObject>)
    .filter(([, { columns }]) => Object.keys(columns as JsonObject).length > 0)
    .map(([name, { file_format, ...table }]) => [name, file_format === 'preferred' ? { file_format, ...table } : table] as const);
  return { ...Object.fromEntries(content), tables: Object.fromEntries(tables) };
}

/** What a state says: what dlt reads of it, hashes of rows in no order. An empty object is as good as none. */
export function stateContent(state: JsonObject): JsonObject {
  const { _state_version: _, _version_hash: __, ...content } = state;
  return sharedWithDlt(content) as JsonObject;
}

function sharedWithDlt(value: Json, key = ''): Json {
  if (key === 'unique_hashes') return (value as string[]).toSorted();
  if (Array.isArray(value)) return value.map((item) => sharedWithDlt(item));
  if (!isJsonObject(value)) return value;
  const own = Object.entries(value).filter(([name]) => !name.startsWith('syncline_'));
  const shared = own.map(([name, inner]) => [name, sharedWithDlt(inner, name)] as const);
  return Object.fromEntries(shared.filter(([, inner]) => !isJsonObject(inner) || Object.keys(inner).length > 0));
}
