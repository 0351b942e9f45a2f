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

/** Runs statements on a database, without the destination. */
export async function queryPostgres(address: string, sql: string, values: readonly unknown[] = []): Promise<TextRow[]> {
  const client = new Client({ connectionString: address, types: { getTypeParser: () => (text: string) => text } });
  await client.connect();
  try {
    const result = await (values.length === 0 ? client.query(sql) : client.query(sql, [...values]));
    const last = Array.isArray(result) ? (result.at(-1) as typeof result) : result;
    return last.rows as TextRow[];
  } finally {
    await client.end();
  }
}

/** The columns of a table in their order; empty when there is no such table. */
export async function postgresColumns(address: string, schema: string, table: string): Promise<PostgresColumn[]> {
  const rows = await queryPostgres(
    address,
    `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS nullable
     FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
    [schema, table],
  );
  return rows.map(({ name, type, nullable }) => ({ name: String(name), type: String(type), nullable: nullable === 't' }));
}

/** All rows of a table in texts that do not depend on the database: times in UTC, bytes in hex, JSON without spaces. */
export async function postgresRows(address: string, schema: string, table: string): Promise<TextRow[]> {
  const columns = await postgresColumns(address, schema, table);
  if (columns.length === 0) return [];
  const cells = columns.map(({ name, type }) => `${asText(q(name), type)} AS ${q(name)}`);
  const rows = await queryPostgres(address, `SELECT ${cells.join(', ')} FROM ${q(schema)}.${q(table)}`);
  const text = (value: string | null, type: string) => {
    if (value === null) return null;
    if (type === 'double precision') return value === '-0' ? value : String(Number(value));
    return type === 'jsonb' ? withoutSpaces(value) : value;
  };
  return rows.map((row) => Object.fromEntries(columns.map(({ name, type }) => [name, text(row[name] ?? null, type)])));
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
