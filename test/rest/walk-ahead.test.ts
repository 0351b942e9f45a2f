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

function answerOf({ rows, totals, gone, style }: Api, page: number): HeldPage {
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
      { numRuns: 100 },
    );
  });
});

/** The pages that count: up to the first one that is a last one. */
function counting(pages: readonly WalkedPage[]): readonly WalkedPage[] {
  const end = Math.min(...pages.filter(({ stop }) => stop).map(({ index }) => index));
  return pages.filter(({ index }) => index <= end);
}

const pastEnd = (pages: readonly WalkedPage[]): number => pages.reduce((sum, page) => sum + (page.pastEnd ?? 0), 0);

const failedAt = ({ error }: Collected): unknown => (error instanceof SynclineError ? [error.code, error.context['page']] : error);
