import { DestinationError } from '../../core/errors.ts';
import type { ColumnSchema } from '../../core/schema.ts';
import { quoteName as q } from '../sql/quote.ts';
import { columnType } from './column-type.ts';
import type { Session } from './session.ts';

/** Every ALTER TABLE costs time in proportion to the table's columns: above this many, the table is made anew. */
const MOST_ALTERS = 100;

/** Where tables are: a schema of a database, or the temporary tables of a connection. */
export interface Place {
  readonly catalog: string;
  readonly schema: string;
}

/** Where the temporary tables of a connection are. */
export const TEMPORARY: Place = { catalog: 'temp', schema: 'main' };

/** A table as the database has it. Names of columns are compared without case, as DuckDB does. */
export interface StoredTable {
  readonly name: string;
  /** Types by lower-case name, in the table's order. */
  readonly columns: Map<string, string>;
  /** Made by this load. */
  readonly isNew: boolean;
  /** Made anew by this load, with the rows that it had: their row ids are as new as those of the load's rows. */
  isRemade: boolean;
}

/** What tables a dataset has, read once, and how they get more columns. */
export class Catalog {
  readonly #session: Session;
  readonly #place: Place;
  readonly #tables = new Map<string, StoredTable>();

  /** A place without tables. */
  constructor(session: Session, place: Place) {
    this.#session = session;
    this.#place = place;
  }

  /** Reads what is there; makes the schema when it is missing. */
  static async open(session: Session, place: Place): Promise<Catalog> {
    await session.run(`CREATE SCHEMA IF NOT EXISTS ${q(place.catalog)}.${q(place.schema)}`);
    const [row] = await session.rows(
      'SELECT schema_name FROM duckdb_schemas() WHERE database_name = $1 AND lower(schema_name) = lower($2)',
      [place.catalog, place.schema],
    );
    const catalog = new Catalog(session, { ...place, schema: String(row?.[0]) });
    const rows = await session.rows(
      'SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE database_name = $1 AND schema_name = $2 ORDER BY table_name, column_index',
      [catalog.#place.catalog, catalog.#place.schema],
    );
    for (const [table, column, type] of rows)
      catalog.#tableFor(String(table), false).columns.set(String(column).toLowerCase(), String(type));
    return catalog;
  }

  /** The table, or `undefined` when it is not in the database. */
  find(table: string): StoredTable | undefined {
    return this.#tables.get(table.toLowerCase());
  }

  /** The table's name as SQL takes it. */
  qualified(table: string): string {
    return [this.#place.catalog, this.#place.schema, this.find(table)?.name ?? table].map(q).join('.');
  }

  /** True when the table is there with all of the columns. */
  has(table: string, columns: readonly ColumnSchema[]): boolean {
    const stored = this.find(table)?.columns;
    return stored !== undefined && columns.every((column) => stored.has(column.name.toLowerCase()));
  }

  /** True when the table has these columns and no other, and in the types that they have now. */
  holds(table: string, columns: readonly ColumnSchema[]): boolean {
    const stored = this.find(table)?.columns;
    return stored?.size === columns.length && columns.every((column) => stored.get(column.name.toLowerCase()) === columnType(column));
  }

  /** The table's columns in their order, in lower case. */
  columnNames(table: string): string[] {
    return [...(this.find(table)?.columns.keys() ?? [])];
  }

  /**
   * Makes sure that a table has the columns, and returns those that were added to a table that was
   * there. What is there is left as it is. A column that must not be null is made nullable when the
   * table has rows from before.
   */
  async ensure(table: string, columns: readonly ColumnSchema[]): Promise<ColumnSchema[]> {
    const found = this.find(table);
    if (found === undefined) {
      await this.#create(table, columns.map(definition));
      this.#note(this.#tableFor(table, true), columns);
      return [];
    }
    const missing = columns.filter((column) => !found.columns.has(column.name.toLowerCase()));
    if (missing.length === 0) return [];
    const nullable = missing.map((column) => ({ ...column, nullable: true }));
    if (missing.length > MOST_ALTERS && !(await this.#hasDependents(found))) await this.#remake(found, nullable);
    else
      for (const column of nullable)
        await this.#session.run(`ALTER TABLE ${this.qualified(table)} ADD COLUMN ${definition(column)}`, [], table);
    this.#note(found, missing);
    await this.#forbidNulls(
      found,
      missing.filter((column) => column.nullable === false),
    );
    return missing;
  }

  async #create(table: string, definitions: readonly string[]): Promise<void> {
    const kind = this.#place === TEMPORARY ? 'TEMPORARY TABLE' : 'TABLE';
    await this.#session.run(`CREATE ${kind} ${this.qualified(table)} (${definitions.join(', ')})`, [], table);
  }

  #tableFor(name: string, isNew: boolean): StoredTable {
    const key = name.toLowerCase();
    const table = this.#tables.get(key) ?? { name, columns: new Map(), isNew, isRemade: false };
    this.#tables.set(key, table);
    return table;
  }

  #note(table: StoredTable, columns: readonly ColumnSchema[]): void {
    for (const column of columns) table.columns.set(column.name.toLowerCase(), columnType(column));
  }

  /** ALTER TABLE cannot add a column that is NOT NULL; afterwards that is possible while no row is there. */
  async #forbidNulls(table: StoredTable, columns: readonly ColumnSchema[]): Promise<void> {
    if (columns.length === 0) return;
    const name = this.qualified(table.name);
    const rows = await this.#session.rows(`SELECT 1 FROM ${name} LIMIT 1`);
    if (rows.length > 0 && !table.isNew) return;
    for (const column of columns) {
      if (rows.length > 0) throw nullNotAllowed(table.name, column.name);
      await this.#session.run(`ALTER TABLE ${name} ALTER COLUMN ${q(column.name)} SET NOT NULL`, [], table.name);
    }
  }

  /** Moves the rows into a table that has the new columns too. */
  async #remake(table: StoredTable, columns: readonly ColumnSchema[]): Promise<void> {
    const { catalog, schema } = this.#place;
    const name = this.qualified(table.name);
    const before = `${table.name}_before_columns`;
    const [[definitions]] = (await this.#session.rows(
      `SELECT string_agg(format('"{}" {}{}', replace(column_name, '"', '""'), data_type, CASE WHEN is_nullable THEN '' ELSE ' NOT NULL' END), ', ' ORDER BY column_index)
       FROM duckdb_columns() WHERE database_name = $1 AND schema_name = $2 AND table_name = $3`,
      [catalog, schema, table.name],
    )) as [[string]];
    await this.#session.run(`ALTER TABLE ${name} RENAME TO ${q(before)}`, [], table.name);
    await this.#create(table.name, [definitions, ...columns.map(definition)]);
    await this.#session.run(`INSERT INTO ${name} BY NAME SELECT * FROM ${this.qualified(before)}`, [], table.name);
    await this.#session.run(`DROP TABLE ${this.qualified(before)}`, [], table.name);
    table.isRemade = true;
  }

  /** True when a table has what it would lose if it were made anew: indexes, constraints, defaults, views. */
  async #hasDependents({ name }: StoredTable): Promise<boolean> {
    const { catalog, schema } = this.#place;
    const rows = await this.#session.rows(
      `SELECT 1 FROM duckdb_indexes() WHERE database_name = $1 AND schema_name = $2 AND table_name = $3
       UNION ALL SELECT 1 FROM duckdb_constraints() WHERE database_name = $1 AND schema_name = $2 AND table_name = $3 AND constraint_type <> 'NOT NULL'
       UNION ALL SELECT 1 FROM duckdb_columns() WHERE database_name = $1 AND schema_name = $2 AND table_name = $3 AND column_default IS NOT NULL
       UNION ALL SELECT 1 FROM duckdb_tables() WHERE database_name = $1 AND schema_name = $2 AND table_name = $3 AND comment IS NOT NULL`,
      [catalog, schema, name],
    );
    return rows.length > 0;
  }
}

function definition(column: ColumnSchema): string {
  return `${q(column.name)} ${columnType(column)}${column.nullable === false ? ' NOT NULL' : ''}`;
}

/** The error for a row without a value that it must have. */
export function nullNotAllowed(table: string, column: string): DestinationError {
  return new DestinationError('null_not_allowed', `A row has no value for ${table}.${column}, which must have one (NOT NULL).`, {
    hint: `Make sure that the API sends ${column} in every record, or declare the column nullable.`,
    context: { table, column },
  });
}
