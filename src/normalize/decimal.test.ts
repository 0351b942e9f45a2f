import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalOf, decimalOfInteger } from './decimal.ts';

const size = (precision: number, scale: number, exact = false) => ({ precision, scale, exact });

describe('decimalOf', () => {
  it.each([
    ['1.50', 2, 150n],
    ['-1.005', 2, -101n],
    ['1.0049999999', 2, 100n],
    ['0.9999', 2, 100n],
    ['.5', 0, 1n],
    ['0.05', 0, 0n],
    ['-0.5', 0, -1n],
    ['1E+3', 2, 100000n],
    ['1e-400', 9, 0n],
    ['0e999999999999', 9, 0n],
    [' 1_000.5 ', 1, 10005n],
    ['٣', 1, 30n],
    ['1e400', 9, undefined],
    ['1e9999999999999999999', 9, undefined],
    ['NaN', 9, undefined],
    ['Infinity', 9, undefined],
    ['.', 9, undefined],
    ['', 9, undefined],
    ['1.2.3', 9, undefined],
  ])('of %j at scale %d is %s', (text, scale, expected) => {
    expect(decimalOf(text, size(38, scale))).toBe(expected);
  });

  it('refuses what has too many digits', () => {
    expect(decimalOf('999.99', size(5, 2))).toBe(99999n);
    expect(decimalOf('999.995', size(5, 2))).toBeUndefined();
    expect(decimalOf('1000', size(5, 2))).toBeUndefined();
    expect(decimalOfInteger(-1000, size(5, 2))).toBeUndefined();
    expect(decimalOfInteger(10n ** 38n, size(60, 0))).toBeUndefined();
  });

  it('refuses to round where it must be exact', () => {
    expect(['12.5', '12.0', '0.001', '1e-99', '120e-1'].map((text) => decimalOf(text, size(38, 0, true)))).toEqual([
      undefined,
      12n,
      undefined,
      undefined,
      12n,
    ]);
  });

  it('reads back what it holds', () => {
    const digits = fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n });
    fc.assert(
      fc.property(digits, fc.integer({ min: 0, max: 38 }), (unscaled, scale) => {
        const sign = unscaled < 0 ? '-' : '';
        const padded = String(unscaled < 0 ? -unscaled : unscaled).padStart(scale + 1, '0');
        const point = padded.length - scale;
        expect(decimalOf(`${sign}${padded.slice(0, point)}.${padded.slice(point)}`, size(38, scale, true))).toBe(unscaled);
        expect(decimalOf(`${unscaled}e-${scale}`, size(38, scale, true))).toBe(unscaled);
      }),
    );
  });
});
