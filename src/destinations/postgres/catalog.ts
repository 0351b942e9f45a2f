import type { ColumnSchema, TableSchema } from '../../core/schema.ts';
import { quoteName as q } from '../sql/quote.ts';
import { completeColumns } from '../sql/table-chain.ts';
import { checkName, checkNames } from './check-names.ts';
import { columnType } from './column-type.ts';
import { nullNotAllowed } from './failure.ts';
import { lockDataset } from './load-lock.ts';
import type { Session } from './session.ts';

/** A table as the database has it. */
export interface StoredTable {
  readonly name: string;
  /** Types by name, in the table's order. */
  readonly columns: Map<string, string>;
  /** Made by this transaction: nobody else can see it. */
  readonly isNew: boolean;
}

/** What tables a dataset has, read once, and how they get more columns. */
export class Catalog {
  readonly #session: Session;
  readonly #schema: string;
  readonly #tables: Map<string, StoredTable>;

  private constructor(session: Session, schema: string, tables: Map<string, StoredTable>) {
    this.#session = session;
    this.#schema = schema;
    this.#tables = tables;
  }

  /** Reads what is there; makes the schema when it is missing. */
  static async open(session: Session, schema: string): Promise<Catalog> {
    checkName(schema);
    if (!(await hasSchema(session, schema))) {
      // Others may be about to make it, with its system tables.
      await lockDataset(session, schema);
      await session.run(`CREATE SCHEMA IF NOT EXISTS ${q(schema)}`);
    }
    return new Catalog(session, schema, await readTables(session, schema));
  }

  /** The table, or `undefined` when it is not in the database. */
  find(table: string): StoredTable | undefined {
    return this.#tables.get(table);
  }

  /** The table's name as SQL takes it. */
  qualified(table: string): string {
    return `${q(this.#schema)}.${q(table)}`;
  }

  /** The columns that a table does not have. */
  missing(table: string, columns: readonly ColumnSchema[]): ColumnSchema[] {
    const stored = this.find(table)?.columns;
    return columns.filter((column) => stored?.has(column.name) !== true);
  }

  /**
   * Makes sure that a table has the columns, and returns those that were added to a table that was
   * there. What is there is left as it is. A column that must not be null is made nullable when the
   * table has rows from before. Altering a table locks it until the end of the transaction.
   */
  async ensure(table: string, columns: readonly ColumnSchema[]): Promise<ColumnSchema[]> {
    const found = this.find(table);
    checkNames(table, found === undefined ? columns : this.missing(table, columns));
    if (found === undefined) {
      await this.#session.run(`CREATE TABLE ${this.qualified(table)} (${columns.map(definition).join(', ')})`, [], table);
      this.#tables.set(table, { name: table, isNew: true, columns: new Map(columns.map((column) => [column.name, columnType(column)])) });
      return [];
    }
    const missing = this.missing(table, columns);
    if (missing.length === 0) return [];
    const additions = missing.map((column) => `ADD COLUMN ${definition({ ...column, nullable: true })}`);
    await this.#session.run(`ALTER TABLE ${this.qualified(table)} ${additions.join(', ')}`, [], table);
    for (const column of missing) found.columns.set(column.name, columnType(column));
    await this.#forbidNulls(
      found,
      missing.filter((column) => column.nullable === false),
    );
    return missing;
  }

  /** As `ensure`, for tables that other loads may be about to make too: whoever comes second finds them. */
  async ensureShared(tables: readonly TableSchema[]): Promise<void> {
    const missing = tables.filter(({ name }) => this.find(name) === undefined);
    if (missing.length > 0) {
      await lockDataset(this.#session, this.#schema);
      const stored = await readTables(this.#session, this.#schema);
      for (const { name } of missing) {
        const found = stored.get(name);
        if (found !== undefined) this.#tables.set(name, found);
      }
    }
    for (const table of tables) await this.ensure(table.name, completeColumns(table));
  }

  async #forbidNulls(table: StoredTable, columns: readonly ColumnSchema[]): Promise<void> {
    const [first] = columns;
    if (first === undefined) return;
    const name = this.qualified(table.name);
    const rows = await this.#session.rows(`SELECT 1 FROM ${name} LIMIT 1`);
    if (rows.length > 0 && table.isNew) throw nullNotAllowed(table.name, first.name);
    if (rows.length > 0) return;
    const changes = columns.map((column) => `ALTER COLUMN ${q(column.name)} SET NOT NULL`);
    await this.#session.run(`ALTER TABLE ${name} ${changes.join(', ')}`, [], table.name);
  }
}

/** A column as CREATE TABLE and ADD COLUMN take it. */
export function definition(column: ColumnSchema): string {
  return `${q(column.name)} ${columnType(column)}${column.nullable === false ? ' NOT NULL' : ''}`;
}

/** True when the schema is in the database. */
export async function hasSchema(session: Session, schema: string): Promise<boolean> {
  return (await session.rows('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema])).length > 0;
}

async function readTables(session: Session, schema: string): Promise<Map<string, StoredTable>> {
  const rows = await session.rows(
    `SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
     FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
     LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') ORDER BY c.oid, a.attnum`,
    [schema],
  );
  const tables = new Map<string, StoredTable>();
  for (const [name, column, type] of rows as [string, string | null, string][]) {
    const table = tables.get(name) ?? { name, columns: new Map<string, string>(), isNew: false };
    tables.set(name, table);
    if (column !== null) table.columns.set(column, type);
  }
  return tables;
}
