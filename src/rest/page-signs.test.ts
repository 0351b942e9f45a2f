import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../core/http.ts';
import type { Json } from '../core/json.ts';
import { compileJsonPath } from '../core/jsonpath.ts';
import type { Paginator, StopReason } from '../core/paginator.ts';
import { createPaginator } from '../paginators/built-in.ts';
import { signsOf } from './page-signs.ts';

interface Shown {
  readonly selector?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly request?: Partial<HttpRequest>;
  readonly paginator?: Paginator;
  readonly isDetected?: boolean;
  readonly stop?: StopReason;
}

const rows = [{ id: 1 }, { id: 2 }];

function signs(body: Json, shown: Shown = {}) {
  const { headers = {}, request, paginator = createPaginator({ type: 'json_link' }), isDetected = false, stop = 'next_missing' } = shown;
  const selector = compileJsonPath(shown.selector ?? 'data');
  const sent: HttpRequest = { method: 'GET', url: 'https://api.example.com/rows?since=1', headers: {}, params: { page: 2 }, ...request };
  const found = selector.first(body);
  const rowCount = Array.isArray(found) ? found.length : 1;
  return signsOf({ page: { request: sent, headers, body, rowCount }, selector, paginator, isDetected, stop });
}

describe('an announced next page', () => {
  it.each<[Json, string]>([
    [{ next: 'https://api.example.com/rows?page=3' }, 'body: next'],
    [{ paging: { next: '/rows?page=3' } }, 'body: paging.next'],
    [{ links: { next: { href: '/rows?page=3' } } }, 'body: links.next'],
    [{ response_metadata: { next_cursor: 'dXNlcjpVMEc5V0ZYTlo=' } }, 'body: response_metadata.next_cursor'],
    [{ '@odata.nextLink': 'https://api.example.com/rows?$skip=2' }, "body: '@odata.nextLink'"],
    [{ nextPageToken: 'CAoQAA' }, 'body: nextPageToken'],
    [{ meta: { cursors: { next: 'abc' }, has_more: true } }, 'body: meta.cursors.next'],
    [{ has_more: true }, 'body: has_more'],
    [{ pageInfo: { hasNextPage: true, endCursor: 'x' } }, 'body: pageInfo.hasNextPage'],
  ])('is in %j', (extra, place) => {
    expect(signs({ ...(extra as object), data: rows })).toEqual({ unfollowed: place });
  });

  it.each<[string, Json]>([
    ['says null', { next: null, next_cursor: '', links: { next: { href: null } } }],
    ['is denied by a flag', { next: '/rows?page=3', has_more: false }],
    ['is denied by a flag elsewhere', { links: { next: '/rows?page=3' }, meta: { has_more: 'false' } }],
    ['is denied by the end', { next_page: '/rows?page=3', end_of_stream: true }],
    ['is the page itself', { next: 'https://api.example.com/rows?since=1&page=2' }],
    ['only counts', { next_page: 3, next: 3 }],
    ['is something else', { nextSyncToken: 'abc', next_run_at: '2024-01-01', previous: '/rows?page=1' }],
    ['is no usual place', { report: { next: 'week' }, included: [{ next: '/x' }] }],
  ])('is none that %s', (_, extra) => {
    expect(signs({ ...(extra as object), data: rows })).toEqual({});
  });

  it('is looked for beside the rows, not in them', () => {
    const list: Json = [{ next: '/rows/2', has_more: true }, { id: 2 }];
    expect(signs(list, { selector: '$' })).toEqual({});
    expect(signs({ id: 1, next: '/rows/2' }, { selector: '$' })).toEqual({});
    expect(signs({ data: { items: rows, next: 'abc' } }, { selector: 'data.items' })).toEqual({ unfollowed: 'body: data.next' });
    expect(signs({ next: 'abc', data: rows }, { selector: 'data[*]' })).toEqual({});
  });

  it('may be a Link header', () => {
    const headers = { link: '<https://api.example.com/rows?page=3>; rel="next"' };
    expect(signs(rows, { selector: '$', headers })).toEqual({ unfollowed: 'header: Link' });
    const itself = { link: '<https://api.example.com/rows?since=1&page=2>; rel="next"' };
    expect(signs(rows, { selector: '$', headers: itself })).toEqual({});
  });

  it.each<[string, Shown]>([
    ['the configuration asks for one page', { stop: 'single_page' }],
    ['a maximum was set', { stop: 'maximum_reached' }],
    ['a flag was believed', { stop: 'has_more_false' }],
  ])('does not count where %s', (_, shown) => {
    expect(
      signs({ next: 'abc', data: rows, total: 9 }, { paginator: createPaginator({ type: 'cursor' }), ...shown }).unfollowed,
    ).toBeUndefined();
  });

  it('does not count on an empty page', () => {
    expect(signs({ next: '/rows?page=3', data: [] }, { stop: 'empty_page' })).toEqual({});
  });
});

describe('a total at a usual place', () => {
  it.each<[Json, number]>([
    [{ total: 7 }, 7],
    [{ total: '7' }, 7],
    [{ totalCount: 7 }, 7],
    [{ meta: { total_count: 7 } }, 7],
    [{ pagination: { total: 3, total_items: 7 } }, 7],
    [{ page: { number: 0, size: 2, totalElements: 7, totalPages: 4 } }, 7],
    [{ count: 7, next: null, previous: null }, 7],
    [{ total: 0 }, 0],
  ])('is in %j', (extra, total) => {
    expect(signs({ ...(extra as object), data: rows })).toEqual({ total, totalIsGuess: true });
  });

  it.each<[Json]>([
    [{ count: 7 }],
    [{ total: -1 }],
    [{ total: 7.5 }],
    [{ total: 'many' }],
    [{ total: { value: 7 } }],
    [{ page: { number: 1, total: 7 } }],
    [{ invoice: { total: 7 } }],
    [{ total_price: 7, total_pages: 7 }],
  ])('is not in %j', (extra) => {
    expect(signs({ ...(extra as object), data: rows })).toEqual({});
  });

  it('may be a header, of a list only', () => {
    const headers = { 'x-total-count': '7' };
    expect(signs(rows, { selector: '$', headers })).toEqual({ total: 7, totalIsGuess: true });
    expect(signs({ id: 1 }, { selector: '$', headers })).toEqual({});
    expect(signs({ data: rows }, { selector: 'data[?id > 1]', headers })).toEqual({});
    expect(signs({ data: [rows, rows] }, { selector: 'data[0]', headers })).toEqual({});
  });

  it('is not looked for where the paginator reads one, of rows or of pages', () => {
    const paginator = (config: object) => createPaginator({ ...config });
    for (const config of [{ type: 'page_number' }, { type: 'offset', limit: 2 }])
      expect(signs({ total: 7, data: rows }, { paginator: paginator(config), stop: 'total_reached' })).toEqual({});
    expect(signs({ total: 7, data: rows }, { paginator: paginator({ type: 'page_number', total_path: null }) })).toEqual({
      total: 7,
      totalIsGuess: true,
    });
  });

  it('does not count where the configuration asks for one page', () => {
    expect(signs({ total: 7, data: rows }, { stop: 'single_page' })).toEqual({});
    expect(signs({ total: 7, data: rows }, { stop: 'single_page', isDetected: true })).toEqual({ total: 7, totalIsGuess: true });
  });
});

describe('a full page', () => {
  it.each<[Partial<HttpRequest>, boolean]>([
    [{ params: { limit: 2 } }, true],
    [{ params: { page_size: '2' } }, true],
    [{ url: 'https://api.example.com/rows?$top=2' }, true],
    [{ json: { maxResults: 2 } }, true],
    [{ params: { limit: 3 } }, false],
    [{ params: { offset: 2 } }, false],
  ])('has as many rows as %j asks for', (request, full) => {
    const single = { paginator: createPaginator({ type: 'single_page' }), stop: 'single_page', request } as const;
    expect(signs({ data: rows }, { ...single, isDetected: true })).toEqual(full ? { full: true } : {});
    expect(signs({ data: rows }, single)).toEqual({});
  });
});
