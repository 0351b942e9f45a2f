import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Json, JsonFloat } from './json.ts';
import { compareCodePoints, pythonCompare, pythonEquals } from './python-order.ts';

const F = (value: number) => new JsonFloat(value);

describe('pythonCompare', () => {
  it.each<[Json, Json, number]>([
    [1, 2, -1],
    [2, F(2), 0],
    [true, 1, 0],
    [9007199254740993n, F(9007199254740992), 1],
    [-1, 2n ** 70n, -1],
    ['a', 'b', -1],
    ['a', 'ab', -1],
    ['\u{1f600}', '\uffee', 1],
    [[1, 2], [1, 2, 0], -1],
    [[1, 'x'], [2, 3], -1],
    [[], [], 0],
  ])('orders pair %#', (a, b, sign) => {
    expect(Math.sign(pythonCompare(a, b) as number)).toBe(sign);
    expect(Math.sign(pythonCompare(b, a) as number) + sign).toBe(0);
  });

  it.each<[Json, Json]>([
    [1, '1'],
    [null, null],
    [null, 1],
    [{}, {}],
    [[1], [null]],
    ['a', ['a']],
  ])('has no order for pair %#', (a, b) => expect(pythonCompare(a, b)).toBeUndefined());

  it('orders texts as their UTF-8 bytes are ordered', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareCodePoints(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
      }),
    );
  });
});

describe('pythonEquals', () => {
  it.each<[Json, Json, boolean]>([
    [1, F(1), true],
    [true, 1, true],
    [0, false, true],
    [9007199254740993n, F(9007199254740992), false],
    [null, false, false],
    ['1', 1, false],
    [[1, { a: true }], [F(1), { a: 1 }], true],
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
    [{ a: 1 }, { b: 1 }, false],
    [[1], [1, 2], false],
    [{}, [], false],
  ])('compares pair %#', (a, b, equal) => expect(pythonEquals(a, b)).toBe(equal));
});
