import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Json, JsonFloat, type JsonObject } from '../core/json.ts';
import { parseJson } from '../core/parse-json.ts';
import { cursorOrder } from './incremental-order.ts';
import { applyLag } from './lag.ts';

const golden = readFileSync(new URL('../../test/golden/lag.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => parseJson(line) as JsonObject);

const start = (lag: number, lastValue: Json, initialValue: Json = null, func: 'max' | 'min' = 'max') =>
  applyLag({ lag, lastValue, initialValue, func, order: cursorOrder({ last_value_func: func, cursor_path: 'ts' }), cursorPath: 'ts' });

describe('applyLag', () => {
  it('starts where dlt starts', () => {
    const starts = golden.map(({ lag, initial, last, func }) => {
      const number = lag instanceof JsonFloat ? lag.value : (lag as number);
      return start(number, last ?? null, initial, func as 'max' | 'min');
    });
    expect(starts).toEqual(golden.map((line) => line['start']));
    expect(golden.length).toBeGreaterThan(400);
  });

  it.each<[string, number, string]>([
    ['2024-01-05 12:34:56', 3600, '2024-01-05 11:34:56'],
    ['2024-01-05T12:34:56.123', 1, '2024-01-05T12:34:55.123000'],
    ['202401', 1, '202312'],
    ['9999-12-31T23:59:59.999999Z', 1, '9999-12-31T23:59:58.999999Z'],
    ['2020-W53-5', 86_400, '2020-W53-4'],
    ['2021-W01', 86_400, '2020-W53'],
    ['2021-W02-1', 86_400, '2021-W01-7'],
    ['\uf0272024-01-01T10:30:00+02:00', 60, '\uf0272024-01-01T10:29:00+02:00'],
    ['\uf0282024-01-05', 2, '\uf0282024-01-03'],
  ])('takes %s as a date too', (last, lag, expected) => expect(start(lag, last)).toBe(expected));

  it.each<Json>(['abc', '2024-13-45', '0001-01-01', null, [1], { a: 1 }])('refuses %j, which has no date before it', (last) => {
    expect(() => start(1, last)).toThrow(expect.objectContaining({ code: 'lag_not_applicable' }));
  });
});
