import { join } from 'node:path';
import type { Dataset, LoadInfo } from '../../src/core/destination.ts';
import type { Schema } from '../../src/core/schema.ts';
import { bumpVersion, newSchema } from '../../src/core/schema-hash.ts';
import type { PipelineState } from '../../src/core/state.ts';
import { batchOf } from '../../src/testing/index.ts';
import { columns, rootTable, runOf, stateOf as sceneState } from '../../src/testing/destination-scene.ts';
import { filesBelow, loadIds, systemRows } from '../dataset-files.ts';

/** A table that loads append to. */
export const events = rootTable('events', columns({ id: { data_type: 'bigint' } }));
/** A table that each load replaces. */
export const settings = rootTable('settings', columns({ id: { data_type: 'bigint' } }), { write_disposition: 'replace' });

/** The schema that a load brings: a version of its own. */
export function schemaOf(loadId: string): Schema {
  const schema = newSchema('api');
  schema.tables['events'] = events;
  schema.tables['settings'] = settings;
  schema.tables[`only_${loadId.replace('.', '_')}`] = rootTable('only', {});
  bumpVersion(schema);
  return schema;
}

/** The state of a pipeline that loads into files. */
export function stateOf(version: number): PipelineState {
  return sceneState(version, {
    pipeline_name: 'p',
    dataset_name: 'data',
    default_schema_name: 'api',
    schema_names: ['api'],
    destination_type: 'dlt.destinations.filesystem',
  });
}

/** A load that appends to `events` and replaces `settings`, and all that goes with it. */
export async function load(dataset: Dataset, number: number): Promise<void> {
  const loadId = `170000000${number}.5`;
  const info: LoadInfo = { loadId, pipeline: 'p', startedAt: new Date(0), schema: newSchema('api'), replaced: ['settings'] };
  const schema = schemaOf(loadId);
  const transaction = await dataset.begin(info);
  await transaction.migrate([events, settings].map((table) => ({ kind: 'create_table', table, columns: Object.values(table.columns) })));
  for (const table of [events, settings]) await transaction.write(batchOf(table, [{ id: number, _dlt_load_id: loadId, _dlt_id: 'a' }]));
  const state = { initial_value: null, last_value: number, unique_hashes: [], start_value: null };
  await transaction.commit({
    schema,
    state: stateOf(number),
    parentCursors: { forget: [], put: [{ resource: 'r', parentKey: String(number), cursorPath: 'c', state }] },
    run: runOf(`run ${loadId}`, { pipeline: 'p', source: 'api', loadId, report: {} }),
  });
}

/** What somebody sees who follows the load files: the numbers of the rows of a table. */
export function visible(dataset: string, table: string): number[] {
  const loads = loadIds(dataset);
  const files = filesBelow(dataset).filter((path) => path.startsWith(`${table}/`));
  const rows = files.filter((path) => loads.has(/(\d+\.\d+)\./.exec(path)?.[1] ?? '')).flatMap((path) => systemRows(join(dataset, path)));
  return rows.map((row) => Number(row['id'])).toSorted((a, b) => a - b);
}

/** A path without the time of a schema version, which is not the same twice. */
export const withoutTime = (path: string): string => path.replace(/(?<=_dlt_version\/api__)\d+\.\d+/, '#');
