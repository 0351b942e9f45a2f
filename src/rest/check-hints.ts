import { checkWriteDisposition } from './check-write-disposition.ts';
import type { ConfigPath, Findings } from './findings.ts';
import { columnEntries } from './merge-defaults.ts';
import type { Draft, ResourceKeys } from './merge-defaults.ts';

type Columns = ResourceKeys['columns'];
type Names = string | readonly string[] | null | undefined | ((...args: never[]) => unknown);

/** Finds what is wrong with the hints of a resource: what they say of each other, not what each one is. */
export function checkHints({ keys, locate, unsure }: Draft, out: Findings): void {
  checkDynamic(keys, locate, out);
  checkColumns(keys.columns, (...path) => locate('columns', ...path), out);
  checkReferences(keys.references, (...path) => locate('references', ...path), out);
  const known = keys.selected !== false && !unsure('primary_key') && !unsure('columns');
  checkDisposition(
    keys.write_disposition,
    known ? hasKey(keys.primary_key, keys.columns) : undefined,
    (...path) => locate('write_disposition', ...path),
    out,
  );
  if (!keys.nested_hints || typeof keys.nested_hints === 'function') return;
  for (const [field, hints] of Object.entries(keys.nested_hints)) {
    const at = (...path: ConfigPath) => locate('nested_hints', field, ...path);
    checkColumns(hints.columns, (...path) => at('columns', ...path), out);
    checkReferences(hints.references, (...path) => at('references', ...path), out);
    checkDisposition(hints.write_disposition, hasKey(hints.primary_key, hints.columns), (...path) => at('write_disposition', ...path), out);
    if (hints.parent_table_name)
      out.warn(
        at('parent_table_name'),
        'A nested table belongs to the table that it is nested in: `parent_table_name` has no effect.',
        'Remove it.',
      );
  }
}

function checkDynamic(keys: ResourceKeys, locate: Draft['locate'], out: Findings): void {
  if (typeof keys.table_name === 'function') return;
  for (const [key, hint] of Object.entries(keys)) {
    if (typeof hint === 'function')
      out.error(
        locate(key),
        `\`${key}\` is a function, \`table_name\` is not: rows of one table could get different hints.`,
        'Make `table_name` a function too.',
      );
  }
}

function checkColumns(columns: Columns, at: (...path: ConfigPath) => ConfigPath, out: Findings): void {
  if (!columns || typeof columns === 'function') return;
  if (Array.isArray(columns)) {
    const nameless = columns.findIndex((column) => !column.name);
    if (nameless >= 0) out.error(at(nameless), 'A column of a list needs a `name`.', 'Add "name".');
  }
  for (const hint of ['hard_delete', 'dedup_sort'] as const) {
    const marked = columnEntries(columns).filter(([, column]) => column[hint]);
    const [, second] = marked;
    if (second)
      out.error(
        at(),
        `More than one column has \`${hint}\`: ${marked.map(([name]) => `\`${name}\``).join(', ')}.`,
        'Leave it on one column.',
      );
  }
}

function checkReferences(references: ResourceKeys['references'], at: (...path: ConfigPath) => ConfigPath, out: Findings): void {
  if (!references || typeof references === 'function') return;
  for (const [i, { columns, referenced_columns: referenced }] of references.entries()) {
    if (columns.length !== referenced.length)
      out.error(at(i), '`columns` and `referenced_columns` are not of the same length.', 'Name one referenced column for each column.');
  }
}

function checkDisposition(
  given: ResourceKeys['write_disposition'],
  hasPrimaryKey: boolean | undefined,
  at: (...path: ConfigPath) => ConfigPath,
  out: Findings,
): void {
  if (!given || typeof given !== 'object') return;
  checkWriteDisposition(given, { hasPrimaryKey }, (key) => (key === undefined ? at() : at(key)), out);
}

/** Whether a table has a primary key; `undefined` when that depends on the row. */
function hasKey(primaryKey: Names, columns: Columns): boolean | undefined {
  if (typeof primaryKey === 'function' || typeof columns === 'function') return undefined;
  if (primaryKey !== undefined && primaryKey !== null && primaryKey.length > 0) return true;
  return columns ? columnEntries(columns).some(([, column]) => column.primary_key === true) : false;
}
