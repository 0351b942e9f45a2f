import { describe, expect, it } from 'vitest';
import { JsonFloat, type Json } from '../../src/core/json.ts';
import { parseJson } from '../../src/core/parse-json.ts';
import { messages, normalizePages, normalizeRows } from './normalize-all.ts';

/** `{"o":{"o":…}}` or `[[…]]`, so many levels deep, around a 1. */
function nested(levels: number, wrap: (inner: Json) => Json): Json {
  let value: Json = 1;
  for (let i = 0; i < levels; i += 1) value = wrap(value);
  return value;
}

describe('hostile rows', () => {
  it('may have keys that objects have by themselves', () => {
    const rows = parseJson(
      '[{"__proto__":{"polluted":1},"constructor":"c","hasOwnProperty":[1],"toString":2,"valueOf":null},{"__proto__":5}]',
    ) as Json[];
    const { tables, schema } = normalizeRows(rows);
    expect(tables['messages']?.[0]).toMatchObject({ proto__polluted: 1n, constructor: 'c', to_string: 2n });
    expect(tables['messages']?.[1]).toMatchObject({ proto: 5n });
    expect(tables['messages__has_own_property']?.[0]).toMatchObject({ value: 1n });
    expect(schema.tables['messages']?.columns['constructor']).toMatchObject({ data_type: 'text' });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    const table = normalizeRows([{ a: 1 }], {
      resource: { name: 'constructor', hints: { columns: { constructor: { data_type: 'text' as const } } } },
    });
    expect(table.rowCounts).toEqual({ constructor: 1 });
  });

  it('see own properties only', () => {
    const polluted = Object.create({ inherited: 1 }) as Record<string, Json>;
    polluted['own'] = 2;
    expect(Object.keys(normalizeRows([polluted]).tables['messages']?.[0] ?? {}).toSorted()).toEqual(['_dlt_id', '_dlt_load_id', 'own']);
  });

  it('may have 10,000 columns, and each its own', () => {
    const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, i % 2 ? i : `t${i}`]));
    const { tables, schema } = normalizeRows([wide, wide]);
    expect(Object.keys(schema.tables['messages']?.columns ?? {})).toHaveLength(10_002);
    expect(tables['messages']?.[1]).toMatchObject({ k0: 't0', k9999: 9999n });
    const sparse = Array.from({ length: 10_000 }, (_, i): Json => ({ [`k${i}`]: i }));
    const result = normalizePages(
      Array.from({ length: 100 }, (_, page) => ({ resource: messages, rows: sparse.slice(page * 100, (page + 1) * 100) })),
    );
    expect(result.tables['messages']).toHaveLength(10_000);
    expect(result.tables['messages']?.[9876]).toMatchObject({ k9876: 9876n });
  });

  it('may have 10,000 keys with one name', () => {
    const emoji = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [String.fromCodePoint(0x1f000 + i), i]));
    const { tables } = normalizeRows([emoji, { ...emoji, [String.fromCodePoint(0x1f000 + 9_999)]: null }]);
    expect(tables['messages']?.map((row) => row['x'])).toEqual([9_999n, undefined]);
  });

  it('may have two keys with one name, of which the last counts', () => {
    const rows: Json[] = [{ a_b: 1 }, { a_b: 2, 'a b': null }, { 'a b': 'x', aB: 3 }, { aB: 4, a_b: 'y' }, { o: { x: 1 }, o__x: 2 }];
    const { tables, schema } = normalizeRows(rows);
    expect(tables['messages']?.map(({ a_b, a_b__v_text, o__x }) => [a_b, a_b__v_text, o__x])).toEqual([
      [1n, undefined, undefined],
      [undefined, undefined, undefined],
      [3n, undefined, undefined],
      [undefined, 'y', undefined],
      [undefined, undefined, 1n],
    ]);
    expect(normalizeRows([{ 'a b': 'x', a_b: 1 }]).schema.tables['messages']?.columns).not.toHaveProperty('a_b__v_bigint');
    expect(Object.keys(schema.tables['messages']?.columns ?? {}).filter((name) => name.startsWith('a_b'))).toEqual(['a_b', 'a_b__v_text']);
  });

  it('may have keys that are empty, blank or only underscores', () => {
    const { tables } = normalizeRows([{ '': 1, '\t': 2, __: 3, ___: 4, o: { '': 5 } }]);
    expect(tables['messages']?.[0]).toMatchObject({ _empty: 3n, x: 4n, o___empty: 5n });
    // dlt puts such a list into the root table, where rows without a load cannot be.
    expect(normalizeRows([{ '': [1] }]).tables['messages___empty']?.[0]).toMatchObject({ value: 1n, _dlt_list_idx: 0n });
  });

  it.each([100, 5_000])('may be %i objects deep', (levels) => {
    const { tables } = normalizeRows([nested(levels, (inner) => ({ o: inner }))], {
      capabilities: { mergeStrategies: [], maxIdentifierLength: 63 },
    });
    const [row = {}] = tables['messages'] ?? [];
    const [name = '', value] = Object.entries(row).find(([key]) => key.startsWith('o__')) ?? [];
    expect(name.length).toBeLessThanOrEqual(63);
    // Beyond dlt's 1000 levels the rest is JSON.
    expect(value).toEqual(levels < 1000 ? 1n : `${'{"o":'.repeat(levels - 1001)}1${'}'.repeat(levels - 1001)}`);
  });

  it.each([100, 5_000])('may be %i lists deep', (levels) => {
    const { tables, rowCounts } = normalizeRows([{ l: nested(levels, (inner) => [inner]) }], {
      capabilities: { mergeStrategies: [], maxIdentifierLength: 63 },
    });
    expect(Object.keys(tables)).toHaveLength(levels < 1000 ? levels + 1 : 501);
    expect(Object.values(rowCounts).every((count) => count === 1)).toBe(true);
  });

  it('may have texts of a megabyte', () => {
    const long = { ascii: 'x'.repeat(1_000_000), wide: '好'.repeat(400_000) };
    const { tables } = normalizeRows([long, long, { ascii: 'short' }], { batchRows: 1 });
    expect(tables['messages']?.map((row) => row['ascii'])).toEqual([long.ascii, long.ascii, 'short']);
    expect(tables['messages']?.[1]?.['wide']).toBe(long.wide);
  });

  it('lose only what nothing can hold, and it is counted', () => {
    const json = { name: 'messages', hints: { columns: { j: { data_type: 'json' } } } } as const;
    const { tables, repairedTexts, nulledNumbers } = normalizeRows(
      [
        { t: 'a\ud800', n: 1.5, j: { k: '\udfff', deep: [new JsonFloat(1e300 * 1e300), '\\ud800 stays', '👍'] } },
        { t: 'ok', n: new JsonFloat(Number.NEGATIVE_INFINITY) },
      ],
      { resource: json },
    );
    expect(tables['messages']?.map(({ t, n, j }) => ({ t, n, j }))).toEqual([
      { t: 'a\ufffd', n: 1.5, j: '{"k":"\ufffd","deep":[null,"\\\\ud800 stays","👍"]}' },
      { t: 'ok', n: undefined, j: undefined },
    ]);
    expect(repairedTexts).toEqual([
      { table: 'messages', column: 't', count: 1 },
      { table: 'messages', column: 'j', count: 1 },
    ]);
    expect(nulledNumbers).toEqual([
      { table: 'messages', column: 'n', count: 1 },
      { table: 'messages', column: 'j', count: 1 },
    ]);
  });

  it('keep every digit of an integer', () => {
    const { tables, schema } = normalizeRows([
      { small: 1, large: 2n ** 63n, long: 10n ** 40n },
      { small: 2n ** 64n, large: 5, long: 7 },
      { small: 2n ** 62n, large: 1.5, long: -1 },
    ]);
    expect(schema.tables['messages']?.columns['large']).toMatchObject({ data_type: 'decimal', precision: 38, scale: 0 });
    expect(schema.tables['messages']?.columns['small__v_bigint']).toMatchObject({ data_type: 'decimal', variant: true });
    expect(
      tables['messages']?.map(({ small, small__v_bigint, large, large__v_double, long }) => [
        small,
        small__v_bigint,
        large,
        large__v_double,
        long,
      ]),
    ).toEqual([
      [1n, undefined, 2n ** 63n, undefined, String(10n ** 40n)],
      [undefined, 2n ** 64n, 5n, undefined, '7'],
      [2n ** 62n, undefined, undefined, 1.5, '-1'],
    ]);
  });

  it('may hold what JSON does not have, from a processing step', () => {
    const rows = [
      { at: new Date(Date.UTC(2024, 0, 1)), none: undefined, bad: new Date(Number.NaN), big: 1e20, l: [undefined, 1] },
      { n: 1 },
      { n: 1e20 },
    ] as unknown as Json[];
    const { tables, schema } = normalizeRows(rows);
    expect(tables['messages']?.[0]).toMatchObject({ at: 1_704_067_200_000_000n, big: 1e20 });
    expect(Object.keys(schema.tables['messages']?.columns ?? {}).toSorted()).toEqual([
      '_dlt_id',
      '_dlt_load_id',
      'at',
      'big',
      'n',
      'n__v_double',
    ]);
    expect(tables['messages']?.[2]).toMatchObject({ n__v_double: 1e20 });
    expect(tables['messages__l']?.map((row) => row['value'])).toEqual([undefined, 1n]);
  });

  it('tell of columns that are null in all of them', () => {
    const { nullColumns, warnings, schema } = normalizeRows([{ a: null, b: null, kids: [null] }, { b: 1 }], {
      resource: { name: 't', hints: { columns: { hinted: {} } } },
    });
    expect(nullColumns).toEqual([
      { table: 't', column: 'a' },
      { table: 't__kids', column: 'value' },
    ]);
    expect(warnings).toEqual(['Column "hinted" of table "t" is named by hints, but no row has a value for it.']);
    expect(schema.tables['t']?.columns).not.toHaveProperty('a');
  });
});
