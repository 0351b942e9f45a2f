import { describe, expect, it } from 'vitest';
import type { Ahead } from '../core/paginator.ts';
import type { ReadPage } from './page-reader.ts';
import { type FrontOptions, WalkFront } from './walk-front.ts';

const request = (cursor: number) => ({ method: 'GET', url: 'http://api/rows', headers: {}, params: { page: cursor } });

function front(options: Partial<FrontOptions> = {}): WalkFront {
  return new WalkFront({ index: 0, cursor: 0, have: new Map(), open: (sealed) => sealed, window: 2, guesses: false, ...options });
}

/** Page `index`, asked for with its index as cursor; `undefined` as next cursor is the last one. */
function page(index: number, next: number | undefined = index + 1, ahead?: Ahead<number>): ReadPage {
  const facts = { index, url: '', body: Buffer.from(''), selector: '$', rowCount: 1 };
  if (next === undefined) return { page: { ...facts, stop: 'next_missing' } };
  const place = { resource: 'rows', page: index, request: 'GET http://api/rows' };
  const step = {
    place,
    request: request(index),
    nextRequest: request(next),
    cursor: index,
    nextCursor: next,
    rowCount: 1,
    mark: `${index}`,
  };
  return { page: { ...facts, next: { cursor: next } }, onward: { cursor: next, ahead, step } };
}

const last = (index: number): ReadPage => ({
  page: { index, url: '', body: Buffer.from(''), selector: '$', rowCount: 0, stop: 'empty_page' },
});

/** All pages that may be asked for now. */
function asks(walk: WalkFront): number[] {
  const found: number[] = [];
  for (let ask = walk.nextAsk(); ask; ask = walk.nextAsk()) found.push(ask.index);
  return found;
}

const counted = (from: number, end = Number.POSITIVE_INFINITY, certain = true): Ahead<number> => ({
  certain,
  cursors: (function* () {
    for (let cursor = from; cursor < end; cursor += 1) yield cursor;
  })(),
});

describe('WalkFront', () => {
  it('names the first page alone, and then no more than eight windows beyond the first missing one', () => {
    const walk = front();
    expect(asks(walk)).toEqual([0]);
    walk.came(page(0, 1, counted(1)));
    expect(asks(walk)).toEqual(Array.from({ length: 16 }, (_, at) => at + 1));
    walk.came(page(2));
    expect(asks(walk)).toEqual([]);
    walk.came(page(1));
    expect(asks(walk)).toEqual([17, 18]);
  });

  it('guesses only where it may', () => {
    for (const guesses of [false, true]) {
      const walk = front({ guesses });
      asks(walk);
      walk.came(page(0, 1, counted(1, 4, false)));
      expect(asks(walk)).toEqual(guesses ? [1, 2, 3] : [1]);
    }
  });

  it('goes on with the words of the latest page, and with those of the page before where none foresees', () => {
    const walk = front();
    asks(walk);
    walk.came(page(0, 1, counted(1, 3)));
    expect(asks(walk)).toEqual([1, 2]);
    walk.came(page(1, 2, counted(2, 5)));
    expect(asks(walk)).toEqual([3, 4]);
    walk.came(page(4, 5, counted(5, 5)));
    // A page before it came later: what it foresees is old.
    walk.came(page(3, 4, counted(4, 9)));
    expect(asks(walk)).toEqual([5]);
  });

  it('fails when a cursor ahead is wanted, not when a page comes, where the paginator cannot name them', () => {
    const walk = front();
    asks(walk);
    const failing = {
      [Symbol.iterator]: () => {
        throw new Error('no cursors');
      },
    };
    expect(walk.came(page(0, 1, { certain: true, cursors: failing }))).toBe(true);
    expect(walk.nextAsk()).toEqual({ index: 1, cursor: 1 });
    expect(() => walk.nextAsk()).toThrow('no cursors');
  });

  it('asks for no page that is there, and uses what those say', () => {
    const have = new Map([
      [3, { next: { cursor: 4 } }],
      [4, { next: { cursor: 5 } }],
      [7, { stop: 'next_missing' as const }],
      [9, { stop: 'empty_page' as const }],
    ]);
    const walk = front({ index: 2, cursor: 2, have });
    expect(asks(walk)).toEqual([2]);
    walk.came(page(2, 3, counted(3)));
    expect(asks(walk)).toEqual([5, 6]);
    walk.came(page(6));
    expect(walk.over).toBe(false);
    walk.came(page(5));
    expect(walk.over).toBe(true);
  });

  it('is over at the first last page, whatever came or failed beyond it', () => {
    const walk = front();
    asks(walk);
    walk.came(page(0, 1, counted(1)));
    asks(walk);
    walk.failed(4, new Error('beyond'));
    expect(walk.came(last(3))).toBe(true);
    expect(walk.last).toBe(3);
    expect(walk.came(page(5))).toBe(false);
    walk.came(page(2));
    walk.came(page(1));
    expect(walk.over).toBe(true);
    expect(() => walk.throwIfFailed()).not.toThrow();
  });

  it('fails at the first page that failed, once all before it came', () => {
    const walk = front();
    asks(walk);
    walk.came(page(0, 1, counted(1, 30)));
    asks(walk);
    walk.failed(5, new Error('later'));
    walk.failed(3, new Error('earlier'));
    walk.failed(4, new Error('later'));
    walk.came(page(1));
    expect(() => walk.throwIfFailed()).not.toThrow();
    walk.came(page(2));
    expect(() => walk.throwIfFailed()).toThrow('earlier');
    expect(asks(walk)).toEqual([]);
  });

  it('takes only a cursor of the same or an earlier page for a circle', () => {
    const walk = front();
    asks(walk);
    walk.came(page(0, 1, counted(1)));
    asks(walk);
    for (const index of [3, 2, 1]) expect(walk.came(page(index))).toBe(true);
    walk.throwIfFailed();
    expect(walk.came(page(4, 2))).toBe(false);
    expect(() => walk.throwIfFailed()).toThrow('leads back to page 3');
  });

  it('fails where a page that was asked for ahead is not the one that follows', () => {
    const walk = front();
    asks(walk);
    walk.came(page(0, 1, counted(1)));
    asks(walk);
    walk.came(page(1, 20));
    expect(() => walk.throwIfFailed()).toThrow(expect.objectContaining({ code: 'page_ahead_differs' }));
  });
});
