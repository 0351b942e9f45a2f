import { setTimeout as delay } from 'node:timers/promises';
import { postgres } from '../../src/destinations/postgres.ts';
import { quoteName as q } from '../../src/destinations/sql/quote.ts';
import type { DestinationSubject, StoredTable } from '../../src/testing/index.ts';
import { connectPostgres, readTable, type RunSql } from '../postgres-rows.ts';

/** Drops what a case has made. */
const DROP_ALL = `DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT nspname FROM pg_namespace WHERE nspname LIKE 'contract%' LOOP EXECUTE format('DROP SCHEMA %I CASCADE', name); END LOOP;
END $$`;

const TABLES = `SELECT CASE WHEN n.nspname LIKE 'pg_temp%' THEN 'temporary' ELSE n.nspname END || '.' || c.relname AS name
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`;

/** Connections to the database but for the one that asks. */
const OTHERS = `SELECT count(*) AS count FROM pg_stat_activity
  WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()`;
const PAUSE_MS = 20;

/** Postgres for the destination contract: a database whose schemas are dropped after each case. */
export function postgresSubject(address: () => string): DestinationSubject {
  // One connection for all: the server needs longer to make one than to read a table.
  let connection: ReturnType<typeof connectPostgres> | undefined;
  const query: RunSql = async (sql, values) => (await (connection ??= connectPostgres(address()))).query(sql, values);
  return {
    capabilities: postgres('postgres://localhost').capabilities,
    create() {
      const destination = postgres(address());
      return Promise.resolve({
        destination,
        read: (dataset, table) => read(query, dataset, table),
        total: async (dataset, table, columns) => {
          const sums = columns.map((column) => `sum(${q(column)}::numeric)`);
          const [row] = await query(`SELECT count(*) AS rows, json_build_array(${sums.join(', ')}) AS sums FROM ${q(dataset)}.${q(table)}`);
          return { rows: Number(row?.['rows']), sums: JSON.parse(row?.['sums'] ?? '') as number[] };
        },
        list: () => list(query),
        [Symbol.asyncDispose]: async () => {
          await destination[Symbol.asyncDispose]();
          await query(DROP_ALL);
        },
      });
    },
  };
}

async function read(query: RunSql, dataset: string, table: string): Promise<StoredTable | undefined> {
  const { columns, rows } = await readTable(query, { schema: dataset, table });
  if (columns.length === 0) return undefined;
  return {
    columns: Object.fromEntries(columns.map(({ name, nullable }) => [name, { nullable }])),
    rows,
  };
}

/** The server drops the temporary tables of a connection a moment after that is cut: it is waited until all are gone. */
async function list(query: RunSql): Promise<string[]> {
  while ((await query(OTHERS))[0]?.['count'] !== '0') await delay(PAUSE_MS);
  return (await query(TABLES)).map(({ name }) => String(name));
}
