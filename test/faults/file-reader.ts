import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Schema, TableSchema } from '../../src/core/schema.ts';
import { completeColumns, rootOf } from '../../src/destinations/sql/table-chain.ts';
import { newestSchema, readFiles, systemRows } from '../dataset-files.ts';
import type { Cells, StoredDatabase, StoredTable } from './dataset-dump.ts';
import { type FileListing, listFiles, type RowsFile } from './file-listing.ts';

/**
 * Reads a dataset as it lies there, as somebody does who goes by `_dlt_loads`, and who takes of a replaced
 * table only the rows of its last load.
 */
export async function readFileDataset(root: string, schemaName: string): Promise<StoredDatabase> {
  const listing = listFiles(root);
  const schema = listing.loads.length > 0 ? newestSchema(root) : undefined;
  const tables = readSystemTables(root, listing, schemaName);
  if (listing.loads.length > 0) tables.push(table('_dlt_loads', listing.loads, schemaName));
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  try {
    const connection = await instance.connect();
    for (const each of Object.values(schema?.tables ?? {})) {
      const columns = completeColumns(each);
      if (each.name.startsWith('_') || schema === undefined || columns.length === 0) continue;
      const paths = currentFiles(listing, schema, each).map(({ path }) => join(root, path));
      const reader = paths.length === 0 ? undefined : await connection.runAndReadAll(`SELECT * FROM ${readFiles(paths, columns)}`);
      const names = columns.map(({ name, data_type, nullable }) => `${name} ${data_type}${nullable === false ? ' NOT NULL' : ''}`);
      tables.push({ schema: schemaName, name: each.name, columns: names, rows: reader?.getRowObjectsJson() ?? [] });
    }
    connection.closeSync();
  } finally {
    instance.closeSync();
  }
  const known = Object.keys(schema?.tables ?? {});
  const strange = listing.rows.filter((file) => !known.includes(file.table)).map(({ path }) => path);
  return { tables, flaws: [...listing.unknown, ...strange].map((path) => `${path} belongs to nothing`), isOrdered: false };
}

function readSystemTables(root: string, { system, loads }: FileListing, schema: string): StoredTable[] {
  const names = new Set(system.map((path) => path.slice(0, path.indexOf('/'))));
  return [...names].map((name) => {
    const paths = system.filter((path) => path.startsWith(`${name}/`));
    // The newest file has all cursors of a pipeline.
    const read = name === '_syncline_cursors' ? paths.toSorted().slice(-1) : paths;
    return table(name, loads.length === 0 && name !== '_syncline_runs' ? [] : read.flatMap((path) => systemRows(join(root, path))), schema);
  });
}

const table = (name: string, rows: readonly Cells[], schema: string): StoredTable => ({ schema, name, columns: [], rows });

/** The files that have the rows of a table. */
function currentFiles(listing: FileListing, { tables }: Schema, { name }: TableSchema): readonly RowsFile[] {
  const filesOf = (of: string): RowsFile[] => listing.rows.filter((file) => file.table === of);
  const root = rootOf(tables, name);
  if (root?.write_disposition !== 'replace') return filesOf(name);
  const last = filesOf(root.name).at(-1);
  return filesOf(name).filter(({ loadId }) => loadId === last?.loadId);
}
