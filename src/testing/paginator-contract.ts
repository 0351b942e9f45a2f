import assert from 'node:assert/strict';
import { isJsonObject, type JsonObject } from '../core/json.ts';
import type { Paginator } from '../core/paginator.ts';
import type { Plugin } from '../core/plugin.ts';
import type { ContractCase } from './contract-case.ts';
import { type OptionsSubject, optionsContract } from './options-contract.ts';
import { type AnswerRequest, type SimulatedApi, type SimulatedPage, simulatedRequest, simulateWalk } from './simulate-walk.ts';

/** A paginator and what its contract needs to know of it. */
export interface PaginatorSubject {
  readonly plugin: Plugin<unknown, Paginator>;
  /** Options that fit `answer` with pages of this size. */
  readonly options: (pageSize: number) => JsonObject;
  readonly refused: OptionsSubject['refused'];
  /** Plays an API of this style. */
  readonly answer: AnswerRequest;
}

/** Sizes around every edge: nothing, one, a full page, one more, several. */
const SIZES = [0, 1, 2, 3, 4, 5, 6, 7, 10].flatMap((count) => [1, 2, 3, 10].map((pageSize) => ({ count, pageSize })));

/** What every paginator must do. */
export const paginatorContract: readonly ContractCase<PaginatorSubject>[] = [
  ...optionsContract.map(({ name, run }) => ({
    name,
    run: ({ plugin, options, refused }: PaginatorSubject) => run({ plugin, options: options(2), refused }),
  })),
  {
    name: 'the pages are the data set, in order and once',
    run: (subject) => eachSize(subject, ({ pages, api }) => assert.deepEqual(rowsOf(pages), api.rows)),
  },
  {
    name: 'ends, and says why',
    run: (subject) => eachSize(subject, ({ pages }) => assert.ok(pages.at(-1)?.stop)),
  },
  {
    name: 'goes on from any cursor with exactly the rest',
    run: (subject) =>
      eachSize(subject, ({ pages, api, paginator }) => {
        pages.forEach(({ cursor }, at) => {
          const rest = simulateWalk({ paginator, api, answer: subject.answer, from: cursor });
          assert.deepEqual(rowsOf(rest), rowsOf(pages.slice(at)));
        });
      }),
  },
  {
    name: 'remembers nothing: a walk is the same after another one',
    run: (subject) =>
      eachSize(subject, ({ pages, api, paginator }) => {
        simulateWalk({ paginator, api: { rows: [1, 2, 3], pageSize: api.pageSize }, answer: subject.answer });
        assert.deepEqual(simulateWalk({ paginator, api, answer: subject.answer }), pages);
      }),
  },
  {
    name: "keeps the request's method, headers and body",
    run: (subject) =>
      eachSize(subject, ({ pages }) => {
        for (const { page } of pages) {
          assert.equal(page.request.method, simulatedRequest.method);
          assert.deepEqual(page.request.headers, simulatedRequest.headers);
          assert.equal(isJsonObject(page.request.json) && page.request.json['own'], 'kept');
        }
      }),
  },
  {
    name: 'ahead() begins with the cursors that next() gives, and has no more of them where it is certain',
    run: (subject) =>
      eachSize(subject, ({ pages, paginator }) => {
        pages.slice(0, -1).forEach(({ page, cursor }, at) => {
          const ahead = paginator.ahead?.(page, cursor);
          if (!ahead) return;
          const following = pages.slice(at + 1).map((later) => later.cursor);
          assert.deepEqual(firstOf(ahead.cursors, following.length + (ahead.certain ? 1 : 0)), following);
        });
      }),
  },
];

interface Walked {
  readonly paginator: Paginator;
  readonly api: SimulatedApi;
  readonly pages: readonly SimulatedPage[];
}

function eachSize({ plugin, options, answer }: PaginatorSubject, check: (walked: Walked) => void): void {
  for (const { count, pageSize } of SIZES) {
    const api = { rows: Array.from({ length: count }, (_, row) => row), pageSize };
    const paginator = plugin.create(plugin.options.parse(options(pageSize)));
    check({ paginator, api, pages: simulateWalk({ paginator, api, answer }) });
  }
}

function rowsOf(pages: readonly SimulatedPage[]): unknown[] {
  return pages.flatMap(({ rows }) => rows);
}

function firstOf<T>(items: Iterable<T>, count: number): T[] {
  const first: T[] = [];
  for (const item of items) {
    if (first.length === count) break;
    first.push(item);
  }
  return first;
}
