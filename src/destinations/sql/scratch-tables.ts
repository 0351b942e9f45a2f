import { quoteName } from './quote.ts';

/** Temporary tables that some statements read, and the statements in their order. */
export interface ScratchTables {
  readonly statements: string[];
  /** Adds the statement that makes a temporary table of a query; returns the table's name. */
  create(purpose: string, query: string): string;
  /** Adds statements that drop the tables. */
  drop(): void;
}

/** A list of statements that may make temporary tables. `prefix` keeps their names apart from others. */
export function scratchTables(prefix: string): ScratchTables {
  const statements: string[] = [];
  const names: string[] = [];
  return {
    statements,
    create(purpose, query) {
      const name = quoteName(`${prefix}_${purpose}`);
      names.push(name);
      statements.push(`CREATE TEMPORARY TABLE ${name} AS ${query}`);
      return name;
    },
    drop() {
      for (const name of names.splice(0)) statements.push(`DROP TABLE ${name}`);
    },
  };
}
