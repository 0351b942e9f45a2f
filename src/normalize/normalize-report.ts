import { ContractError } from '../core/errors.ts';
import type { TableState } from './table-state.ts';
import type { Tables } from './tables.ts';

/** What a user should know of one column. */
export interface ColumnNote {
  readonly table: string;
  readonly column: string;
  readonly count: number;
}

/** What a run's rows came to, besides the schema. */
export interface NormalizeReport {
  /** Rows of each table that got any. */
  readonly rowCounts: Readonly<Record<string, number>>;
  /** Columns that brought nulls only and have no type yet: they are not in the destination. */
  readonly nullColumns: readonly { readonly table: string; readonly column: string }[];
  /** Texts with lone surrogates, which became U+FFFD. */
  readonly repairedTexts: readonly ColumnNote[];
  /** Numbers beyond what a double holds (`1e400`), which became null. */
  readonly nulledNumbers: readonly ColumnNote[];
  /** One sentence each. */
  readonly warnings: readonly string[];
}

/** Marks the tables that got data, and tells what their rows came to. Throws when a key never got a value. */
export function finishTables(tables: Tables): NormalizeReport {
  const rowCounts: Record<string, number> = Object.create(null) as Record<string, number>;
  const nullColumns: { table: string; column: string }[] = [];
  const repairedTexts: ColumnNote[] = [];
  const nulledNumbers: ColumnNote[] = [];
  const warnings: string[] = [];
  for (const state of tables.states.values()) {
    if (state.builder.rows > 0) throw new Error(`table ${state.name} has rows that were not drained`);
    if (state.rowsTaken > 0) {
      rowCounts[state.name] = state.rowsTaken;
      warnings.push(...unboundColumns(state));
    }
    if (state.created && state.opened) markSeen(state);
    for (const { name, schema, builder, nullSeen, nulledNumbers: nulled } of state.columns.values()) {
      if (nullSeen && !schema?.data_type) nullColumns.push({ table: state.name, column: name });
      if (builder && builder.repairedTexts > 0) repairedTexts.push({ table: state.name, column: name, count: builder.repairedTexts });
      if (nulled > 0) nulledNumbers.push({ table: state.name, column: name, count: nulled });
    }
  }
  return { rowCounts, nullColumns, repairedTexts, nulledNumbers, warnings };
}

/** dlt's mark that a table has data; the allowance for the first load ends here. */
function markSeen({ schema }: TableState): void {
  if (schema === undefined) return;
  const { 'evolve-columns-once': _once, ...rest } = schema['x-normalizer'] ?? {};
  schema['x-normalizer'] = { ...rest, 'seen-data': true };
}

/** Warnings for columns that hints name and no row has. Throws when such a column may not be null. */
function unboundColumns({ name, schema, columns, resource }: TableState): string[] {
  const unbound = Object.values(schema?.columns ?? {}).filter((column) => !column.data_type);
  const required = unbound.filter((column) => column.nullable === false);
  if (required.length > 0) {
    const names = required.map((column) => `"${column.name}"`).join(', ');
    throw new ContractError(
      'unbound_column',
      `No row of resource "${resource}" has a value for ${names}, which table "${name}" must have.`,
      {
        hint: 'Correct the names in `primary_key`, `merge_key` or `columns`: they must be fields of the rows.',
        context: { table: name, column: required.map((column) => column.name).join(', '), resource },
      },
    );
  }
  return unbound
    .filter((column) => !columns.get(column.name)?.nullSeen)
    .map((column) => `Column "${column.name}" of table "${name}" is named by hints, but no row has a value for it.`);
}
