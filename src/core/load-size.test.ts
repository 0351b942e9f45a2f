import { describe, expect, it } from 'vitest';
import { parseLoadSize } from './load-size.ts';

describe('parseLoadSize', () => {
  it.each([
    [100_000, { rows: 100_000 }],
    ['100000', { rows: 100_000 }],
    ['5 rows', { rows: 5 }],
    ['1row', { rows: 1 }],
    ['256MB', { bytes: 256_000_000 }],
    ['1 GiB', { bytes: 1024 ** 3 }],
    ['64kb', { bytes: 64_000 }],
    ['7b', { bytes: 7 }],
  ])('reads %s', (text, size) => {
    expect(parseLoadSize(text)).toEqual(size);
  });

  it.each([0, -1, 1.5, '', 'MB', '1.5GB', '0', '10 pages', '1e6', '99999999999999999999'])('refuses %s', (text) => {
    expect(parseLoadSize(text)).toBeUndefined();
  });
});
