import { writeFileSync } from 'node:fs';
import { quoteName as q, quoteText } from '../../src/destinations/sql/quote.ts';
import { type PostgresColumn, postgresColumns, postgresRows, queryPostgres } from '../postgres-rows.ts';
import { type PostgresServer, startPostgres } from '../postgres-server.ts';
import { type CopiedTable, copyToDuckDb } from './duckdb-copy.ts';
import type { ParityTables } from './parity-folder.ts';
import type { ParityTarget } from './run-case.ts';

/** The types that DuckDB has for those of Postgres where dlt knows both. */
const DUCKDB_TYPES: Readonly<Record<string, string>> = {
  'double precision': 'DOUBLE',
  boolean: 'BOOLEAN',
  jsonb: 'JSON',
  bytea: 'BLOB',
  date: 'DATE',
  smallint: 'SMALLINT',
  integer: 'INTEGER',
  bigint: 'BIGINT',
  // A wei column.
  'numeric(156,78)': 'DECIMAL(38,0)',
};

/** Starts a Postgres server in which each case has a database. */
export async function startPostgresTarget(): Promise<ParityTarget> {
  const server = await startPostgres();
  let databases = 0;
  return {
    unfit: () => undefined,
    async open(folder) {
      const name = `parity_${(databases += 1)}`;
      await queryPostgres(server.address(), `CREATE DATABASE ${name}`);
      return {
        address: server.address(name),
        copy: (dataset, file) => copyDataset(server, { name, dataset, file, folder }),
        [Symbol.asyncDispose]: async () => void (await queryPostgres(server.address(), `DROP DATABASE ${name}`)),
      };
    },
    alike,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function copyDataset(
  server: PostgresServer,
  { name, dataset, file, folder }: { name: string; dataset: string; file: string; folder: string },
): Promise<void> {
  const address = server.address(name);
  const names = await queryPostgres(address, 'SELECT tablename AS name FROM pg_tables WHERE schemaname = $1', [dataset]);
  const tables: CopiedTable[] = [];
  for (const table of names.map((row) => String(row['name']))) {
    const columns = await postgresColumns(address, dataset, table);
    const rows = await postgresRows(address, dataset, table);
    const path = `${folder}/${tables.length}.jsonl`;
    writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    const typed = columns.map(({ name: column, type, nullable }) => ({ name: column, type: duckDbType(type), nullable }));
    tables.push({ name: table, columns: typed, rows: rows.length === 0 ? undefined : readTexts(path, columns) });
  }
  await copyToDuckDb(file, dataset, tables);
}

/** Selects from a file of JSON lines whose values are texts; bytes are in hex. */
function readTexts(path: string, columns: readonly PostgresColumn[]): string {
  const cells = columns.map(({ name, type }) => (type === 'bytea' ? `unhex(${q(name)}) AS ${q(name)}` : q(name)));
  const types = columns.map(({ name }) => `${quoteText(name)}: 'VARCHAR'`);
  return `(SELECT ${cells.join(', ')} FROM read_json(${quoteText(path)}, format = 'newline_delimited', columns = {${types.join(', ')}}))`;
}

function duckDbType(type: string): string {
  if (type in DUCKDB_TYPES) return DUCKDB_TYPES[type] ?? '';
  if (type.startsWith('character varying')) return 'VARCHAR';
  if (type.startsWith('numeric')) return type.replace('numeric', 'DECIMAL');
  if (type.startsWith('timestamp')) return type.endsWith('with time zone') ? 'TIMESTAMP WITH TIME ZONE' : 'TIMESTAMP';
  if (type.startsWith('time')) return 'TIME';
  throw new Error(`dlt gives no column the type ${type}`);
}

/** Postgres has no integers of one byte, and `jsonb` has an order of its own for members. */
function alike(tables: ParityTables): ParityTables {
  return Object.fromEntries(
    Object.entries(tables).map(([name, { columns, rows }]) => [
      name,
      {
        columns: columns.map(([column, type, nullable]) => [column, type === 'TINYINT' ? 'SMALLINT' : type, nullable] as const),
        rows: rows.map((row) => row.map((cell, i) => (columns[i]?.[1] === 'JSON' && cell !== null ? sorted(cell) : cell))),
      },
    ]),
  );
}

function sorted(json: string): string {
  return JSON.stringify(JSON.parse(json), (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
