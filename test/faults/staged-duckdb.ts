import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { duckdb } from '../../src/destinations/duckdb.ts';
import { type Cells, type StoredDatabase, type StoredTable, textOf } from './dataset-dump.ts';
import type { StagedDestination } from './staged-database.ts';

/** A database file for each stage. It goes with the folder. */
export const DUCKDB: StagedDestination = {
  capabilities: duckdb(':memory:').capabilities,
  open(folder) {
    mkdirSync(join(folder, 'db'));
    return Promise.resolve({
      destination: 'duckdb:db/x.duckdb',
      driver: 'duckdb',
      files: ['db', 'db/x.duckdb'],
      read: () => readDuckDb(join(folder, 'db', 'x.duckdb')),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    });
  },
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

/**
 * Reads a database as it lies there, a write-ahead log included, from a copy: the next run finds it as
 * the last one left it.
 */
export async function readDuckDb(file: string): Promise<StoredDatabase> {
  if (!existsSync(file)) return { tables: [], flaws: [], isOrdered: true };
  const copy = `${file}.copy`;
  copyFileSync(file, copy);
  if (existsSync(`${file}.wal`)) copyFileSync(`${file}.wal`, `${copy}.wal`);
  try {
    return { tables: await readTables(copy), flaws: [], isOrdered: true };
  } finally {
    for (const path of [copy, `${copy}.wal`]) rmSync(path, { force: true });
  }
}

async function readTables(file: string): Promise<StoredTable[]> {
  const instance = await DuckDBInstance.create(file, { threads: '1' });
  try {
    const connection = await instance.connect();
    const read = async (sql: string): Promise<Cells[]> => (await connection.runAndReadAll(sql)).getRowObjectsJson();
    const tables = await read(
      `SELECT schema_name, table_name, (SELECT list(column_name || ' ' || data_type ORDER BY column_index) FROM duckdb_columns() c
        WHERE c.table_oid = t.table_oid) AS columns FROM duckdb_tables() t ORDER BY ALL`,
    );
    const stored: StoredTable[] = [];
    for (const { schema_name, table_name, columns } of tables) {
      const [schema, name] = [textOf(schema_name), textOf(table_name)];
      const rows = await read(`SELECT * FROM "${schema}"."${name}" ORDER BY rowid`);
      stored.push({ schema, name, columns: columns as string[], rows });
    }
    connection.closeSync();
    return stored;
  } finally {
    instance.closeSync();
  }
}
