import { describe, expect, it } from 'vitest';
import { closest, didYouMean, oneOf } from './suggest.ts';

describe('closest', () => {
  it.each([
    ['limt', 'limit'],
    ['lmiit', 'limit'],
    ['dataSelector', 'data_selector'],
    ['get', 'GET'],
    ['primarykey', 'primary_key'],
    ['xyz', undefined],
    ['', undefined],
  ])('takes %s for %s', (word, expected) => {
    expect(closest(word, ['offset', 'limit', 'data_selector', 'GET', 'primary_key'])).toBe(expected);
  });

  it('prefers the nearest, then the first', () => {
    expect(closest('cursor_pat', ['cursor_param', 'cursor_path'])).toBe('cursor_path');
    expect(closest('ab', ['ac', 'ad'])).toBe('ac');
  });
});

describe('didYouMean', () => {
  it('lists what there is when nothing is near', () => {
    expect(didYouMean('zzz', ['a', 'b', 'c'])).toBe('Use `a`, `b` or `c`.');
    expect(didYouMean('zzz', [])).toBe('Remove it.');
    expect(didYouMean('offse', ['offset'])).toBe('Did you mean `offset`?');
  });
});

describe('oneOf', () => {
  it('joins words', () => {
    expect(oneOf(['a'])).toBe('`a`');
    expect(oneOf(['a', 'b'])).toBe('`a` or `b`');
  });
});
