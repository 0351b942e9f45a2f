import { DestinationError } from '../../core/errors.ts';
import type { ColumnSchema } from '../../core/schema.ts';

/** What Postgres takes of a name. */
const MOST_BYTES = 63;

/** Columns that every table of Postgres has already. */
const SYSTEM_COLUMNS: ReadonlySet<string> = new Set(['tableoid', 'ctid', 'xmin', 'cmin', 'xmax', 'cmax']);

/** Refuses names that Postgres would cut without an error: they might be those of others then. */
export function checkName(name: string): void {
  if (Buffer.byteLength(name) <= MOST_BYTES) return;
  throw new DestinationError('name_too_long', `The name ${name} has more than ${MOST_BYTES} bytes, and Postgres would cut it.`, {
    hint: 'Give it a shorter name, or one without letters and digits of other scripts, which take several bytes each.',
  });
}

/** Refuses names of a table and its columns that Postgres cannot have. */
export function checkNames(table: string, columns: readonly ColumnSchema[]): void {
  checkName(table);
  for (const { name } of columns) {
    checkName(name);
    if (!SYSTEM_COLUMNS.has(name)) continue;
    throw new DestinationError('column_reserved', `Postgres has a column ${name} of its own in every table, also in ${table}.`, {
      hint: `Rename the field in a \`map\` step of \`processing_steps\`, or leave it out.`,
      context: { table, column: name },
    });
  }
}
