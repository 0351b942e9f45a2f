import { parseCommonDatetime } from '../core/loose-datetime.ts';
import { parseIsoDatetime } from '../core/iso-datetime.ts';
import type { MergeStrategy } from '../core/schema.ts';
import type { WriteDispositionOptions } from '../core/source.ts';
import type { ConfigPath, Findings } from './findings.ts';
import type { WriteDispositionObject } from './rest-api-config.ts';
import { allOf, oneOf } from '../core/suggest.ts';
import { fieldsOf } from './templates-fields.ts';

type Option = Exclude<keyof WriteDispositionOptions, 'disposition' | 'strategy'>;

const STRATEGIES_OF: Readonly<Record<Option, readonly MergeStrategy[]>> = {
  deduplicated: ['delete-insert'],
  source_filter: ['delete-insert', 'scd2', 'upsert', 'cdc'],
  destination_scope: ['delete-insert', 'scd2', 'cdc'],
  skip_unchanged_rows: ['upsert', 'cdc'],
  row_version_column_name: ['scd2', 'upsert', 'cdc'],
  validity_column_names: ['scd2'],
  active_record_timestamp: ['scd2'],
  boundary_timestamp: ['scd2'],
};
/** Options that came after dlt 1.26, which took all others with any strategy, or without one. */
const STRICT: readonly Option[] = ['source_filter', 'destination_scope', 'skip_unchanged_rows'];
const NEED_PRIMARY_KEY: readonly MergeStrategy[] = ['upsert', 'insert-only', 'cdc'];
const PLACEHOLDERS: Readonly<Record<string, readonly string[]>> = { source_filter: [], destination_scope: ['table', 'staging_table'] };

/** What a check knows of the table beside its write disposition. */
export interface TableKeys {
  /** `undefined` when it depends on the row or is not known. */
  readonly hasPrimaryKey: boolean | undefined;
}

/** Finds options of a write disposition that do not fit its strategy or each other. */
export function checkWriteDisposition(
  given: WriteDispositionObject,
  { hasPrimaryKey }: TableKeys,
  at: (key?: string) => ConfigPath,
  out: Findings,
): void {
  const { disposition, strategy } = given;
  const options = (Object.keys(STRATEGIES_OF) as Option[]).filter((option) => given[option] !== undefined && given[option] !== null);
  if (disposition !== 'merge') {
    for (const key of [...(strategy ? ['strategy'] : []), ...options])
      out.warn(at(key), `\`${key}\` has no effect: the disposition is \`${disposition}\`.`, 'Remove it.');
    return;
  }
  if (strategy === null && options.length === 0)
    out.warn(at('strategy'), 'A strategy that is null is not taken by dlt 1.31.', 'Leave the key out.');
  for (const option of options) checkOption(option, strategy ?? undefined, at, out);
  for (const option of ['source_filter', 'destination_scope'] as const) checkCondition(option, given[option], at, out);
  for (const option of ['active_record_timestamp', 'boundary_timestamp'] as const) {
    const value = given[option];
    if (typeof value === 'string' && !isMoment(value)) {
      out.error(at(option), 'This is no date and time.', 'Write it like `2024-01-31T00:00:00Z`.');
    }
  }
  if (given.validity_column_names && given.validity_column_names.length !== 2) {
    out.error(at('validity_column_names'), 'Expected the names of two columns: valid from and valid to.');
  }
  if ((strategy === 'upsert' || strategy === 'cdc') && given.row_version_column_name && !given.skip_unchanged_rows) {
    out.warn(
      at('row_version_column_name'),
      '`row_version_column_name` has no effect without `skip_unchanged_rows`.',
      'Set `skip_unchanged_rows` to true.',
    );
  }
  if (strategy && NEED_PRIMARY_KEY.includes(strategy) && hasPrimaryKey === false) {
    out.error(at('strategy'), `The strategy \`${strategy}\` needs a primary key.`, 'Set `primary_key` on the resource.');
  }
}

function checkOption(option: Option, strategy: MergeStrategy | undefined, at: (key: string) => ConfigPath, out: Findings): void {
  const strategies = STRATEGIES_OF[option];
  if (strategy !== undefined && strategies.includes(strategy)) return;
  const strict = STRICT.includes(option);
  const report = strict ? out.error : out.warn;
  if (strategy === undefined) {
    report(
      at(option),
      `\`${option}\` stands without a strategy${strict ? '' : ', which dlt 1.31 does not take'}.`,
      `Add "strategy": "${strategies[0] ?? ''}".`,
    );
  } else {
    const others = strategies.length > 1 ? `the strategies ${allOf(strategies)}` : `the strategy ${allOf(strategies)}`;
    report(at(option), `\`${option}\` belongs to ${others}, not to \`${strategy}\`.`, `Remove it, or use ${oneOf(strategies)}.`);
  }
}

function checkCondition(
  option: 'source_filter' | 'destination_scope',
  condition: string | undefined,
  at: (key: string) => ConfigPath,
  out: Findings,
): void {
  if (condition === undefined) return;
  const known = PLACEHOLDERS[option] ?? [];
  const { fields, problems } = fieldsOf(condition);
  for (const { message } of problems)
    out.error(at(option), `\`${option}\`: ${message}.`, 'Double a brace that stands for itself: `{{` or `}}`.');
  const unknown = [...new Set(fields.map(({ field }) => field))].filter((field) => !known.includes(field));
  if (unknown.length === 0) return;
  const names = allOf(unknown.map((field) => `{${field}}`));
  out.error(
    at(option),
    `\`${option}\` has ${unknown.length > 1 ? 'unknown placeholders' : 'an unknown placeholder'}: ${names}.`,
    known.length > 0
      ? 'Use `{table}` or `{staging_table}`, and double a brace that stands for itself.'
      : 'Remove it: this condition takes no placeholders. Double a brace that stands for itself.',
  );
}

function isMoment(text: string): boolean {
  const read = parseIsoDatetime(text) ?? parseCommonDatetime(text);
  return read !== undefined && read.kind !== 'time';
}
