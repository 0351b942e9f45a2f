import { describe, expect, it } from 'vitest';
import type { HttpRequest, ReceivedPage } from '../core/http.ts';
import type { Json } from '../core/json.ts';
import { createPaginator } from './built-in.ts';

const request: HttpRequest = {
  method: 'POST',
  url: 'https://api.example.com/v1/rows?view=a',
  headers: { 'X-Own': '1' },
  params: { page: 1 },
  json: { q: 1 },
};
const page = (next: Json): ReceivedPage => ({ request, headers: {}, body: { next }, rowCount: 1 });
const jsonLink = createPaginator({ type: 'json_link' });

describe('json_link', () => {
  it.each([
    ['https://api.example.com/v1/rows?page=2', 'https://api.example.com/v1/rows?page=2'],
    ['http://other.example.com/x', 'http://other.example.com/x'],
    ['//other.example.com/x', 'https://other.example.com/x'],
    ['/v2/rows?page=2', 'https://api.example.com/v2/rows?page=2'],
    ['rows?page=2', 'https://api.example.com/v1/rows?page=2'],
    ['?page=2', 'https://api.example.com/v1/rows?page=2'],
    ['../rows', 'https://api.example.com/rows'],
    ['/v1/rows?page=2#top', 'https://api.example.com/v1/rows?page=2'],
    [' /v1/rows?q=a b ', 'https://api.example.com/v1/rows?q=a%20b'],
    ['/v1/rows?q=a%2Fb', 'https://api.example.com/v1/rows?q=a%2Fb'],
  ])('resolves %s', (link, url) => {
    expect(jsonLink.next(page(link), null)).toEqual({ cursor: url });
  });

  it('replaces address and parameters, and keeps the rest', () => {
    expect(jsonLink.apply(request, jsonLink.first())).toBe(request);
    expect(jsonLink.apply(request, 'https://api.example.com/2')).toEqual({ ...request, url: 'https://api.example.com/2', params: {} });
  });

  it.each<[Json]>([[null], [''], ['  '], [false]])('ends with %j', (next) => {
    expect(jsonLink.next(page(next), null)).toEqual({ stop: 'next_missing' });
  });

  it('ends when there is none', () => {
    expect(jsonLink.next({ ...page(null), body: {} }, null)).toEqual({ stop: 'next_missing' });
    expect(jsonLink.next({ ...page(null), body: undefined }, null)).toEqual({ stop: 'next_missing' });
  });

  it.each<[Json, string]>([
    [2, 'is a number'],
    [2n, 'is a number'],
    [true, 'is a boolean'],
    [{ href: '/x' }, 'is an object'],
    [['/x'], 'is a list'],
    ['ftp://api.example.com/', 'is not an http address'],
    ['http://', 'is not an http address'],
    ['localhost:80/x', 'is not an http address'],
  ])('says what is wrong with %s', (next, problem) => {
    expect(() => jsonLink.next(page(next), null)).toThrow(
      expect.objectContaining({ code: 'next_link_invalid', message: expect.stringContaining(problem) }),
    );
  });

  it('finds keys that need quotes', () => {
    const paginator = createPaginator({ type: 'json_link', next_url_path: "['@odata.nextLink']" });
    expect(paginator.next({ ...page(null), body: { '@odata.nextLink': '/2' } }, null)).toEqual({ cursor: 'https://api.example.com/2' });
  });
});

describe('header_link', () => {
  const follow = (link: string, key = 'next') =>
    createPaginator({ type: 'header_link', links_next_key: key }).next({ ...page(null), headers: { link } }, null);

  it('follows the relation that the options name', () => {
    expect(follow('</2>; rel="next"')).toEqual({ cursor: 'https://api.example.com/2' });
    expect(follow('</2>; rel="next", </9>; rel="last"', 'last')).toEqual({ cursor: 'https://api.example.com/9' });
  });

  it('ends when no link has it', () => {
    expect(follow('</9>; rel="last"')).toEqual({ stop: 'next_missing' });
    expect(createPaginator({ type: 'header_link' }).next(page(null), null)).toEqual({ stop: 'next_missing' });
  });
});
