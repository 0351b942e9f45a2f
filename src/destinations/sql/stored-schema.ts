import { StateError } from '../../core/errors.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { Schema } from '../../core/schema.ts';
import { SCHEMA_ENGINE_VERSION } from '../../core/system-tables.ts';
import { readStored } from './stored-text.ts';

/** The oldest engine version that is brought up to date here. dlt has written newer ones since 0.4. */
const OLDEST_ENGINE = 8;

/** Reads a `_dlt_version.schema`, and brings what an older dlt wrote up to date. */
export function readStoredSchema(stored: string): Schema {
  const document = readStored(stored, 'schema (_dlt_version)');
  const engine = Number(document['engine_version']);
  const name = typeof document['name'] === 'string' ? document['name'] : '';
  if (engine > SCHEMA_ENGINE_VERSION) {
    throw new StateError(
      'schema_engine_newer',
      `The stored schema ${name} has engine version ${engine}; this syncline reads up to ${SCHEMA_ENGINE_VERSION}.`,
      {
        hint: 'Update syncline, or load into a new dataset.',
      },
    );
  }
  if (!(engine >= OLDEST_ENGINE)) {
    throw new StateError(
      'schema_engine_older',
      `The stored schema ${name} has engine version ${engine}; this syncline reads from ${OLDEST_ENGINE} on.`,
      {
        hint: 'Run the pipeline once with dlt 1.26 or newer, which brings the schema up to date, or load into a new dataset.',
      },
    );
  }
  if (engine <= 8) markSeenData(document);
  if (engine <= 9) renameComplexAndForeignKeys(document);
  if (engine <= 10) objectAt(document, 'normalizers')['use_break_path_on_normalize'] = false;
  dropNullOnlyColumns(document);
  document['engine_version'] = SCHEMA_ENGINE_VERSION;
  return document as unknown as Schema;
}

/** 8 to 9: tables that have rows say so. */
function markSeenData(schema: JsonObject): void {
  for (const table of tablesOf(schema)) {
    if ('_dlt_id' in objectAt(table, 'columns')) objectAt(table, 'x-normalizer')['seen-data'] = true;
  }
}

/** 9 to 10: `complex` is `json`, row and parent keys have hints of their own instead of `foreign_key`. */
function renameComplexAndForeignKeys(schema: JsonObject): void {
  for (const table of tablesOf(schema)) {
    for (const [name, column] of Object.entries(objectAt(table, 'columns'))) {
      if (!isJsonObject(column)) continue;
      if (column['data_type'] === 'complex') column['data_type'] = 'json';
      if (name === '_dlt_id') column['row_key'] = column['unique'] ?? false;
      if (name === '_dlt_parent_id') column['parent_key'] = column['foreign_key'] ?? false;
      delete column['foreign_key'];
    }
  }
  const settings = objectAt(schema, 'settings');
  const preferred = isJsonObject(settings['preferred_types']) ? settings['preferred_types'] : {};
  for (const [pattern, type] of Object.entries(preferred)) if (type === 'complex') preferred[pattern] = 'json';
  if (isJsonObject(settings['default_hints'])) {
    delete settings['default_hints']['foreign_key'];
    settings['default_hints']['row_key'] = ['_dlt_id'];
    settings['default_hints']['parent_key'] = ['_dlt_parent_id'];
  }
  const config = objectAt(objectAt(schema, 'normalizers'), 'json')['config'];
  if (isJsonObject(config)) delete config['generate_dlt_id'];
}

/** Columns that were null in all rows were kept once; now they are not in the schema. */
function dropNullOnlyColumns(schema: JsonObject): void {
  for (const table of tablesOf(schema)) {
    const columns = objectAt(table, 'columns');
    for (const [name, column] of Object.entries(columns)) {
      const marks = isJsonObject(column) ? column['x-normalizer'] : undefined;
      if (!isJsonObject(column) || !isJsonObject(marks) || !marks['seen-null-first']) continue;
      if (!('data_type' in column)) delete columns[name];
      delete marks['seen-null-first'];
      if (Object.keys(marks).length === 0) delete column['x-normalizer'];
    }
  }
}

function tablesOf(schema: JsonObject): JsonObject[] {
  return Object.values(objectAt(schema, 'tables')).filter(isJsonObject);
}

/** The object under a key, made when it is missing. */
function objectAt(parent: JsonObject, key: string): JsonObject {
  const value = parent[key];
  if (isJsonObject(value)) return value;
  const made: JsonObject = {};
  parent[key] = made;
  return made;
}
