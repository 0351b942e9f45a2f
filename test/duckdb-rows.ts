import { quoteName as q, quoteText } from '../src/destinations/sql/quote.ts';
import { leaseInstance } from '../src/destinations/duckdb/instance.ts';

/** A row with timestamps in milliseconds since 1970 and everything else as DuckDB prints it to JSON. */
export type StoredRow = Record<string, unknown>;

/** Runs a query on a database file, also while a destination of this process has it open. */
export async function queryDuckDb(file: string, sql: string): Promise<StoredRow[]> {
  const lease = await leaseInstance(file, {});
  try {
    const connection = await lease.instance.connect();
    try {
      await connection.run(`SET TimeZone = 'UTC'`);
      return (await connection.runAndReadAll(sql)).getRowObjectsJson();
    } finally {
      connection.closeSync();
    }
  } finally {
    lease.release();
  }
}

/** Names and types of a table's columns, in their order; empty when there is no such table. */
export async function columnsOf(
  file: string,
  dataset: string,
  table: string,
): Promise<{ name: string; type: string; nullable: boolean }[]> {
  const rows = await queryDuckDb(
    file,
    `SELECT column_name AS name, data_type AS type, is_nullable AS nullable FROM duckdb_columns()
     WHERE schema_name = ${quoteText(dataset)} AND table_name = ${quoteText(table)} ORDER BY column_index`,
  );
  return rows as { name: string; type: string; nullable: boolean }[];
}

/** All rows of a table, in an order that depends on their content alone. */
export async function rowsOf(file: string, dataset: string, table: string): Promise<StoredRow[]> {
  const columns = await columnsOf(file, dataset, table);
  const list = columns.map(({ name, type }) => (type.startsWith('TIMESTAMP') ? `epoch_ms(${q(name)})::DOUBLE AS ${q(name)}` : q(name)));
  const rows = columns.length === 0 ? [] : await queryDuckDb(file, `SELECT ${list.join(', ')} FROM ${q(dataset)}.${q(table)}`);
  return rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
