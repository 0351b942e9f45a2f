import { describe, expect, it } from 'vitest';
import { findLink } from './link-header.ts';

describe('findLink', () => {
  it.each([
    ['<http://x/2>; rel="next"', 'http://x/2'],
    ['<http://x/2>; rel=next', 'http://x/2'],
    ['<http://x/2>;rel=next,<http://x/9>;rel=last', 'http://x/2'],
    ["<http://x/2>; rel='next'", 'http://x/2'],
    ['<http://x/2>; REL="Next"', 'http://x/2'],
    ['<http://x/2>; rel="prefetch next"', 'http://x/2'],
    ['<http://x/2>; title="a, b; c"; rel="next"', 'http://x/2'],
    ['<http://x/2?a=1,2;b>; rel="next"', 'http://x/2?a=1,2;b'],
    ['<http://x/1>; rel="prev", <http://x/2>; rel="next"', 'http://x/2'],
    ['<http://x/1>; rel="next", <http://x/2>; rel="next"', 'http://x/2'],
    ['http://x/2; rel="next"', 'http://x/2'],
    ['  <http://x/2> ; rel="next" ', 'http://x/2'],
    ['<broken, <http://x/2>; rel="next"', 'http://x/2'],
    ['<>; rel="next"', ''],
  ])('%s', (header, target) => {
    expect(findLink(header, 'next')).toBe(target);
  });

  it.each([
    [''],
    ['<http://x/2>'],
    ['<http://x/2>; rel="nextish"'],
    ['<http://x/2>; rel="prev"; title="next"'],
    ['next'],
    ['<http://x/2'],
    [';;,,<>'],
  ])('finds no next link in %j', (header) => {
    expect(findLink(header, 'next')).toBeUndefined();
  });

  it('takes a list of relations as one key, as dlt does', () => {
    expect(findLink('<http://x/2>; rel="next last"', 'next last')).toBe('http://x/2');
    expect(findLink('<http://x/2>; rel="next"', 'next last')).toBeUndefined();
    expect(findLink('<http://x/2>; rel="next"', ' ')).toBeUndefined();
  });

  it('is quick with hostile headers', () => {
    expect(findLink(`${'<a>;'.repeat(4_000)} rel="next"`, 'no')).toBeUndefined();
    expect(findLink(',<'.repeat(8_000), 'next')).toBeUndefined();
    expect(findLink(`,${' '.repeat(16_000)}x`, 'next')).toBeUndefined();
  });
});
