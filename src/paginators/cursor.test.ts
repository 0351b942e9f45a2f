import { describe, expect, it } from 'vitest';
import type { HttpRequest, ReceivedPage } from '../core/http.ts';
import { type Json, JsonFloat } from '../core/json.ts';
import { createPaginator } from './built-in.ts';

const request: HttpRequest = { method: 'GET', url: 'https://api.example.com/rows', headers: {}, params: { cursor: 'mine' } };
const page = (body: Json | undefined, rowCount = 10): ReceivedPage => ({ request, headers: {}, body, rowCount });

describe('cursor', () => {
  it('asks for the first page without a cursor of its own', () => {
    const paginator = createPaginator({ type: 'cursor' });
    expect(paginator.apply(request, paginator.first())).toBe(request);
    expect(paginator.apply(request, 'next').params).toEqual({ cursor: 'next' });
  });

  it.each<[Json]>([['abc'], [7], [2n ** 70n], [true], [new JsonFloat(1.5)], [{ id: 'a' }], [['a', 2]]])('goes on with %s', (next) => {
    expect(createPaginator({ type: 'cursor' }).next(page({ cursors: { next } }), null)).toEqual({ cursor: next });
  });

  it.each<[Json]>([[null], [''], [0], [false], [new JsonFloat(0)], [[]], [{}], [0n]])('ends with %s', (next) => {
    expect(createPaginator({ type: 'cursor' }).next(page({ cursors: { next } }), null)).toEqual({ stop: 'next_missing' });
  });

  it('ends when there is none', () => {
    expect(createPaginator({ type: 'cursor' }).next(page({}), 'a')).toEqual({ stop: 'next_missing' });
    expect(createPaginator({ type: 'cursor' }).next(page(undefined), 'a')).toEqual({ stop: 'next_missing' });
  });

  it('goes on after an empty page unless told otherwise', () => {
    const body = { cursors: { next: 'b' } };
    expect(createPaginator({ type: 'cursor' }).next(page(body, 0), 'a')).toEqual({ cursor: 'b' });
    expect(createPaginator({ type: 'cursor', stop_after_empty_page: true }).next(page(body, 0), 'a')).toEqual({ stop: 'empty_page' });
  });

  it('needs both a cursor and has_more, when that is asked for', () => {
    const paginator = createPaginator({ type: 'cursor', cursor_path: 'next', has_more_path: 'more' });
    expect(paginator.next(page({ next: 'b', more: true }), 'a')).toEqual({ cursor: 'b' });
    expect(paginator.next(page({ next: 'b', more: 'no' }), 'a')).toEqual({ stop: 'has_more_false' });
    expect(paginator.next(page({ next: null, more: true }), 'a')).toEqual({ stop: 'next_missing' });
    expect(() => paginator.next(page({ next: null }), 'a')).toThrow(expect.objectContaining({ code: 'has_more_missing' }));
  });

  it('puts the cursor into the body', () => {
    const paginator = createPaginator({ type: 'cursor', cursor_body_path: 'search.after' });
    expect(paginator.apply({ ...request, json: { search: { q: 1 } } }, ['a', 1]).json).toEqual({ search: { q: 1, after: ['a', 1] } });
  });
});

describe('header_cursor', () => {
  const paginator = createPaginator({ type: 'header_cursor', cursor_key: 'NextPageToken', cursor_param: 'token' });

  it('finds the header whatever its case', () => {
    expect(paginator.next({ ...page([]), headers: { nextpagetoken: 'b' } }, null)).toEqual({ cursor: 'b' });
    expect(paginator.apply(request, 'b').params).toEqual({ cursor: 'mine', token: 'b' });
  });

  it('ends when the header is absent or empty', () => {
    expect(paginator.next(page([]), 'a')).toEqual({ stop: 'next_missing' });
    expect(paginator.next({ ...page([]), headers: { nextpagetoken: '' } }, 'a')).toEqual({ stop: 'next_missing' });
  });
});
