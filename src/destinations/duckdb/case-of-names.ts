import { DestinationError } from '../../core/errors.ts';
import type { TableSchema } from '../../core/schema.ts';

/** The names of tables that a load knows. DuckDB takes those that differ in upper and lower case only for the same. */
export class CaseOfNames {
  readonly #tables = new Map<string, string>();

  constructor(tables: Iterable<string>) {
    for (const name of tables) this.#tables.set(name.toLowerCase(), name);
  }

  /** Adds a table; refuses it when another one, or two of its columns, have the same name for DuckDB. */
  add({ name, columns }: TableSchema): void {
    refuseOther(this.#tables, name, name);
    const seen = new Map<string, string>();
    for (const column of Object.keys(columns)) refuseOther(seen, column, name);
  }
}

function refuseOther(seen: Map<string, string>, name: string, table: string): void {
  const other = seen.get(name.toLowerCase()) ?? name;
  seen.set(name.toLowerCase(), other);
  if (other === name) return;
  throw new DestinationError('names_differ_in_case', `DuckDB takes the names ${other} and ${name} for the same (table ${table}).`, {
    hint: 'Rename one of them: names that differ in upper and lower case only cannot be told apart.',
    context: { table },
  });
}
