import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isJsonObject, type Json, type JsonObject } from '../../src/core/json.ts';
import { messages, normalizePages, normalizeRows, type Normalized, type StoredRow } from './normalize-all.ts';

/** Keys that keep apart: their stored names are themselves, and none is a prefix of a path. */
const key = fc.constantFrom('id', 'name', 'size', 'tags', 'deep', 'more', 'kind', 'items');
/** A value whose type is that of its key, so that any order of rows finds the same columns. */
const typed = (k: string): fc.Arbitrary<Json> => {
  if (k === 'id' || k === 'size') return fc.maxSafeInteger();
  if (k === 'name' || k === 'kind') return fc.string({ unit: 'grapheme' }).map((text) => `~${text.replaceAll('\0', '')}`);
  return fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Number.isInteger(n));
};
const { row } = fc.letrec<{ row: JsonObject; value: Json }>((tie) => ({
  row: fc.uniqueArray(key, { maxLength: 6 }).chain((keys) => fc.record(Object.fromEntries(keys.map((k) => [k, valueOf(k, tie)])))),
  value: tie('value'),
}));

function valueOf(k: string, tie: fc.LetrecLooselyTypedTie): fc.Arbitrary<Json> {
  const list = fc.array(fc.oneof(typed('more'), tie('row') as fc.Arbitrary<JsonObject>), { maxLength: 3 });
  if (k === 'items') return list;
  if (k === 'tags') return fc.array(fc.array(typed('more'), { maxLength: 2 }), { maxLength: 2 });
  if (k === 'deep') return tie('row') as fc.Arbitrary<Json>;
  return fc.oneof({ weight: 4, arbitrary: typed(k) }, { weight: 1, arbitrary: fc.constant(null) });
}

const columnsOf = ({ schema }: Normalized) =>
  Object.fromEntries(
    Object.values(schema.tables).map((table) => [table.name, Object.values(table.columns).toSorted((a, b) => (a.name < b.name ? -1 : 1))]),
  );

describe('normalizing', () => {
  it('finds the same schema in any order of the rows', () => {
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 8 }).chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length }))),
        ([rows, shuffled]) => {
          expect(columnsOf(normalizeRows(shuffled))).toEqual(columnsOf(normalizeRows(rows)));
        },
      ),
    );
  });

  it('loses no value: the rows can be put together again', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 6 }), (rows) => {
        expect(rebuilt(normalizeRows(rows))).toEqual(rows.map(withoutNulls));
      }),
    );
  });

  it('gives the same batches again, whatever the pages and batches are', () => {
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 4 }),
        (rows, size, batchRows) => {
          const pages = Array.from({ length: Math.ceil(rows.length / size) }, (_, i) => ({
            resource: messages,
            rows: rows.slice(i * size, (i + 1) * size),
          }));
          const [once, again] = [normalizeRows(rows), normalizePages(pages, { batchRows })];
          expect(again.tables).toEqual(once.tables);
          expect(again.schema).toEqual(once.schema);
        },
      ),
    );
  });

  it('takes any JSON, and counts every row', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ depthSize: 'small' }), { maxLength: 6 }), (values) => {
        const { rowCounts, tables } = normalizeRows(values as Json[], { allowsNullsAnywhere: true });
        expect(rowCounts['messages'] ?? 0).toBe(values.length);
        for (const [table, rows] of Object.entries(tables)) expect(rows).toHaveLength(rowCounts[table] as number);
      }),
      { numRuns: 200 },
    );
  });
});

/** The rows that made the tables, without nulls and what is empty. */
function rebuilt({ tables }: Normalized): Json[] {
  return (tables['messages'] ?? []).map((stored) => rebuiltRow(tables, 'messages', stored));
}

function rebuiltRow(tables: Normalized['tables'], table: string, stored: StoredRow): Json {
  const object: JsonObject = {};
  for (const [name, value] of Object.entries(stored))
    if (!name.startsWith('_dlt')) setAt(object, name.split('__'), typeof value === 'bigint' ? Number(value) : (value as Json));
  for (const [child, rows] of Object.entries(tables)) {
    const path = child.startsWith(`${table}__`) ? child.slice(table.length + 2) : undefined;
    const own = rows.filter((row) => row['_dlt_parent_id'] === stored['_dlt_id']);
    if (path !== undefined && own.length > 0)
      setAt(
        object,
        path.split('__'),
        own.map((row) => item(rebuiltRow(tables, child, row))),
      );
  }
  return object;
}

function item(value: Json): Json {
  if (!isJsonObject(value)) return value;
  return value['value'] ?? value['list'] ?? value;
}

function setAt(object: JsonObject, path: readonly string[], value: Json): void {
  const [head = '', ...rest] = path;
  if (rest.length === 0) object[head] = value;
  else setAt((object[head] ??= {}) as JsonObject, rest, value);
}

/** What tables keep of a row: no nulls, no empty objects in objects, no empty lists. */
function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNulls).map((part) => (Array.isArray(part) && part.length === 0 ? {} : part));
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).map(([k, v]) => [k, withoutNulls(v)] as const);
  return Object.fromEntries(kept.filter(([, v]) => v !== null && (typeof v !== 'object' || Object.keys(v).length > 0)));
}
