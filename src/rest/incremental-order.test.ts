import { describe, expect, it } from 'vitest';
import { type Json, JsonFloat } from '../core/json.ts';
import { typed } from '../core/typed-json.ts';
import { CursorOrderError, cursorOrder } from './incremental-order.ts';

const max = cursorOrder({ cursor_path: 'ts' });
const min = cursorOrder({ cursor_path: 'ts', last_value_func: 'min' });

describe('cursorOrder', () => {
  it.each<[Json, Json]>([
    [1, 2],
    [1_700_000_000, 1_700_000_000_000],
    [2n ** 53n, 2n ** 53n + 1n],
    [9_007_199_254_740_992, 9_007_199_254_740_993n],
    [new JsonFloat(2), 2.5],
    [-(2n ** 70n), new JsonFloat(-1e20)],
    [false, true],
    ['10', '9'],
    [typed('decimal', '9007199254740992'), 9_007_199_254_740_993n],
    [typed('decimal', '9'), typed('decimal', '10')],
    [typed('decimal', '-1E+3'), typed('wei', '-1')],
    [0.25, typed('decimal', '0.2500001')],
    [typed('decimal', '1E-7'), new JsonFloat(1)],
    [typed('datetime', '2024-01-01T00:00:00.000001+00:00'), '2024-01-01T00:00:00.0000011Z'],
    [typed('date', '2024-01-01'), typed('datetime', '2024-01-01T00:00:01')],
    [typed('datetime', '2024-01-01T00:00:00+00:00'), '2024/01/01 10:30'],
    [typed('time', '10:30:00'), typed('time', '10:30:01')],
  ])('case %#: one is before the other', (a, b) => {
    expect([max.pick(a, b), max.pick(b, a), max.equals(a, b)]).toEqual([b, b, false]);
    expect([min.pick(a, b), min.pick(b, a)]).toEqual([a, a]);
  });

  it.each<[Json, Json]>([
    [1, new JsonFloat(1)],
    [typed('decimal', '1.50'), 1.5],
    [typed('decimal', '15E-1'), 1.5],
    [typed('wei', '18446744073709551617'), 18_446_744_073_709_551_617n],
    [typed('datetime', '2024-01-01T02:00:00+02:00'), '2024-01-01'],
    [typed('datetime', '2024-01-01T00:00:00+00:00'), '2024/01/01 00:00'],
  ])('case %#: both are equal, and the first stays', (a, b) => {
    expect(max.equals(a, b)).toBe(true);
    expect([max.pick(a, b), max.pick(b, a), min.pick(a, b)]).toEqual([a, b, a]);
  });

  it('picks one notation of a value, whichever comes first', () => {
    const [a, b] = ['2024-01-01', '2024-01-01T00:00:00Z'] as const;
    const order = cursorOrder({ cursor_path: 'ts' }, 'instant');
    expect([order.equals(a, b), order.pick(a, b), order.pick(b, a)]).toEqual([true, b, b]);
    const descending = cursorOrder({ cursor_path: 'ts', last_value_func: 'min' }, 'instant');
    expect([descending.pick(a, b), descending.pick(b, a)]).toEqual([a, a]);
  });

  it.each<[Json, Json]>([
    [1, '1'],
    [null, 1],
    [{}, {}],
    [typed('decimal', '1'), '1'],
    [typed('decimal', '1'), [1]],
    [typed('decimal', '1'), typed('datetime', '2024-01-01T00:00:00')],
    [typed('datetime', '2024-01-01T00:00:00'), 'soon'],
    [typed('uuid', 'a'), 'a'],
    [typed('decimal', 'NaN'), 1],
  ])('case %#: the two have no order', (a, b) => expect(() => max.pick(a, b)).toThrow(CursorOrderError));
});
