import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { shake } from '../../src/core/hash.ts';
import { formatIso, timestampOf } from '../../src/core/iso-value.ts';
import { isJsonObject, JsonFloat, type Json } from '../../src/core/json.ts';
import { parseJson } from '../../src/core/parse-json.ts';
import type { ColumnSchema, TableSchema } from '../../src/core/schema.ts';
import type { ResourceHints } from '../../src/core/source.ts';
import { ALL_STRATEGIES, normalizeRows } from './normalize-all.ts';

/** Input and output of dlt itself: tables, columns, rows and all ids that are not random. */
interface Scenario {
  readonly name: string;
  readonly resource: string;
  readonly hints: ResourceHints;
  readonly input: Json[];
  readonly root_dlt_ids: string[] | null;
  readonly tables: Record<string, TableSchema>;
  readonly rows: Record<string, Record<string, Json>[]>;
}

const scenarios = readFileSync(new URL('../golden/normalizer_scenarios.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => parseJson(line) as unknown as Scenario);

describe('rows and schemas of dlt', () => {
  it('has all scenarios', () => {
    expect(scenarios).toHaveLength(47);
  });

  it.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', (name, scenario) => {
    const rows =
      scenario.root_dlt_ids === null ? scenario.input : scenario.input.map((row, i) => withId(row, scenario.root_dlt_ids?.[i] ?? ''));
    const { tables, schema } = normalizeRows(rows, {
      resource: { name: scenario.resource, hints: scenario.hints },
      capabilities: { mergeStrategies: /_sql_dest/.test(name) ? ALL_STRATEGIES : [], maxIdentifierLength: 1000 },
      // One scenario has a key whose value goes to a variant: dlt leaves it to the destination to refuse the null.
      allowsNullsAnywhere: true,
    });
    const own = Object.fromEntries(Object.entries(schema.tables).filter(([table]) => !table.startsWith('_dlt')));
    expect(plain(own)).toEqual(plain(scenario.tables));
    expect(Object.keys(tables).toSorted()).toEqual(Object.keys(scenario.rows).toSorted());
    for (const [table, expected] of Object.entries(scenario.rows)) {
      const got = (tables[table] ?? []).map((row) => asWritten(row, own[table]?.columns ?? {}));
      const wanted = uniqueIds(table, expected).map((row) => plain(asStored(row, own[table]?.columns ?? {})));
      expect(got).toEqual(wanted);
    }
  });
});

/** dlt gives rows of two lists that go to one table the same id; here the positions of the second list go on. */
function uniqueIds(table: string, rows: readonly Record<string, Json>[]): readonly Record<string, Json>[] {
  const ids = rows.map((row) => row['_dlt_id']);
  return rows.map((row, at) =>
    ids.indexOf(row['_dlt_id']) === at ? row : { ...row, _dlt_id: shake(`${row['_dlt_parent_id'] as string}_${table}_${at}`, 10) },
  );
}

function withId(row: Json, id: string): Json {
  return isJsonObject(row) ? { ...row, _dlt_id: id } : row;
}

/** Numbers as JSON has them, for comparing. */
function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value, (_, part: unknown) => (part instanceof JsonFloat ? part.value : part)) ?? 'null') as T;
}

/** What dlt wrote to its file, as a batch would hold it: decimals without trailing zeros. */
function asStored(row: Record<string, Json>, columns: Record<string, ColumnSchema>): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      const type = columns[name]?.data_type;
      if (type === 'decimal') return [name, Number(value)];
      if (type === 'wei') return [name, Math.round(Number(value))];
      return [name, value];
    }),
  );
}

/** A value of a batch as dlt writes it. */
function asWritten(row: Record<string, unknown>, columns: Record<string, ColumnSchema>): Record<string, Json> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, written(value, columns[name] as ColumnSchema)]));
}

function written(value: unknown, column: ColumnSchema): Json {
  switch (column.data_type) {
    case 'timestamp': {
      const { kind, days, micros } = timestampOf(Number(value));
      return formatIso({ kind, days, micros, offset: column.timezone === false ? undefined : 0 });
    }
    case 'date':
      return formatIso({ kind: 'date', days: value as number });
    case 'time':
      return formatIso({ kind: 'time', micros: Number(value), offset: undefined });
    case 'decimal':
      return Number(value) / 10 ** (column.scale ?? 9);
    case 'wei':
      return Number(value);
    case 'binary':
      return Buffer.from(value as Uint8Array).toString('base64');
    case 'json':
      return JSON.parse(value as string) as Json;
    case 'bigint':
      return Number(value);
    default:
      return value as Json;
  }
}
