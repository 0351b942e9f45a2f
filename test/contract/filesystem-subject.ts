import { existsSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { TableSchema } from '../../src/core/schema.ts';
import { cursorsTable, runsTable } from '../../src/core/system-tables.ts';
import { columnType } from '../../src/destinations/duckdb/column-type.ts';
import { filesystem, type FilesystemOptions } from '../../src/destinations/filesystem.ts';
import { quoteName as q } from '../../src/destinations/sql/quote.ts';
import { completeColumns } from '../../src/destinations/sql/table-chain.ts';
import type { DestinationSubject, StoredTable } from '../../src/testing/index.ts';
import { filesBelow, loadIds, newestSchema, readFiles } from '../dataset-files.ts';
import { queryDuckDb } from '../duckdb-rows.ts';
import { asText } from './duckdb-subject.ts';

/** Our own tables, which are not in the stored schema. */
const OWN: ReadonlyMap<string, () => TableSchema> = new Map([
  ['_syncline_runs', runsTable],
  ['_syncline_cursors', cursorsTable],
]);

/** Files for the destination contract, read like somebody who follows the load files does. */
export function filesystemSubject(folder: string, options: FilesystemOptions): DestinationSubject {
  let count = 0;
  return {
    capabilities: filesystem(folder).capabilities,
    create() {
      count += 1;
      const place = join(folder, String(count));
      const destination = filesystem(place, options);
      return Promise.resolve({
        destination,
        read: (dataset, table) => read(join(place, dataset), table),
        [Symbol.asyncDispose]: async () => {
          await destination[Symbol.asyncDispose]();
          rmSync(place, { recursive: true, force: true });
        },
      });
    },
  };
}

async function read(dataset: string, name: string): Promise<StoredTable | undefined> {
  if (!existsSync(dataset)) return undefined;
  const all = filesBelow(dataset).filter((path) => path.startsWith(`${name}/`));
  const own = OWN.get(name);
  const schema = own === undefined ? newestSchema(dataset)?.tables[name] : own();
  if (schema === undefined || (own !== undefined && all.length === 0)) return undefined;
  const columns = completeColumns(schema).filter((column) => name !== '_dlt_pipeline_state' || column.name !== '_dlt_id');
  const visible = loadIds(dataset);
  const files = all.filter((path) => isVisible(basename(path), name, visible)).map((path) => join(dataset, path));
  const cells = columns.map((column) => `${asText(q(column.name), columnType(column))} AS ${q(column.name)}`);
  const rows = files.length === 0 ? [] : await queryDuckDb(':memory:', `SELECT ${cells.join(', ')} FROM ${readFiles(files, columns)}`);
  const text = (value: unknown, type: string) => (value !== null && type === 'DOUBLE' ? String(Number(value)) : (value as string | null));
  return {
    columns: Object.fromEntries(columns.map((column) => [column.name, { nullable: column.nullable !== false }])),
    rows: rows.map((row) => Object.fromEntries(columns.map((column) => [column.name, text(row[column.name], columnType(column))]))),
  };
}

/** The load of a file is in its name, but for versions of schemas and runs that loaded nothing. */
function isVisible(file: string, table: string, loads: ReadonlySet<string>): boolean {
  if (table === '_dlt_version' || table === '_dlt_loads') return true;
  if (!table.startsWith('_dlt_') && !table.startsWith('_syncline_')) return [...loads].some((id) => file.startsWith(`${id}.`));
  const [, loadId = ''] = file.split('__');
  return loadId === '0' || loads.has(loadId);
}
