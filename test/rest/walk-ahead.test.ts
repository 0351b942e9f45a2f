import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SynclineError } from '../../src/core/errors.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { PageStep, WalkedPage, WalkOptions } from '../../src/core/source.ts';
import type { Concurrency } from '../../src/rest/config-client.ts';
import { type HeldPage, holdPages } from './held-pages.ts';
import { type Collected, collect } from './held-walk.ts';
import { openWalk } from './open-walk.ts';

/** Rows a page. */
const SIZE = 2;

/** An API and how it is paged: page `n` has `rows[n]` rows and says that there are `totals[n]`. */
interface Api {
  readonly rows: readonly number[];
  readonly totals: readonly number[];
  /** The page that answers 404, which is ignored. */
  readonly gone: number | undefined;
  readonly style: 'offset' | 'page_number';
  readonly says: 'total' | 'nothing' | 'more';
  readonly maximum: number | undefined;
  readonly emptyEnds: boolean;
}

const apis: fc.Arbitrary<Api> = fc
  .record({
    pages: fc.integer({ min: 0, max: 12 }),
    empty: fc.array(fc.nat(12), { maxLength: 1 }),
    wobble: fc.array(fc.integer({ min: -4, max: 4 }), { maxLength: 6 }),
    gone: fc.option(fc.nat(20), { nil: undefined }),
    style: fc.constantFrom('offset', 'page_number'),
    says: fc.constantFrom('total', 'nothing', 'more'),
    maximum: fc.option(fc.integer({ min: 1, max: 14 }), { nil: undefined }),
    emptyEnds: fc.boolean(),
  })
  .map(({ pages, empty, wobble, ...api }): Api => {
    const rows = Array.from({ length: pages }, (_, page) => (empty.includes(page) ? 0 : SIZE));
    return { ...api, rows, totals: Array.from({ length: 40 }, (_, page) => Math.max(0, pages + (wobble[page] ?? 0))) };
  })
  // Something has to end the paging.
  .map((api): Api => (api.says === 'nothing' && api.maximum === undefined ? { ...api, emptyEnds: true } : api));

function paginatorOf({ style, says, maximum, emptyEnds }: Api): JsonObject {
  const rules = {
    total_path: says === 'total' ? 'total' : null,
    stop_after_empty_page: emptyEnds,
    ...(says === 'more' ? { has_more_path: 'more' } : {}),
  };
  if (style === 'offset')
    return { type: 'offset', limit: SIZE, ...rules, ...(maximum === undefined ? {} : { maximum_offset: maximum * SIZE }) };
  return { type: 'page_number', ...rules, ...(maximum === undefined ? {} : { maximum_page: maximum }) };
}

function answerOf({ rows, totals, gone, style }: Pick<Api, 'rows' | 'totals' | 'gone' | 'style'>, page: number): HeldPage {
  if (page === gone) return { status: 404, json: {} };
  const total = (totals[page] ?? rows.length) * (style === 'offset' ? SIZE : 1);
  const data = Array.from({ length: rows[page] ?? 0 }, (_, row) => ({ id: `${page}-${row}` }));
  return { json: { data, total, more: page < (totals[page] ?? 0) - 1 } };
}

const numberOf = (query: URLSearchParams): number => Number(query.get('page') ?? Number(query.get('offset')) / SIZE);

interface Way {
  readonly concurrency: Concurrency;
  readonly order: readonly number[];
  readonly options?: WalkOptions;
  /** The page that answers 500. */
  readonly broken?: number | undefined;
  /** Others come while a page is worked on. */
  readonly slow?: boolean;
}

interface Walked extends Collected {
  readonly asked: readonly number[];
}

async function walked(api: Api, { concurrency, order, options, broken, slow = false }: Way): Promise<Walked> {
  await using pages = await holdPages((page) => (page === broken ? { status: 500, json: {} } : answerOf(api, page)), numberOf);
  await using walk = openWalk(pages.url, {
    concurrency,
    paginator: paginatorOf(api),
    selector: 'data',
    exchange: { home: new URL(pages.url).origin, inspect: async (response) => (response.status === 404 ? 'ignore' : response) },
  });
  const onPage = (_: WalkedPage, settleOne: () => Promise<void>) => (slow ? settleOne() : undefined);
  return { ...(await collect({ api: pages, walk, order, options: { sequential: false, ...options }, onPage })), asked: pages.asked };
}

/** What is the same however a walk goes. */
const factsOf = (pages: readonly WalkedPage[]) =>
  pages
    .toSorted((a, b) => a.index - b.index)
    .map(({ index, body, rowCount, next, stop }) => ({ index, body: Buffer.from(body).toString(), rowCount, next, stop }));

const stepOf = ({ next, stop }: WalkedPage): PageStep => ({ ...(next && { next }), ...(stop && { stop }) });

/** How a walk goes on with pages that an earlier one left: those without a gap, and those beyond it. */
function resumed(left: readonly WalkedPage[]): WalkOptions {
  const have = new Map(left.map((page) => [page.index, stepOf(page)]));
  let index = 0;
  let after: PageStep['next'];
  for (let step = have.get(0); step?.next; step = have.get(index)) {
    after = step.next;
    have.delete(index);
    index += 1;
  }
  return { index, have, ...(after && { after }) };
}

describe('a walk that asks ahead', () => {
  it('has the pages of a sequential one, whatever comes first and wherever it was cut, and asks for none twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        apis,
        fc.record({
          concurrency: fc.record({ limit: fc.integer({ min: 1, max: 5 }), explicit: fc.boolean() }),
          order: fc.array(fc.nat(), { minLength: 1 }),
          broken: fc.option(fc.nat(12), { nil: undefined }),
          slow: fc.boolean(),
        }),
        fc.array(fc.boolean()),
        async (api, way, kept) => {
          const inTurn = { ...way, order: [0], options: { sequential: true } };
          const failing = await walked(api, inTurn);
          const sequential = failing.error ? await walked(api, { ...inTurn, broken: undefined }) : failing;
          const wanted = factsOf(sequential.pages);
          expect(sequential.asked).toEqual(wanted.map(({ index }) => index));

          const first = await walked(api, way);
          expect(new Set(first.asked).size).toBe(first.asked.length);
          expect(failedAt(first)).toEqual(failedAt(failing));
          // Up to where that walk went, all came; what came from beyond does not count.
          expect(factsOf(first.pages).slice(0, failing.pages.length)).toEqual(factsOf(failing.pages));
          const reachesAhead = way.concurrency.explicit || api.says === 'total' || !api.emptyEnds;
          expect(first.asked).toEqual(reachesAhead ? first.asked : failing.asked);
          expect(first.asked.length - first.pages.length).toBeGreaterThanOrEqual(pastEnd(first.pages));

          const left = first.pages.filter((_, page) => kept[page]);
          const rest = await walked(api, { ...way, broken: undefined, options: resumed(left) });
          expect(factsOf(counting([...left, ...rest.pages]))).toEqual(wanted);
          const asked = [...rest.asked, ...left.map(({ index }) => index)];
          expect(new Set(asked).size).toBe(asked.length);
        },
      ),
      { numRuns: 40 },
    );
  });
});

/** A walk over pages by number, with a total of pages; a window of 3. */
async function numbered(pages: number, setup: Partial<Parameters<typeof openWalk>[1]> = {}) {
  const rows = Array.from({ length: pages }, () => SIZE);
  const api = await holdPages(
    (page) => answerOf({ rows, totals: rows.map(() => pages), gone: undefined, style: 'page_number' }, page),
    numberOf,
  );
  const walk = openWalk(api.url, {
    concurrency: { limit: 3, explicit: false },
    paginator: { type: 'page_number' },
    selector: 'data',
    ...setup,
  });
  return {
    api,
    walk,
    /** Resolves once that many pages were asked for. */
    async underWay(asked: number): Promise<void> {
      while (api.asked.length < asked) await nextTurn();
    },
    async [Symbol.asyncDispose]() {
      await walk[Symbol.asyncDispose]();
      await api[Symbol.asyncDispose]();
    },
  };
}

describe('what a walk asks for ahead', () => {
  it('is nothing before the first page has told how it pages, then a window', async () => {
    await using open = await numbered(9);
    const pages = open.walk.walk({ sequential: false });
    const first = pages.next();
    await open.underWay(1);
    expect(open.walk.underWay()).toBe(1);
    open.api.release(0);
    expect((await first).value).toMatchObject({ index: 0 });
    const second = pages.next();
    await open.underWay(4);
    expect([open.walk.underWay(), open.api.held().toSorted((a, b) => a - b)]).toEqual([3, [1, 2, 3]]);
    open.api.release(3);
    expect((await second).value).toMatchObject({ index: 3 });
    await pages.return(undefined);
    // No request outlives its walk.
    expect(open.walk.underWay()).toBe(0);
  });

  it('waits for a consumer that does not come back', async () => {
    await using open = await numbered(30);
    const pages = open.walk.walk({ sequential: false });
    const first = pages.next();
    await open.underWay(1);
    open.api.release(0);
    await first;
    const second = pages.next();
    await open.underWay(4);
    for (const page of [1, 2, 3]) open.api.release(page);
    await second;
    while (open.walk.underWay() > 0) await nextTurn();
    expect(open.api.asked).toHaveLength(4);
    // What came meanwhile takes up the window.
    await pages.next();
    await open.underWay(5);
    expect(open.api.held()).toEqual([4]);
    await pages.return(undefined);
  });

  it('is nothing once it is paused: what is under way comes, and no last page', async () => {
    await using open = await numbered(9);
    let paused = false;
    const { pages } = await collect({
      ...open,
      order: [0, 2, 0],
      options: { paused: () => paused },
      onPage: ({ index }) => {
        paused ||= index === 3;
      },
    });
    expect(pages.map(({ index }) => index)).toEqual([0, 3, 1, 2]);
    expect(open.api.asked).toHaveLength(4);
    expect(pages.some(({ stop }) => stop)).toBe(false);
  });

  it('is dropped, and counted, when an earlier page turns out to be the last', async () => {
    await using open = await numbered(3, {
      concurrency: { limit: 5, explicit: true },
      paginator: { type: 'page_number', total_path: null },
    });
    // 4 is empty and ends what is under way beyond it; then 3 turns out to be empty as well.
    const underWay: number[] = [];
    const onPage = () => void underWay.push(open.walk.underWay());
    const { pages } = await collect({ ...open, order: [0, 3, 2, 0, 0], onPage });
    expect(underWay).toEqual([0, 3, 2, 1, 0]);
    expect(pages.map(({ index, pastEnd }) => [index, pastEnd])).toEqual([
      [0, undefined],
      [4, undefined],
      [3, undefined],
      [1, undefined],
      [2, 1],
    ]);
    expect(open.api.asked.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('ends at once when it is aborted', async () => {
    await using open = await numbered(9);
    const abort = new AbortController();
    const reason = new Error('enough');
    const pages = open.walk.walk({ sequential: false, signal: abort.signal });
    const first = pages.next();
    await open.underWay(1);
    open.api.release(0);
    await first;
    const second = pages.next();
    await open.underWay(4);
    abort.abort(reason);
    await expect(second).rejects.toBe(reason);
    expect(open.walk.underWay()).toBe(0);
  });

  it('does not hide that the API ignores the parameter', async () => {
    await using api = await holdPages(() => ({ json: { data: [{ id: 1 }] } }), numberOf);
    await using walk = openWalk(api.url, {
      concurrency: { limit: 3, explicit: true },
      paginator: { type: 'page_number', total_path: null },
      selector: 'data',
    });
    const { error } = await collect({ api, walk, order: [2, 1, 0] });
    expect(error).toMatchObject({ code: 'pagination_loop', context: { page: 20 } });
    expect(api.asked.length).toBeLessThanOrEqual(24);
  });
});

/** The pages that count: up to the first one that is a last one. */
function counting(pages: readonly WalkedPage[]): readonly WalkedPage[] {
  const end = Math.min(...pages.filter(({ stop }) => stop).map(({ index }) => index));
  return pages.filter(({ index }) => index <= end);
}

const pastEnd = (pages: readonly WalkedPage[]): number => pages.reduce((sum, page) => sum + (page.pastEnd ?? 0), 0);

/** Which page failed, and how. */
const failedAt = ({ error }: Collected): unknown => (error instanceof SynclineError ? [error.code, error.context['page']] : error);

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
