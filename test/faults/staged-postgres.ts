import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { postgres } from '../../src/destinations/postgres.ts';
import { quoteName as q } from '../../src/destinations/sql/quote.ts';
import { type PostgresServer, startPostgres } from '../postgres-server.ts';
import { type Cells, type StoredDatabase, type StoredTable, textOf } from './dataset-dump.ts';
import type { StagedDestination } from './staged-database.ts';

type Read = (sql: string) => Promise<Cells[]>;

/** The server needs a moment to notice that a client was killed. What is there after this long is a leftover. */
const NOTICED_MS = 10_000;
const PAUSE_MS = 10;

/** Tables, views, sequences and more, temporary ones of other connections included; not what belongs to a table. */
const RELATIONS = `
  SELECT n.nspname AS schema, c.relname AS name, coalesce((
    SELECT json_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END ORDER BY a.attnum)
    FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '[]') AS columns
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE c.relkind NOT IN ('i', 'I', 't') AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2`;

/** Other connections with this database. */
const CONNECTIONS = `
  SELECT format('connection %s is left: %s, %s', pid, state, query) AS flaw
  FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`;

/** What can be left of a load where no table tells it. */
const LEFTOVERS = `
  ${CONNECTIONS}
  UNION ALL SELECT format('a lock is left: %s, %s', locktype, mode) FROM pg_locks
  WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND pid IS DISTINCT FROM pg_backend_pid()
  UNION ALL SELECT format('schema %s is empty', nspname) FROM pg_namespace AS n
  WHERE nspname !~ '^pg_' AND nspname NOT IN ('public', 'information_schema') AND NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = n.oid)`;

/** Starts a server in which each stage has a database of its own. */
export async function startPostgresStages(): Promise<StagedDestination> {
  // Nothing but the runs changes or locks anything.
  const server = await startPostgres('autovacuum=off');
  let databases = 0;
  return {
    capabilities: postgres('postgres://localhost/x', { env: {} }).capabilities,
    async open() {
      const name = `stage_${(databases += 1)}`;
      await inDatabase(server, 'postgres', (run) => run(`CREATE DATABASE ${name} TEMPLATE template0`));
      return {
        destination: server.address(name),
        driver: 'postgres',
        files: [],
        read: () => inDatabase(server, name, readDatabase),
        [Symbol.asyncDispose]: async () => void (await inDatabase(server, 'postgres', (run) => run(`DROP DATABASE ${name}`))),
      };
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** Connections that are left are named, not ended: the next run has to do with them. */
async function readDatabase(read: Read): Promise<StoredDatabase> {
  for (let waited = 0; waited < NOTICED_MS && (await read(CONNECTIONS)).length > 0; waited += PAUSE_MS) await delay(PAUSE_MS);
  const leftovers = await read(LEFTOVERS);
  const tables: StoredTable[] = [];
  for (const { columns, ...cells } of await read(RELATIONS)) {
    const [schema, name] = [textOf(cells['schema']), textOf(cells['name'])];
    const rows = schema.startsWith('pg_temp_') ? [] : await read(`SELECT * FROM ${q(schema)}.${q(name)}`);
    tables.push({ schema, name, columns: JSON.parse(textOf(columns)) as string[], rows });
  }
  return { tables, flaws: leftovers.map(({ flaw }) => textOf(flaw)), isOrdered: false };
}

/** All values come as the server writes them. */
async function inDatabase<T>(server: PostgresServer, database: string, action: (read: Read) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: server.address(database), types: { getTypeParser: () => (text: string) => text } });
  await client.connect();
  try {
    return await action(async (sql) => (await client.query<Cells>(sql)).rows);
  } finally {
    await client.end();
  }
}
