import { quoteName as q } from '../../src/destinations/sql/quote.ts';
import { queryDuckDb } from '../duckdb-rows.ts';

/** A table that is copied into a DuckDB file. */
export interface CopiedTable {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly nullable: boolean }[];
  /** What the rows are selected from, as SQL; `undefined` when there are none. */
  readonly rows: string | undefined;
}

/** Writes tables into a new DuckDB file.. */
export async function copyToDuckDb(file: string, dataset: string, tables: readonly CopiedTable[]): Promise<void> {
  const statements = tables.map(({ name, columns, rows }) => {
    const table = `${q(dataset)}.${q(name)}`;
    const list = columns.map((column) => `${q(column.name)} ${column.type}${column.nullable ? '' : ' NOT NULL'}`);
    const create = `CREATE TABLE ${table} (${list.join(', ')});`;
    return rows === undefined ? create : `${create} INSERT INTO ${table} BY NAME SELECT * FROM ${rows};`;
  });
  await queryDuckDb(file, `CREATE SCHEMA ${q(dataset)}; ${statements.join('\n')}`);
}
