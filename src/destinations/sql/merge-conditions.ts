import { ConfigError } from '../../core/errors.ts';
import type { TableSchema } from '../../core/schema.ts';
import { quoteName as q } from './quote.ts';
import { STAGE_ROW } from './stage-row.ts';
import { columnsWith, completeColumns } from './table-chain.ts';

/** The tables that `destination_scope` may name. */
export interface ScopeTables {
  readonly target: string;
  readonly stage: string;
}

/** The user's `source_filter`: which staged rows take part. */
export function sourceFilter(table: TableSchema): string | undefined {
  const filter = table['x-merge-source-filter'];
  return filter ? fill(filter, table.name, { option: 'source_filter', values: {} }) : undefined;
}

/** The user's `destination_scope`: which rows of the table may be deleted or retired. */
export function destinationScope(table: TableSchema, { target, stage }: ScopeTables): string | undefined {
  const scope = table['x-merge-destination-scope'];
  return scope ? fill(scope, table.name, { option: 'destination_scope', values: { table: target, staging_table: stage } }) : undefined;
}

/**
 * A condition for the staged rows that remain when only one of those with equal keys is kept: the
 * one that `dedup_sort` puts first, else the one that came first. `where` is applied before.
 */
export function firstOfEqual(
  stage: string,
  keys: readonly string[],
  options: { readonly table?: TableSchema; readonly where?: string[] },
): string {
  const where = options.where?.length ? ` WHERE ${options.where.join(' AND ')}` : '';
  const by = keys.map(q).join(', ');
  const sorted = options.table && completeColumns(options.table).find((column) => column.dedup_sort !== undefined);
  if (sorted === undefined) return `${q(STAGE_ROW)} IN (SELECT MIN(${q(STAGE_ROW)}) FROM ${stage}${where} GROUP BY ${by})`;
  const order = `${q(sorted.name)} ${sorted.dedup_sort === 'desc' ? 'DESC' : 'ASC'} NULLS LAST, ${q(STAGE_ROW)}`;
  const numbered = `SELECT ${q(STAGE_ROW)}, ROW_NUMBER() OVER (PARTITION BY ${by} ORDER BY ${order}) AS n FROM ${stage}${where}`;
  return `${q(STAGE_ROW)} IN (SELECT ${q(STAGE_ROW)} FROM (${numbered}) AS numbered WHERE n = 1)`;
}

/** A condition for rows that are marked deleted; `undefined` without a `hard_delete` column. */
export function markedDeleted(table: TableSchema, alias = ''): string | undefined {
  const name = columnsWith(table, 'hard_delete')[0];
  if (name === undefined) return undefined;
  const column = `${alias}${q(name)}`;
  return table.columns[name]?.data_type === 'bool' ? `COALESCE(${column}, FALSE)` : `${column} IS NOT NULL`;
}

/** A condition for rows that are not marked deleted. */
export function notMarkedDeleted(table: TableSchema): string[] {
  const marked = markedDeleted(table);
  return marked === undefined ? [] : [`NOT (${marked})`];
}

/** A condition that the columns of two relations are equal. */
export function equalKeys(keys: readonly string[], left: string, right: string): string {
  return keys.map((key) => `${left}.${q(key)} = ${right}.${q(key)}`).join(' AND ');
}

/**
 * Conditions for the target rows that a cdc or scd2 merge may delete or retire: the scope, else
 * those whose merge key is among the staged rows, else all of them.
 */
export function partition(table: TableSchema, { target, stage }: ScopeTables): string[] {
  const scope = destinationScope(table, { target, stage });
  if (scope !== undefined) return [`(${scope})`];
  const keys = columnsWith(table, 'merge_key');
  if (keys.length === 0) return [];
  const filter = sourceFilter(table);
  const from = filter === undefined ? stage : `(SELECT * FROM ${stage} WHERE ${filter})`;
  // dlt compares a compound key as one concatenated text, to which null adds nothing.
  const compare = keys.length === 1 ? '=' : 'IS NOT DISTINCT FROM';
  const equal = keys.map((key) => `s.${q(key)} ${compare} ${target}.${q(key)}`).join(' AND ');
  return [`EXISTS (SELECT 1 FROM ${from} AS s WHERE ${equal})`];
}

/** Replaces `{name}` by its value, and `{{` and `}}` by one brace, as Python's `str.format`. */
function fill(
  text: string,
  table: string,
  { option, values }: { readonly option: string; readonly values: Record<string, string> },
): string {
  return text.replace(/\{\{|\}\}|\{([^{}]*)\}|[{}]/g, (found, name: string | undefined) => {
    if (found === '{{' || found === '}}') return found.charAt(0);
    const value = name === undefined || !Object.hasOwn(values, name) ? undefined : values[name];
    if (value !== undefined) return value;
    const known = Object.keys(values).map((key) => `{${key}}`);
    throw new ConfigError('merge_placeholder_unknown', `${option} of table ${table} uses ${found}, which is nothing it knows.`, {
      hint: `${known.length > 0 ? `Use ${known.join(' or ')}, and write` : 'Write'} {{ or }} for a literal brace.`,
      context: { table },
    });
  });
}
