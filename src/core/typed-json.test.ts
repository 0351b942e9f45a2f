import { expect, it } from 'vitest';
import { readTyped, typed } from './typed-json.ts';

it('reads and makes the typed strings of a stored state', () => {
  expect(typed('datetime', '2024-01-01T10:30:00+00:00')).toBe('\uf0272024-01-01T10:30:00+00:00');
  expect(typed('decimal', '1.50')).toBe('\uf0261.50');
  expect(typed('time', '10:30:00')).toBe('\uf02d10:30:00');
  expect(readTyped('\uf0282024-01-01')).toEqual({ kind: 'date', text: '2024-01-01' });
});

it('leaves plain text alone', () => {
  expect(['', 'a', '2024-01-01', '\uf026', '\uf02ex', '\uf025x'].map(readTyped)).toEqual(Array.from({ length: 6 }, () => undefined));
});
