import { CURSORS_TABLE, LOADS_TABLE, RUNS_TABLE, STATE_TABLE, VERSION_TABLE } from '../../core/system-tables.ts';

/** Tables that are looked for before anything is read. */
export const SYSTEM_TABLES: readonly string[] = [VERSION_TABLE, LOADS_TABLE, STATE_TABLE, RUNS_TABLE, CURSORS_TABLE];

/** Reads the system tables of one dataset. */
export interface SystemReader {
  /** The system tables that the dataset has; it may have none. */
  readonly tables: ReadonlySet<string>;
  /** The table as SQL takes it. */
  qualified(table: string): string;
  /** The rows of a query, in the order of its columns. Values stand for `$1`, `$2`, … */
  rows(sql: string, values: readonly string[]): Promise<readonly (readonly unknown[])[]>;
}
