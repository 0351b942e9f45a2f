import { existsSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { ColumnSchema, TableSchema } from '../../src/core/schema.ts';
import { cursorsTable, runsTable } from '../../src/core/system-tables.ts';
import { columnType } from '../../src/destinations/duckdb/column-type.ts';
import { filesystem, type FilesystemOptions } from '../../src/destinations/filesystem.ts';
import { pathName } from '../../src/destinations/filesystem/path-name.ts';
import { quoteName as q } from '../../src/destinations/sql/quote.ts';
import { completeColumns } from '../../src/destinations/sql/table-chain.ts';
import type { DestinationPlace, DestinationSubject, StoredTable, StoredTotal } from '../../src/testing/index.ts';
import { filesBelow, loadIds, newestTable, readFiles } from '../dataset-files.ts';
import { asText, cellText } from './duckdb-subject.ts';

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
        ...folderReader(place),
        [Symbol.asyncDispose]: async () => {
          await destination[Symbol.asyncDispose]();
          rmSync(place, { recursive: true, force: true });
        },
      });
    },
  };
}

/** All files are read by one database in memory: to make one takes longer than to read a file. */
let reader: Promise<DuckDBConnection> | undefined;

async function query(sql: string): Promise<Record<string, unknown>[]> {
  const connection = await (reader ??= connect());
  return (await connection.runAndReadAll(sql)).getRowObjectsJson();
}

async function connect(): Promise<DuckDBConnection> {
  const connection = await (await DuckDBInstance.create()).connect();
  await connection.run(`SET TimeZone = 'UTC'`);
  return connection;
}

/** What reads the datasets in a folder. `folderOf` has the name of a table's folder. */
export function folderReader(
  folder: string,
  folderOf: (table: string) => string = pathName,
): Pick<DestinationPlace, 'read' | 'total' | 'list'> {
  const filesOf = (dataset: string, table: string) => visibleFiles(join(folder, pathName(dataset)), table, folderOf(table));
  return {
    read: async (dataset, table) => read(filesOf(dataset, table)),
    async total(dataset, table, names) {
      const { columns, files } = filesOf(dataset, table) ?? { columns: [], files: [] };
      const sql = `SELECT count(*)::DOUBLE AS rows, [${names.map((column) => `sum(${q(column)}::DOUBLE)`).join(', ')}] AS sums FROM ${readFiles(files, columns)}`;
      return (await query(sql))[0] as unknown as StoredTotal;
    },
    list: async () => (existsSync(folder) ? filesBelow(folder) : []),
  };
}

interface VisibleFiles {
  readonly columns: readonly ColumnSchema[];
  readonly files: readonly string[];
}

/** The files of a table that a load has made visible; `undefined` when there is no such table. */
function visibleFiles(dataset: string, name: string, folder: string): VisibleFiles | undefined {
  if (!existsSync(dataset)) return undefined;
  const all = filesBelow(dataset).filter((path) => path.startsWith(`${folder}/`));
  const own = OWN.get(name);
  const schema = own === undefined ? newestTable(dataset, name) : own();
  if (schema === undefined || (own !== undefined && all.length === 0)) return undefined;
  const columns = completeColumns(schema).filter((column) => name !== '_dlt_pipeline_state' || column.name !== '_dlt_id');
  const visible = loadIds(dataset);
  return { columns, files: all.filter((path) => isVisible(basename(path), name, visible)).map((path) => join(dataset, path)) };
}

async function read(found: VisibleFiles | undefined): Promise<StoredTable | undefined> {
  if (found === undefined) return undefined;
  const { columns, files } = found;
  const cells = columns.map((column) => `${asText(q(column.name), columnType(column))} AS ${q(column.name)}`);
  const rows = files.length === 0 ? [] : await query(`SELECT ${cells.join(', ')} FROM ${readFiles(files, columns)}`);
  return {
    columns: Object.fromEntries(columns.map((column) => [column.name, { nullable: column.nullable !== false }])),
    rows: rows.map((row) => Object.fromEntries(columns.map((column) => [column.name, cellText(row[column.name], columnType(column))]))),
  };
}

/** The load of a file is in its name, but for versions of schemas and runs that loaded nothing. */
function isVisible(file: string, table: string, loads: ReadonlySet<string>): boolean {
  if (table === '_dlt_version' || table === '_dlt_loads') return true;
  if (!OWN.has(table) && table !== '_dlt_pipeline_state') return [...loads].some((id) => file.startsWith(`${id}.`));
  const [, loadId = ''] = file.split('__');
  return loadId === '0' || loads.has(loadId);
}
