import type { ColumnSchema, DataType, TableSchema } from './schema.ts';

/** dlt's table of schema versions. */
export const VERSION_TABLE = '_dlt_version';
/** dlt's table of completed loads. */
export const LOADS_TABLE = '_dlt_loads';
/** dlt's table of pipeline states. */
export const STATE_TABLE = '_dlt_pipeline_state';
/** Our table of runs. Neither it nor the next one is in the stored schema: dlt leaves such tables alone. */
export const RUNS_TABLE = '_syncline_runs';
/** Our table of the cursors that dependent resources have for each parent. */
export const CURSORS_TABLE = '_syncline_cursors';
/** Engine version of the stored schema that dlt 1.26 to 1.31 write and read. */
export const SCHEMA_ENGINE_VERSION = 11;
/** Engine version of the pipeline state that dlt 1.26 to 1.31 write and read. */
export const STATE_ENGINE_VERSION = 4;

/** Names and descriptions are dlt's: `dataset-layout`, system tables. */
function column(name: string, data_type: DataType, nullable: boolean, description: string, precision?: number): ColumnSchema {
  return { name, data_type, nullable, ...(precision === undefined ? {} : { precision }), description };
}

const columns = (...list: ColumnSchema[]): Record<string, ColumnSchema> => Object.fromEntries(list.map((c) => [c.name, c]));

/** `_dlt_version` as every stored schema has it. */
export function versionTable(): TableSchema {
  return {
    name: VERSION_TABLE,
    columns: columns(
      column('version', 'bigint', false, 'Numeric version of the schema, incremented on each schema change'),
      column('engine_version', 'bigint', false, 'Version of the dlt schema engine that created this schema'),
      column('inserted_at', 'timestamp', false, 'Timestamp when this schema version was stored'),
      column('schema_name', 'text', false, 'Name of the schema'),
      column('version_hash', 'text', false, 'Unique hash of the schema content, used to detect changes'),
      column('schema', 'text', false, 'JSON representation of the complete schema definition'),
    ),
    write_disposition: 'skip',
    resource: VERSION_TABLE,
    description: 'Created by DLT. Tracks schema updates',
  };
}

/** `_dlt_loads` as every stored schema has it. */
export function loadsTable(): TableSchema {
  return {
    name: LOADS_TABLE,
    columns: columns(
      column('load_id', 'text', false, 'Unique identifier of the load operation', 64),
      column('schema_name', 'text', true, 'Name of the schema associated with this load'),
      column('status', 'bigint', false, 'Status of the load operation (0 = success)'),
      column('inserted_at', 'timestamp', false, 'Timestamp when the load was completed'),
      column('schema_version_hash', 'text', true, 'Hash of the schema version used during this load'),
    ),
    write_disposition: 'skip',
    resource: LOADS_TABLE,
    description: 'Created by DLT. Tracks completed loads',
  };
}

/** `_dlt_pipeline_state`, added to the schema with the first state. */
export function stateTable(): TableSchema {
  return {
    columns: columns(
      column('version', 'bigint', false, 'Numeric version of the pipeline state'),
      column('engine_version', 'bigint', false, 'Version of the dlt state engine'),
      column('pipeline_name', 'text', false, 'Name of the pipeline this state belongs to'),
      column('state', 'text', false, 'Compressed JSON representation of the pipeline state'),
      column('created_at', 'timestamp', false, 'Timestamp when this state was created'),
      column('version_hash', 'text', true, 'Hash of the state content, used to detect changes'),
      column('_dlt_load_id', 'text', false, 'Load identifier linking this row to its load operation', 64),
      { name: '_dlt_id', data_type: 'text', nullable: false, unique: true, row_key: true },
    ),
    write_disposition: 'append',
    file_format: 'preferred',
    name: STATE_TABLE,
    resource: STATE_TABLE,
    'x-normalizer': { 'seen-data': true },
  };
}

/** `_syncline_runs`: a row a run. */
export function runsTable(): TableSchema {
  return {
    name: RUNS_TABLE,
    columns: columns(
      column('run_id', 'text', false, 'Identifier of the run'),
      column('pipeline_name', 'text', false, 'Name of the pipeline'),
      column('source_name', 'text', false, 'Name of the source and of its schema'),
      column('load_id', 'text', true, 'Load that the run committed last; null when it loaded nothing', 64),
      column('started_at', 'timestamp', false, 'When the run started'),
      column('finished_at', 'timestamp', false, 'When the run ended'),
      column('complete', 'bool', false, 'Whether the run read all that the API has'),
      column('report', 'json', false, 'The run report'),
    ),
    write_disposition: 'skip',
    description: 'Created by syncline. Tracks runs',
  };
}

/** `_syncline_cursors`: a row a cursor of a dependent resource and parent. */
export function cursorsTable(): TableSchema {
  return {
    name: CURSORS_TABLE,
    columns: columns(
      column('pipeline_name', 'text', false, 'Name of the pipeline'),
      column('source_name', 'text', false, 'Name of the source and of its schema'),
      column('resource', 'text', false, 'Name of the dependent resource'),
      column('parent_key', 'text', false, 'Identifies the parent'),
      column('cursor_path', 'text', false, 'Path of the cursor in a record'),
      column('state', 'text', false, 'JSON of the incremental state'),
    ),
    write_disposition: 'skip',
    description: 'Created by syncline. Tracks incremental cursors by parent',
  };
}
