import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { duckdb } from '../../src/destinations/duckdb.ts';
import { quoteName as q } from '../../src/destinations/sql/quote.ts';
import type { DestinationSubject, StoredTable } from '../../src/testing/index.ts';
import { columnsOf, queryDuckDb } from '../duckdb-rows.ts';

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
  const text = (value: unknown, type: string) => (value !== null && type === 'DOUBLE' ? String(Number(value)) : (value as string | null));
  return {
    columns: Object.fromEntries(columns.map(({ name, nullable }) => [name, { nullable }])),
    rows: rows.map((row) => Object.fromEntries(columns.map(({ name, type }) => [name, text(row[name], type)]))),
  };
}

/** A column of DuckDB in the texts that the contract compares; doubles stay. */
export function asText(column: string, type: string): string {
  if (type === 'TIMESTAMP WITH TIME ZONE') return `strftime(${column} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')`;
  if (type.startsWith('TIMESTAMP')) return `strftime(${column}::TIMESTAMP, '%Y-%m-%dT%H:%M:%S.%f')`;
  if (type === 'TIME') return `strftime('1970-01-01'::DATE + ${column}, '%H:%M:%S.%f')`;
  if (type === 'BLOB') return `lower(hex(${column}))`;
  return type === 'DOUBLE' ? column : `${column}::VARCHAR`;
}
