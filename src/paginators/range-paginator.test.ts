import { describe, expect, it } from 'vitest';
import { ResponseError } from '../core/errors.ts';
import type { HttpRequest, ReceivedPage } from '../core/http.ts';
import { type Json, JsonFloat } from '../core/json.ts';
import { createPaginator } from './built-in.ts';

const request: HttpRequest = { method: 'GET', url: 'https://api.example.com/rows?key=hush', headers: {}, params: { page: '100', own: 1 } };
const page = (body: Json | undefined, rowCount = 10): ReceivedPage => ({ request, headers: {}, body, rowCount });
const offset = (options = {}) => createPaginator({ type: 'offset', limit: 10, ...options });
const pageNumber = (options = {}) => createPaginator({ type: 'page_number', ...options });

describe('what counting paginators send', () => {
  it('replaces the parameters of the user', () => {
    expect(pageNumber().apply(request, 0).params).toEqual({ page: 0, own: 1 });
    expect(offset({ offset_param: 'skip', limit_param: 'take' }).apply(request, 20).params).toEqual({
      page: '100',
      own: 1,
      skip: 20,
      take: 10,
    });
  });

  it('starts where the options say', () => {
    expect(pageNumber().first()).toBe(0);
    expect(pageNumber({ base_page: 1 }).first()).toBe(1);
    expect(pageNumber({ base_page: 1, page: 3 }).first()).toBe(3);
    expect(pageNumber({ page: null }).first()).toBe(0);
    expect(offset({ offset: 30 }).first()).toBe(30);
  });

  it('writes body paths as nested objects and leaves the rest alone', () => {
    const paginator = offset({ offset_body_path: 'paging.from', limit_body_path: 'paging.size' });
    expect(paginator.apply({ ...request, json: { paging: { sort: 'id' }, q: 1 } }, 10)).toEqual({
      ...request,
      json: { paging: { sort: 'id', from: 10, size: 10 }, q: 1 },
    });
  });
});

describe('when counting paginators end', () => {
  it('at the total: rows for offset, pages counted from base_page for page_number', () => {
    expect(offset().next(page({ total: 21 }), 10)).toEqual({ cursor: 20 });
    expect(offset().next(page({ total: 20 }), 10)).toEqual({ stop: 'total_reached' });
    expect(pageNumber({ base_page: 1 }).next(page({ total: 3 }), 2)).toEqual({ cursor: 3 });
    expect(pageNumber({ base_page: 1 }).next(page({ total: 3 }), 3)).toEqual({ stop: 'total_reached' });
    expect(pageNumber({ base_page: 0 }).next(page({ total: 3 }), 2)).toEqual({ stop: 'total_reached' });
  });

  it('before the maximum', () => {
    expect(offset({ total_path: null, maximum_offset: 20 }).next(page({}), 0)).toEqual({ cursor: 10 });
    expect(offset({ total_path: null, maximum_offset: 20 }).next(page({}), 10)).toEqual({ stop: 'maximum_reached' });
    expect(pageNumber({ base_page: 1, maximum_page: 3 }).next(page({ total: 9 }), 2)).toEqual({ stop: 'maximum_reached' });
  });

  it('at an empty page, whatever its totals say, unless that is off', () => {
    expect(offset().next(page({}, 0), 0)).toEqual({ stop: 'empty_page' });
    expect(offset().next(page(undefined, 0), 0)).toEqual({ stop: 'empty_page' });
    expect(offset({ stop_after_empty_page: false }).next(page({ total: 50 }, 0), 0)).toEqual({ cursor: 10 });
    expect(offset({ stop_after_empty_page: null }).next(page({ total: 50 }, 0), 0)).toEqual({ cursor: 10 });
  });

  it.each<[Json, object]>([
    [true, { cursor: 10 }],
    [false, { stop: 'has_more_false' }],
    ['Yes', { cursor: 10 }],
    ['t', { cursor: 10 }],
    ['1', { cursor: 10 }],
    ['FALSE', { stop: 'has_more_false' }],
    ['n', { stop: 'has_more_false' }],
  ])('as has_more says: %j', (more, step) => {
    expect(offset({ total_path: null, has_more_path: 'more' }).next(page({ more }), 0)).toEqual(step);
  });

  it('at the total although has_more is true', () => {
    expect(offset({ has_more_path: 'more' }).next(page({ more: true, total: 10 }), 0)).toEqual({ stop: 'total_reached' });
  });

  it.each([{ total_path: 'total' }, { maximum: 5 }, { has_more_path: 'more' }])('by one rule alone: %j', ({ maximum, ...rule }) => {
    const off = { total_path: null, stop_after_empty_page: false, ...rule };
    expect(() => offset(maximum === undefined ? off : { ...off, maximum_offset: maximum })).not.toThrow();
    expect(() => pageNumber(maximum === undefined ? off : { ...off, maximum_page: maximum })).not.toThrow();
  });

  it('at the first empty page when the paths are empty', () => {
    expect(offset({ total_path: '', has_more_path: '' }).next(page({}), 0)).toEqual({ cursor: 10 });
  });
});

describe('totals', () => {
  it.each<[Json, number]>([
    [25, 25],
    ['25', 25],
    [' 1_0 ', 10],
    ['+7', 7],
    [2.9, 2],
    [-2.9, 0],
    [new JsonFloat(25), 25],
    [true, 1],
    [30n, 30],
  ])('%s counts as %d', (total, count) => {
    expect(offset().total?.(page({ total }))).toBe(count);
  });

  it.each<[Json | undefined]>([['2.9'], ['many'], [''], ['1__0'], [[10]], [{ value: 10 }], [new JsonFloat(Number.POSITIVE_INFINITY)]])(
    '%j is no total',
    (total = null) => {
      expect(() => offset().next(page({ total }), 0)).toThrow(expect.objectContaining({ code: 'total_invalid' }));
      expect(offset().total?.(page({ total }))).toBeUndefined();
    },
  );

  it.each<[Json | undefined]>([[{ data: ['row'], meta: { count: 5 } }], [{ total: null, data: [] }], [['row']], [{}], [undefined]])(
    'says what a page without one has: %j',
    (body) => {
      const error = thrown(() => pageNumber().next(page(body), 0));
      expect(error).toMatchObject({ code: 'total_missing', hint: expect.stringContaining('null') });
    },
  );

  it('lists keys and neither values nor the query of the address', () => {
    const { message } = thrown(() =>
      offset({ total_path: 'total' }).next(page({ data: ['Jane'], meta: { count: 5 }, ['k'.repeat(50)]: 1 }), 0),
    );
    expect(message).toBe(
      `The page from https://api.example.com/rows has no total at \`total\`. The page has the keys data, meta, meta.count, ${'k'.repeat(40)}….`,
    );
  });

  it('is known of rows only', () => {
    expect(pageNumber().total?.(page({ total: 3 }))).toBeUndefined();
    expect(offset({ total_path: null }).total?.(page({ total: 3 }))).toBeUndefined();
  });
});

describe('has_more', () => {
  it.each<[Json, string]>([
    [null, 'has_more_missing'],
    [1, 'has_more_invalid'],
    ['maybe', 'has_more_invalid'],
    [[], 'has_more_invalid'],
  ])('%j is an error', (more, code) => {
    expect(() => offset({ has_more_path: 'more' }).next(page({ more, total: 0 }), 0)).toThrow(expect.objectContaining({ code }));
  });
});

describe('the total of rows', () => {
  it('counts from the first row that is asked for', () => {
    expect(offset().total?.(page({ total: '35' }))).toBe(35);
    expect(offset({ offset: 30 }).total?.(page({ total: 35 }))).toBe(5);
    expect(offset({ offset: 40 }).total?.(page({ total: 35 }))).toBe(0);
    expect(offset().total?.(page({}))).toBeUndefined();
  });

  it('is nothing to look for where the total is of pages, or where pages are skipped', () => {
    for (const paginator of [pageNumber(), pageNumber({ page: 3, total_path: null }), offset({ offset: 30, total_path: null })]) {
      expect(paginator.total?.(page({ total: 35 }))).toBeUndefined();
      expect('total' in paginator).toBe(true);
    }
    expect('total' in pageNumber({ base_page: 1, page: 1, total_path: null })).toBe(false);
  });
});

describe('ahead', () => {
  const ahead = (paginator: ReturnType<typeof offset>, body: Json, cursor = 0) => {
    const told = paginator.ahead?.(page(body), cursor);
    if (!told) return undefined;
    const cursors: Json[] = [];
    for (const next of told.cursors) if (cursors.push(next) === 4) break;
    return { cursors, certain: told.certain };
  };

  it('counts up to the total and the maximum', () => {
    expect(ahead(offset(), { total: 35 })).toEqual({ cursors: [10, 20, 30], certain: true });
    expect(ahead(offset(), { total: 35 }, 10)).toEqual({ cursors: [20, 30], certain: true });
    expect(ahead(offset({ maximum_offset: 20 }), { total: 35 })).toEqual({ cursors: [10], certain: true });
    expect(ahead(pageNumber({ base_page: 1 }), { total: 3 }, 1)).toEqual({ cursors: [2, 3], certain: true });
    expect(ahead(offset({ total_path: null, maximum_offset: 30, stop_after_empty_page: false }), {})).toEqual({
      cursors: [10, 20],
      certain: true,
    });
  });

  it('is not certain where a page may end the walk earlier', () => {
    expect(ahead(offset({ total_path: null }), { total: 35 })).toEqual({ cursors: [10, 20, 30, 40], certain: false });
    expect(ahead(offset({ total_path: null, maximum_offset: 30 }), {})).toEqual({ cursors: [10, 20], certain: false });
    expect(ahead(offset({ has_more_path: 'more' }), { total: 35, more: true })).toEqual({ cursors: [10, 20, 30], certain: false });
  });

  it('is unknown where the total is missing', () => {
    expect(ahead(offset(), {})).toBeUndefined();
  });

  it('makes cursors as they are asked for', () => {
    expect(ahead(offset(), { total: 1e15 })?.cursors).toEqual([10, 20, 30, 40]);
  });
});

function thrown(run: () => unknown): ResponseError {
  try {
    run();
  } catch (error) {
    if (error instanceof ResponseError) return error;
  }
  throw new Error('a ResponseError was wanted');
}
