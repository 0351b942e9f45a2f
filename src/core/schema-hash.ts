import { sha3 } from './hash.ts';
import type { Json } from './json.ts';
import { canonicalJson } from './print-json.ts';
import type { Schema } from './schema.ts';
import type { PipelineState } from './state.ts';
import { loadsTable, SCHEMA_ENGINE_VERSION, versionTable } from './system-tables.ts';

const MAX_PREVIOUS_HASHES = 10;

/** dlt's version hash of a schema: all of it but its version, and the order of its columns. */
export function schemaHash(schema: Schema): string {
  const { version: _v, version_hash: _h, imported_version_hash: _i, previous_hashes: _p, ...content } = schema;
  const texts = [canonicalJson(content as unknown as Json)];
  for (const table of Object.keys(schema.tables).toSorted()) texts.push(table, ...Object.keys(schema.tables[table]?.columns ?? {}));
  return sha3(...texts);
}

/** Gives a changed schema its new hash and the next version, and remembers the hash that it had. */
export function bumpVersion(schema: Schema): void {
  const hash = schemaHash(schema);
  const previous = schema.version_hash;
  if (!previous) schema.version ||= 1;
  else if (hash !== previous) {
    schema.version += 1;
    if (!schema.previous_hashes.includes(previous)) {
      schema.previous_hashes = [previous, ...schema.previous_hashes].slice(0, MAX_PREVIOUS_HASHES);
    }
  }
  schema.version_hash = hash;
}

/** An empty schema as dlt makes it: system tables and default settings, version 1 with its hash. */
export function newSchema(name: string): Schema {
  const schema: Schema = {
    version: 1,
    version_hash: '',
    engine_version: SCHEMA_ENGINE_VERSION,
    name,
    tables: { _dlt_version: versionTable(), _dlt_loads: loadsTable() },
    settings: {
      detections: ['iso_timestamp'],
      default_hints: {
        not_null: ['_dlt_id', '_dlt_root_id', '_dlt_parent_id', '_dlt_list_idx', '_dlt_load_id'],
        parent_key: ['_dlt_parent_id'],
        root_key: ['_dlt_root_id'],
        unique: ['_dlt_id'],
        row_key: ['_dlt_id'],
      },
    },
    normalizers: { names: 'snake_case', json: { module: 'dlt.common.normalizers.json.relational' } },
    previous_hashes: [],
  };
  bumpVersion(schema);
  return schema;
}

/** dlt's hash of a pipeline state: all of it but its version numbers, its hash and what is local. */
export function stateHash(state: PipelineState): string {
  const { _state_version: _v, _state_engine_version: _e, _version_hash: _h, _local, ...content } = state;
  return sha3(canonicalJson(content as unknown as Json));
}
