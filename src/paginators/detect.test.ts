import { describe, expect, it } from 'vitest';
import type { HttpRequest, ReceivedPage } from '../core/http.ts';
import { type Json, JsonFloat } from '../core/json.ts';
import { createPaginator } from './built-in.ts';
import { detectPaginator } from './detect.ts';

const request: HttpRequest = { method: 'GET', url: 'https://api.example.com/rows', headers: {}, params: {} };
const page = (body: Json | undefined, more: Partial<ReceivedPage> = {}): ReceivedPage => ({
  request,
  headers: {},
  body,
  rowCount: 2,
  ...more,
});
const rows = [{ id: 1 }, { id: 2 }];

describe('detectPaginator finds', () => {
  it.each<[string, Json, object]>([
    ['a link', { next: 'https://api.example.com/2', results: rows }, { type: 'json_link', next_url_path: 'next' }],
    ['a relative link', { links: { nextPage: '/rows?page=2' } }, { type: 'json_link', next_url_path: 'links.nextPage' }],
    ['a link in an object', { _links: { next: { href: 'http://x/2' } } }, { type: 'json_link', next_url_path: '_links.next.href' }],
    ['a link as url', { Next: { title: 'b', URL: '/2' } }, { type: 'json_link', next_url_path: 'Next.URL' }],
    ['a link further in', { next: { page: { next: '/2' } } }, { type: 'json_link', next_url_path: 'next.page.next' }],
    ['a link beside a total', { links: { next: '/2' }, meta: { total_pages: 5 } }, { type: 'json_link', next_url_path: 'links.next' }],
    ['a cursor', { next_cursor: 'abc', data: rows }, { type: 'cursor', cursor_path: 'next_cursor' }],
    ['a cursor that is a number', { next_id: 33, entries: rows }, { type: 'cursor', cursor_path: 'next_id' }],
    ['a cursor that is a float', { next: new JsonFloat(1) }, { type: 'cursor', cursor_path: 'next' }],
    ['a cursor in an object', { cursors: { previous: 'a', next: 'b' } }, { type: 'cursor', cursor_path: 'cursors.next' }],
    ['nothing more', { next: null, results: rows }, { type: 'single_page' }],
    ['nothing in offsets', { offset: 0, limit: 2, total: 9, data: rows }, { type: 'single_page' }],
    ['nothing in has_next', { has_next: true, data: rows }, { type: 'single_page' }],
    ['nothing in lists', { data: [{ next: '/2', total_pages: 3 }] }, { type: 'single_page' }],
    ['nothing in a bare list', rows, { type: 'single_page' }],
    ['nothing in null', null, { type: 'single_page' }],
    ['no total in text', { pages: 'many' }, { type: 'single_page' }],
    ['the first in the order of the document', { next_offset: 10, next: '/2' }, { type: 'cursor', cursor_path: 'next_offset' }],
  ])('%s', (_, body, config) => {
    expect(detectPaginator(page(body)).config).toEqual(config);
  });

  it('nothing in an empty body', () => {
    expect(detectPaginator(page(undefined)).config).toEqual({ type: 'single_page' });
  });

  it('a link header, before all else', () => {
    const found = detectPaginator(page({ next: '/2' }, { headers: { link: '</2>; rel="next"' } }));
    expect(found.config).toEqual({ type: 'header_link' });
    expect(detectPaginator(page({ next: '/2' }, { headers: { link: '</9>; rel="last"' } })).config).toMatchObject({ type: 'json_link' });
  });

  it('keys that need quotes, and finds them again', () => {
    const body: Json = { 'page info': { 'next.link': 'x', 'next link': '/2' } };
    const { paginator, cursor } = detectPaginator(page({ 'page info': { 'next link': '/2' } }));
    expect(paginator.next(page(body), cursor)).toEqual({ cursor: 'https://api.example.com/2' });
    const dotted = detectPaginator(page({ 'next.cursor': 'abc' }));
    expect(dotted.paginator.next(page({ 'next.cursor': 'abc' }), dotted.cursor)).toEqual({ cursor: 'abc' });
  });

  it('how sure it is', () => {
    expect(detectPaginator(page({ next: '/2' })).confidence).toBe('sure');
    expect(detectPaginator(page({ next: 'abc' })).confidence).toBe('likely');
    expect(detectPaginator(page({ page: 1, pages: 4 })).confidence).toBe('likely');
    expect(detectPaginator(page({})).confidence).toBe('fallback');
  });
});

describe('page numbers count from', () => {
  it.each<[string, Json, { base: number; cursor: number; path: string }]>([
    ['one: page', { page: 1, pages: 10 }, { base: 1, cursor: 1, path: 'pages' }],
    ['one: current_page', { info: { current_page: 1, total_pages: 50 } }, { base: 1, cursor: 1, path: 'info.total_pages' }],
    ['one: currentPage', { currentPage: '1', totalPages: '5' }, { base: 1, cursor: 1, path: 'totalPages' }],
    ['one: pageNumber above', { pageNumber: 1, meta: { totalPages: 5 } }, { base: 1, cursor: 1, path: 'meta.totalPages' }],
    ['one: page in another object', { paging: { page: 1 }, meta: { totalPages: 5 } }, { base: 1, cursor: 1, path: 'meta.totalPages' }],
    ['one: number beside the total', { details: { number: 1, total_pages: 25 } }, { base: 1, cursor: 1, path: 'details.total_pages' }],
    ['one: the next page is 2', { total_pages: 4, next_page: 2 }, { base: 1, cursor: 1, path: 'total_pages' }],
    ['zero: number of Spring', { content: [], totalPages: 5, number: 0, first: true }, { base: 0, cursor: 0, path: 'totalPages' }],
    ['zero: page', { data: [], page: { page: 0, pages: 3 } }, { base: 0, cursor: 0, path: 'page.pages' }],
    ['zero: the next page is 1', { nextPage: 1, total_pages: 4 }, { base: 0, cursor: 0, path: 'total_pages' }],
    ['one, from a later page', { page: 3, pages: 10 }, { base: 1, cursor: 3, path: 'pages' }],
    ['the page rather than the next one', { page: 0, next_page: 2, pages: 10 }, { base: 0, cursor: 0, path: 'pages' }],
  ])('%s', (_, body, { base, cursor, path }) => {
    const found = detectPaginator(page(body));
    expect(found.config).toEqual({ type: 'page_number', base_page: base, total_path: path });
    expect(found.cursor).toBe(cursor);
  });

  it.each<[Json]>([[0], [1], ['1']])('what the request asked for: page %j', (asked) => {
    const found = detectPaginator(page({ total_pages: 5 }, { request: { ...request, params: { page: asked } } }));
    expect(found.config).toMatchObject({ base_page: Number(asked) });
    expect(found.cursor).toBe(Number(asked));
  });

  it.each<[string, Json, number]>([
    ['a single page', { total_pages: 1 }, 2],
    ['no page', { total_pages: 0 }, 2],
    ['an empty page', { total_pages: 5 }, 0],
  ])('does not matter: %s', (_, body, rowCount) => {
    const { paginator, cursor } = detectPaginator(page(body, { rowCount }));
    expect(paginator.next(page(body, { rowCount }), cursor)).toHaveProperty('stop');
  });

  it.each<[string, Json]>([
    ['nothing tells', { data: rows, total_pages: 5 }],
    ['a record has a page', { data: { page: 1 }, pages: 320 }],
    ['the number is not near the total', { number: 1, meta: { total_pages: 5 } }],
    ['the number is a flag', { page: true, pages: 5 }],
    ['the number is negative', { page: -1, pages: 5 }],
    ['the next page is the first', { next_page: 0, pages: 5 }],
  ])('cannot be told: %s', (_, body) => {
    expect(() => detectPaginator(page(body))).toThrow(
      expect.objectContaining({ code: 'page_base_unknown', hint: expect.stringContaining('"base_page": 1') }),
    );
  });

  it.each([0, 1])('%d: every page is asked for once', (base) => {
    const bodyOf = (number: number) => ({ page: number, total_pages: 4 });
    const { paginator, cursor } = detectPaginator(page(bodyOf(base)));
    const asked: Json[] = [cursor];
    for (;;) {
      const step = paginator.next(page(bodyOf(asked.at(-1) as number)), asked.at(-1) as Json);
      if ('stop' in step) break;
      asked.push(step.cursor);
    }
    expect(asked).toEqual([base, base + 1, base + 2, base + 3]);
    expect(paginator.apply(request, base + 1).params).toEqual({ page: base + 1 });
  });
});

describe('createPaginator', () => {
  it('makes the detected paginator again from its configuration', () => {
    const { config, paginator, cursor } = detectPaginator(page({ page: 1, pages: 3 }));
    expect(createPaginator(config).next(page({ pages: 3 }), cursor)).toEqual(paginator.next(page({ pages: 3 }), cursor));
  });

  it.each([['nothing'], ['constructor'], ['auto']])('refuses the type %s', (type) => {
    expect(() => createPaginator({ type })).toThrow(expect.objectContaining({ code: 'unknown_paginator' }));
  });
});
