import { describe, expect, it } from 'vitest';
import type { StopReason } from '../core/paginator.ts';
import type { CountedPage } from './walk-facts.ts';
import { gapsOf, gapsOfEnd } from './walk-gaps.ts';
import { addPage, noPages } from './walk-pages.ts';

/** Gaps of a walk whose pages arrive in this order; the one with the greatest index is the last, unless `stop` says otherwise. */
function gaps(pages: readonly Partial<CountedPage>[], reason: StopReason = 'next_missing') {
  const walk = noPages<number>();
  const last = Math.max(...pages.map(({ index }, at) => index ?? at));
  for (const [at, extra] of pages.entries()) {
    const index = extra.index ?? at;
    const page: CountedPage = { index, selector: '$.data', rowCount: 10, ...(index < last && { next: { cursor: index + 1 } }), ...extra };
    addPage(walk, { page, bodyBytes: 2, place: index });
  }
  return gapsOf(walk, reason);
}

describe('gaps of a walk', () => {
  it('are none where all came that the API told of', () => {
    expect(gaps([{ total: 20 }, { total: 20 }])).toEqual([]);
    expect(gaps([{ total: 15 }, {}])).toEqual([]);
    expect(gaps([{}, {}])).toEqual([]);
  });

  it('are the rows that the last total told and that did not come', () => {
    expect(gaps([{ total: 40 }, { total: 25 }, { index: 2, total: 31 }])).toEqual([
      { code: 'total_not_reached', count: 1 },
      { code: 'total_shrank', count: 15 },
    ]);
    expect(gaps([{ total: 40, totalIsGuess: true }, { rowCount: 3 }])).toEqual([{ code: 'total_not_reached', count: 27 }]);
  });

  it('are rows beyond the total that ended the walk: it may count something else', () => {
    expect(gaps([{ total: 12 }, { total: 12 }], 'total_reached')).toEqual([{ code: 'total_exceeded', count: 8 }]);
    expect(gaps([{ total: 12 }, { total: 12 }], 'next_missing')).toEqual([]);
  });

  it('are held against a total that is a guess only until one is told for certain', () => {
    expect(gaps([{ total: 25 }, { total: 99, totalIsGuess: true }])).toEqual([{ code: 'total_not_reached', count: 5 }]);
    expect(gaps([{ total: 99, totalIsGuess: true }, { total: 25 }])).toEqual([{ code: 'total_not_reached', count: 5 }]);
    expect(
      gaps([
        { total: 99, totalIsGuess: true },
        { total: 25, totalIsGuess: true },
      ]),
    ).toEqual([{ code: 'total_not_reached', count: 5 }]);
  });

  it.each(['limit_reached', 'maximum_reached', 'ignored', 'row_order'] as const)(
    'do not hold a walk that ended with %s against a total',
    (reason) => {
      expect(gaps([{ total: 40, unfollowed: 'header: Link' }], reason).map(({ code }) => code)).toEqual(
        reason === 'row_order' ? [] : [reason],
      );
    },
  );

  it.each(['$.data[?(@.live)]', 'data[0:5]', '$.data[0]'])('do not hold rows that `%s` picks against a total', (selector) => {
    expect(gaps([{ total: 40, selector }])).toEqual([]);
    expect(gaps([{ total: 40, selector: "$.data[*]['items']" }])).toHaveLength(1);
  });

  it('are a total that fell, where the paginator reads it, in the order of the pages and not of arrival', () => {
    expect(gaps([{ total: 20 }, { total: 18 }, { index: 2, total: 19 }])).toEqual([{ code: 'total_shrank', count: 2 }]);
    expect(
      gaps([
        { index: 1, total: 20 },
        { index: 0, total: 18 },
      ]),
    ).toEqual([]);
    expect(
      gaps([
        { total: 20, totalIsGuess: true },
        { total: 18, totalIsGuess: true },
      ]),
    ).toEqual([]);
  });

  it('are a next page that nothing follows and a full page, on the last page only', () => {
    expect(gaps([{ unfollowed: 'body: next', full: true }, {}])).toEqual([]);
    expect(gaps([{}, { unfollowed: 'body: next', full: true }])).toEqual([
      { code: 'next_not_followed', count: 1, detail: 'body: next' },
      { code: 'page_full', count: 1 },
    ]);
  });

  it('are missed selectors and pages past the end, which do not count otherwise', () => {
    expect(
      gaps([
        { selectorMissed: true },
        { index: 3, total: 99 },
        { index: 1, stop: 'empty_page', next: undefined, pastEnd: 3 },
        { index: 2 },
      ]),
    ).toEqual([
      { code: 'selector_missed', count: 1 },
      { code: 'pages_past_end', count: 5 },
    ]);
  });

  it('are what the reason says in records of version 1', () => {
    expect(gapsOfEnd({ kind: 'end', walk: 0, reason: 'limit_reached' })).toEqual([{ code: 'limit_reached', count: 1 }]);
    expect(gapsOfEnd({ kind: 'end', walk: 0, reason: 'empty_page' })).toEqual([]);
  });
});
