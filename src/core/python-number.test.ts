import { expect, it } from 'vitest';
import { pythonFloatOf, pythonHexInt, pythonInt } from './python-number.ts';

it.each([
  [' 12 ', 12n],
  ['+3', 3n],
  ['-007', -7n],
  ['1_000', 1000n],
  ['٣', 3n],
  ['𝟙𝟘', 10n],
  ['12345678901234567890', 12345678901234567890n],
  ['1__0', undefined],
  ['_1', undefined],
  ['1.0', undefined],
  ['', undefined],
  ['9'.repeat(4301), undefined],
])('reads %j as int() does', (text, expected) => {
  expect(pythonInt(text)).toBe(expected);
});

it.each([
  ['1F', 31n],
  ['-1f', -31n],
  ['0x1_F', 31n],
  ['0x_1F', 31n],
  ['_1F', undefined],
  ['', undefined],
])('reads %j as int(, 16) does', (text, expected) => {
  expect(pythonHexInt(text)).toBe(expected);
});

it.each([
  ['1.', 1],
  ['.5', 0.5],
  ['1_0.5_0e1_0', 10.5e10],
  ['-INF', Number.NEGATIVE_INFINITY],
  ['nan', Number.NaN],
  ['1e400', Number.POSITIVE_INFINITY],
  ['.', undefined],
  ['1e', undefined],
  ['1_.5', undefined],
  ['0x1F', undefined],
])('reads %j as float() does', (text, expected) => {
  expect(pythonFloatOf(text)).toBe(expected);
});
