import type { Restored } from '../../core/destination.ts';
import { CURSORS_TABLE, LOADS_TABLE, STATE_TABLE, VERSION_TABLE } from '../../core/system-tables.ts';
import { readParentCursors } from './parent-cursors.ts';
import { readStoredSchema } from './stored-schema.ts';
import { readStoredState } from './stored-state.ts';
import type { SystemReader } from './system-reader.ts';

/** What the loads of a pipeline left in a dataset; `undefined` when it has no system table. */
export async function restore(reader: SystemReader, pipeline: string, schema: string): Promise<Restored | undefined> {
  const { tables } = reader;
  if (tables.size === 0) return undefined;
  const storedSchema = tables.has(VERSION_TABLE) ? await newestSchema(reader, schema) : undefined;
  const storedState = tables.has(STATE_TABLE) && tables.has(LOADS_TABLE) ? await newestState(reader, pipeline) : undefined;
  return {
    schema: storedSchema === undefined ? undefined : readStoredSchema(storedSchema),
    state: storedState === undefined ? undefined : readStoredState(storedState),
    lastLoadId: tables.has(LOADS_TABLE)
      ? await firstText(reader, `SELECT max(load_id) FROM ${reader.qualified(LOADS_TABLE)}`, [])
      : undefined,
    ...(tables.has(CURSORS_TABLE) ? { parentCursors: await readParentCursors(reader, pipeline, schema) } : {}),
  };
}

/** True when the dataset's `_dlt_loads` has the load. */
export async function isCommitted(reader: SystemReader, loadId: string): Promise<boolean> {
  if (!reader.tables.has(LOADS_TABLE)) return false;
  const rows = await reader.rows(`SELECT 1 FROM ${reader.qualified(LOADS_TABLE)} WHERE load_id = $1`, [loadId]);
  return rows.length > 0;
}

function newestSchema(reader: SystemReader, schema: string): Promise<string | undefined> {
  const from = reader.qualified(VERSION_TABLE);
  return firstText(reader, `SELECT "schema" FROM ${from} WHERE schema_name = $1 ORDER BY inserted_at DESC, version DESC LIMIT 1`, [schema]);
}

function newestState(reader: SystemReader, pipeline: string): Promise<string | undefined> {
  return firstText(
    reader,
    `SELECT s.state FROM ${reader.qualified(STATE_TABLE)} AS s JOIN ${reader.qualified(LOADS_TABLE)} AS l ON l.load_id = s._dlt_load_id
     WHERE s.pipeline_name = $1 AND l.status = 0 ORDER BY l.load_id DESC LIMIT 1`,
    [pipeline],
  );
}

async function firstText(reader: SystemReader, sql: string, values: readonly string[]): Promise<string | undefined> {
  const [row] = await reader.rows(sql, values);
  return typeof row?.[0] === 'string' ? row[0] : undefined;
}
