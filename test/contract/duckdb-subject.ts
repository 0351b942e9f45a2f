import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { duckdb } from '../../src/destinations/duckdb.ts';
import { quoteName as q } from '../../src/destinations/sql/quote.ts';
import type { DestinationSubject, StoredTable, StoredTotal } from '../../src/testing/index.ts';
import { columnsOf, queryDuckDb } from '../duckdb-rows.ts';

const TABLES = `SELECT schema_name || '.' || table_name AS name FROM duckdb_tables() ORDER BY 1`;

/** DuckDB for the destination contract: a file of its own a case, in the folder. */
export function duckdbSubject(folder: string): DestinationSubject {
  let count = 0;
  return {
    capabilities: duckdb(':memory:').capabilities,
    create() {
      count += 1;
      const file = join(folder, `${count}.duckdb`);
      const destination = duckdb(file);
      return Promise.resolve({
        destination,
        read: (dataset, table) => read(file, dataset, table),
        total: async (dataset, table, columns) => {
          const sql = `SELECT count(*)::DOUBLE AS rows, [${columns.map((column) => `sum(${q(column)}::DOUBLE)`).join(', ')}] AS sums FROM ${q(dataset)}.${q(table)}`;
          return (await queryDuckDb(file, sql))[0] as unknown as StoredTotal;
        },
        list: async () => (existsSync(file) ? (await queryDuckDb(file, TABLES)).map(({ name }) => String(name)) : []),
        [Symbol.asyncDispose]: async () => {
          await destination[Symbol.asyncDispose]();
          rmSync(file, { force: true });
        },
      });
    },
  };
}

/** A table in the texts that the contract compares. */
async function read(file: string, dataset: string, table: string): Promise<StoredTable | undefined> {
  const columns = await columnsOf(file, dataset, table);
  if (columns.length === 0) return undefined;
  const cells = columns.map(({ name, type }) => `${asText(q(name), type)} AS ${q(name)}`);
  const rows = await queryDuckDb(file, `SELECT ${cells.join(', ')} FROM ${q(dataset)}.${q(table)}`);
  return {
    columns: Object.fromEntries(columns.map(({ name, nullable }) => [name, { nullable }])),
    rows: rows.map((row) => Object.fromEntries(columns.map(({ name, type }) => [name, cellText(row[name], type)]))),
  };
}

/** What `asText` has read, as the contract compares it: doubles as JavaScript prints them, but for `-0`. */
export function cellText(value: unknown, type: string): string | null {
  if (value === null) return null;
  if (type === 'DOUBLE') return Object.is(Number(value), -0) ? '-0' : String(Number(value));
  return type === 'VARCHAR' ? (JSON.parse(value as string) as string) : (value as string);
}

/** A column of DuckDB in texts for `cellText`. */
export function asText(column: string, type: string): string {
  if (type === 'TIMESTAMP WITH TIME ZONE') return `strftime(${column} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')`;
  if (type.startsWith('TIMESTAMP')) return `strftime(${column}::TIMESTAMP, '%Y-%m-%dT%H:%M:%S.%f')`;
  if (type === 'TIME') return `strftime('1970-01-01'::DATE + ${column}, '%H:%M:%S.%f')`;
  // The driver takes a byte order mark off the beginning of a text.
  if (type === 'VARCHAR') return `to_json(${column})::VARCHAR`;
  if (type === 'BLOB') return `lower(hex(${column}))`;
  // Where all digits are behind the point, DuckDB prints none before it.
  if (type.startsWith('DECIMAL')) return `regexp_replace(${column}::VARCHAR, '^(-?)\\.', '\\10.')`;
  return type === 'DOUBLE' ? column : `${column}::VARCHAR`;
}
