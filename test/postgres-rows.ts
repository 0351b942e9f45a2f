import { Client } from 'pg';
import { quoteName as q } from '../src/destinations/sql/quote.ts';

/** A row with every value as the server writes it, or null. */
export type TextRow = Record<string, string | null>;

/** A table's column as the database has it. */
export interface PostgresColumn {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
}

/** Runs statements and tells the rows of the last one. */
export type RunSql = (sql: string, values?: readonly unknown[]) => Promise<TextRow[]>;

/** Connects to a database, without the destination. */
export async function connectPostgres(address: string): Promise<{ readonly query: RunSql; readonly end: () => Promise<void> }> {
  const client = new Client({ connectionString: address, types: { getTypeParser: () => (text: string) => text } });
  // A server that stops while nothing is asked of it is no failure.
  client.on('error', () => undefined);
  await client.connect();
  return {
    async query(sql, values = []) {
      const result = await (values.length === 0 ? client.query(sql) : client.query(sql, [...values]));
      const last = Array.isArray(result) ? (result.at(-1) as typeof result) : result;
      return last.rows as TextRow[];
    },
    end: () => client.end(),
  };
}

/** Runs statements on a database with a connection of their own. */
export async function queryPostgres(address: string, sql: string, values: readonly unknown[] = []): Promise<TextRow[]> {
  const connection = await connectPostgres(address);
  try {
    return await connection.query(sql, values);
  } finally {
    await connection.end();
  }
}

/** The columns of a table in their order; empty when there is no such table. */
export function postgresColumns(address: string, schema: string, table: string): Promise<PostgresColumn[]> {
  return columnsOf((sql, values) => queryPostgres(address, sql, values), { schema, table });
}

/** All rows of a table in texts that do not depend on the database: times in UTC, bytes in hex, JSON without spaces. */
export async function postgresRows(address: string, schema: string, table: string): Promise<TextRow[]> {
  const connection = await connectPostgres(address);
  try {
    return (await readTable(connection.query, { schema, table })).rows;
  } finally {
    await connection.end();
  }
}

/** A table with its rows as `postgresRows` tells them. */
export async function readTable(
  query: RunSql,
  place: { readonly schema: string; readonly table: string },
): Promise<{ readonly columns: PostgresColumn[]; readonly rows: TextRow[] }> {
  const columns = await columnsOf(query, place);
  if (columns.length === 0) return { columns, rows: [] };
  const cells = columns.map(({ name, type }) => `${asText(q(name), type)} AS ${q(name)}`);
  const rows = await query(`SELECT ${cells.join(', ')} FROM ${q(place.schema)}.${q(place.table)}`);
  const text = (value: string | null, type: string) => {
    if (value === null) return null;
    if (type === 'double precision') return value === '-0' ? value : String(Number(value));
    return type === 'jsonb' ? withoutSpaces(value) : value;
  };
  return { columns, rows: rows.map((row) => Object.fromEntries(columns.map(({ name, type }) => [name, text(row[name] ?? null, type)]))) };
}

async function columnsOf(query: RunSql, { schema, table }: { readonly schema: string; readonly table: string }): Promise<PostgresColumn[]> {
  const rows = await query(
    `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS nullable
     FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
    [schema, table],
  );
  return rows.map(({ name, type, nullable }) => ({ name: String(name), type: String(type), nullable: nullable === 't' }));
}

function asText(column: string, type: string): string {
  if (type.endsWith('with time zone')) return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
  if (type.startsWith('timestamp')) return `to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS.US')`;
  if (type.startsWith('time')) return `to_char(${column}, 'HH24:MI:SS.US')`;
  if (type === 'date') return `to_char(${column}, 'YYYY-MM-DD')`;
  if (type === 'bytea') return `encode(${column}, 'hex')`;
  // A wei column has 78 decimals, which servers before 13 have no function to trim.
  return type === 'numeric(156,78)' ? `regexp_replace(${column}::text, '\\.?0*$', '')` : `${column}::text`;
}

/** Leaves out the spaces that jsonb puts between tokens, not those in texts. */
function withoutSpaces(json: string): string {
  return json.replace(/("(?:[^"\\]|\\.)*")|\s/g, (_, text: string | undefined) => text ?? '');
}
