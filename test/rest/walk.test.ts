import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { createSecrets } from '../../src/core/secret.ts';
import { startFakeApi } from '../../src/testing/fake-api.ts';
import { type FakePages, fakePages } from '../../src/testing/fake-pages.ts';
import { openWalk, rowsOf } from './open-walk.ts';

const rows = (count: number) => Array.from({ length: count }, (_, id) => ({ id }));

const STYLES: readonly (readonly [string, Omit<FakePages, 'rows' | 'pageSize'>, ((size: number) => JsonObject) | undefined])[] = [
  ['offset', { style: 'offset', total: 'total' }, (limit) => ({ type: 'offset', limit })],
  ['page_number', { style: 'page_number', total: 'total' }, () => ({ type: 'page_number', base_page: 1 })],
  ['page_number without total', { style: 'page_number' }, () => ({ type: 'page_number', base_page: 1, total_path: null })],
  ['cursor', { style: 'cursor' }, () => ({ type: 'cursor', cursor_path: 'next_cursor' })],
  ['json_link', { style: 'json_link' }, () => ({ type: 'json_link' })],
  ['header_link', { style: 'header_link', key: null }, () => ({ type: 'header_link' })],
  ['header_cursor', { style: 'header_cursor', key: null }, () => ({ type: 'header_cursor' })],
  ['auto: link in the body', { style: 'json_link' }, undefined],
  ['auto: link in the header', { style: 'header_link', key: null }, undefined],
  ['auto: cursor', { style: 'cursor' }, undefined],
];

describe('walk', () => {
  it.each(STYLES)('%s: pages concatenate to the rows, from any checkpoint to the rest', async (_, style, paginator) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 13 }), fc.integer({ min: 1, max: 5 }), async (count, pageSize) => {
        const all = rows(count);
        await using api = await startFakeApi([{ path: '/posts', reply: fakePages({ ...style, rows: all, pageSize }) }]);
        const config = paginator?.(pageSize);
        await using walk = openWalk(`${api.url}/posts`, config ? { paginator: config } : {});
        const pages = await walk.pages();
        expect(rowsOf(pages)).toEqual(all);
        expect(pages.map((page) => page.index)).toEqual(pages.map((_, index) => index));
        expect(pages.map((page) => page.stop === undefined)).toEqual(pages.map((page) => page !== pages.at(-1)));
        for (const [index, page] of pages.entries()) {
          if (!page.next) continue;
          const checkpoint = JSON.parse(JSON.stringify(page.next)) as typeof page.next;
          const rest = await walk.pages({ after: checkpoint, index: index + 1 });
          expect(rowsOf(rest)).toEqual(all.slice((index + 1) * pageSize));
          expect(rest[0]?.index).toBe(index + 1);
        }
      }),
      { numRuns: 8 },
    );
  });

  it('keeps method, headers and body on every page', async () => {
    const reply = fakePages({ style: 'cursor', rows: rows(4), pageSize: 2 });
    await using api = await startFakeApi([{ path: '/search', method: 'POST', reply }]);
    await using walk = openWalk(`${api.url}/search`, {
      paginator: { type: 'cursor', cursor_path: 'next_cursor', cursor_body_path: 'cursor' },
      request: { method: 'POST', headers: { 'X-A': '1' }, json: { q: 'x' } },
    });
    expect(rowsOf(await walk.pages())).toEqual(rows(4));
    expect(api.requests.map(({ body, headers }) => [body, headers['x-a']])).toEqual([
      ['{"q":"x"}', '1'],
      ['{"q":"x","cursor":"2"}', '1'],
    ]);
  });

  it('stops between pages when it is aborted', async () => {
    await using api = await startFakeApi([{ path: '/posts', reply: fakePages({ style: 'json_link', rows: rows(9), pageSize: 1 }) }]);
    await using walk = openWalk(`${api.url}/posts`);
    const abort = new AbortController();
    const reason = new Error('enough');
    const seen: number[] = [];
    const run = async () => {
      for await (const page of walk.walk({ signal: abort.signal })) if (seen.push(page.index) === 3) abort.abort(reason);
    };
    await expect(run()).rejects.toBe(reason);
    expect([seen, api.requests.length]).toEqual([[0, 1, 2], 3]);
  });

  it('ends with "ignored" where a response is ignored', async () => {
    const reply = fakePages({ style: 'json_link', rows: rows(9), pageSize: 3 });
    await using api = await startFakeApi([{ path: '/posts', reply, faults: [{ nth: [2], reply: { status: 404 } }] }]);
    await using walk = openWalk(`${api.url}/posts`, {
      exchange: { home: api.url, inspect: async (response) => (response.status === 404 ? 'ignore' : response) },
    });
    const pages = await walk.pages();
    expect(pages.map(({ rowCount, stop, next }) => [rowCount, stop, next !== undefined])).toEqual([
      [3, undefined, true],
      [0, 'ignored', false],
    ]);
    expect(rowsOf(pages)).toHaveLength(3);
  });

  it('stores no credential in a checkpoint, and goes on from it', async () => {
    const reply = fakePages({ style: 'json_link', rows: rows(4), pageSize: 2 });
    await using api = await startFakeApi([{ path: '/s3cret-path/posts', reply }]);
    const secrets = createSecrets();
    for (const secret of ['s3cret-path', 'hush/hush']) secrets.add(secret);
    await using walk = openWalk(`${api.url}/s3cret-path/posts?account=hush%2Fhush`, { secrets });
    const [first] = await walk.pages();
    expect(JSON.stringify({ ...first, body: '' })).not.toMatch(/s3cret|hush/);
    expect(rowsOf(await walk.pages({ index: 1, ...(first?.next ? { after: first.next } : {}) }))).toEqual([{ id: 2 }, { id: 3 }]);
    expect(api.requests.at(-1)?.query.get('account')).toBe('hush/hush');
  });

  it('remembers in a checkpoint what it detected', async () => {
    const bodies = [
      { list: [{ id: 1 }], next: '/posts?page=2' },
      { data: ['not rows'], list: [{ id: 2 }] },
    ];
    await using api = await startFakeApi([
      { path: '/posts', reply: ({ query }) => ({ json: bodies[Number(query.get('page') ?? 1) - 1] }) },
    ]);
    await using walk = openWalk(`${api.url}/posts`);
    const [first] = await walk.pages();
    expect(first?.next).toEqual({
      cursor: `${api.url}/posts?page=2`,
      selector: 'list',
      paginator: { type: 'json_link', next_url_path: 'next' },
    });
    expect(rowsOf(await walk.pages({ index: 1, ...(first?.next ? { after: first.next } : {}) }))).toEqual([{ id: 2 }]);
  });

  it('says what it detected, once', async () => {
    const body = { meta: { warnings: [] }, list: [{ id: 1 }, { id: 2 }], other: [1] };
    await using api = await startFakeApi([{ path: '/posts', reply: { json: body } }]);
    await using walk = openWalk(`${api.url}/posts`);
    await walk.pages();
    await walk.pages();
    expect(walk.events.flatMap((event) => (event.type === 'warning' ? [event.code] : []))).toEqual([
      'selector_detected',
      'paginator_not_detected',
    ]);
  });
});

describe('a walk in circles is an error', () => {
  const failing = async (url: string, paginator: JsonObject) => {
    await using walk = openWalk(url, { paginator, selector: 'data' });
    return await walk.pages().catch((error: unknown) => error);
  };

  it('when a cursor comes again', async () => {
    const next = ['b', 'c', 'a', 'b'];
    await using api = await startFakeApi([{ path: '/posts', reply: ({ nth }) => ({ json: { data: [nth], next: next[nth - 1] } }) }]);
    expect(await failing(`${api.url}/posts`, { type: 'cursor', cursor_path: 'next' })).toMatchObject({
      name: 'ResponseError',
      code: 'pagination_loop',
      message: `The page from GET ${api.url}/posts?cursor=a (resource "posts", page 4) leads back to page 2: paging would never end.`,
    });
  });

  it('when a next link is the address of its page', async () => {
    await using api = await startFakeApi([{ path: '/posts', reply: ({ origin }) => ({ json: { data: [1], next: `${origin}/posts` } }) }]);
    expect(await failing(`${api.url}/posts`, { type: 'json_link' })).toMatchObject({ code: 'pagination_loop' });
    expect(api.requests).toHaveLength(1);
  });

  it('when a circle is longer than it remembers', async () => {
    const reply = ({ query }: { readonly query: URLSearchParams }) => ({
      json: { data: [1], next: (Number(query.get('cursor')) % 150) + 1 },
    });
    await using api = await startFakeApi([{ path: '/posts', reply }]);
    expect(await failing(`${api.url}/posts`, { type: 'cursor', cursor_path: 'next' })).toMatchObject({ code: 'pagination_loop' });
    expect(api.requests.length).toBeLessThan(500);
  });

  it('when the API ignores the parameter', async () => {
    await using api = await startFakeApi([{ path: '/posts', reply: { json: { data: [{ id: 1 }] } } }]);
    expect(await failing(`${api.url}/posts`, { type: 'page_number', total_path: null })).toMatchObject({
      code: 'pagination_loop',
      hint: 'Check the parameter names of the paginator: the API ignores them.',
    });
    expect(api.requests).toHaveLength(20);
  });
});

describe('a selector that matches nothing', () => {
  const walkOf = async (json: unknown, selectorRequired?: boolean) => {
    await using api = await startFakeApi([{ path: '/posts', reply: { json } }]);
    await using walk = openWalk(`${api.url}/posts`, { selector: 'data', selectorRequired, paginator: { type: 'single_page' } });
    const [page] = await walk.pages();
    return { rows: page?.rowCount, missed: page?.selectorMissed, total: page?.total };
  };

  it.each([
    [{ list: [1] }, { rows: 0, missed: true }],
    [[{ id: 1 }], { rows: 0, missed: true }],
    [{}, { rows: 0, total: 0 }],
    [{ meta: { total_count: 0 } }, { rows: 0, total: 0 }],
    [{ data: null }, { rows: 0 }],
    [null, { rows: 0 }],
    [{ data: [] }, { rows: 0 }],
  ])('is noted unless the page says that there is nothing: %j', async (json, facts) => {
    expect(await walkOf(json)).toEqual({ missed: undefined, total: undefined, ...facts });
  });

  it('is no matter when it is not required, and an error when it is', async () => {
    expect(await walkOf({ list: [1] }, false)).toMatchObject({ rows: 0, missed: undefined });
    await expect(walkOf({ list: [1], 'a b': 2 }, true)).rejects.toMatchObject({
      code: 'selector_missed',
      message: expect.stringMatching(
        /matches nothing in the page from GET .*\/posts \(resource "posts", page 1\), which has the keys `list`, `a b`\.$/,
      ),
    });
  });
});
