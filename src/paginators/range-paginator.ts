import type { HttpRequest, ReceivedPage } from '../core/http.ts';
import type { Paginator } from '../core/paginator.ts';
import { hasMoreReader } from './read-has-more.ts';
import { type TotalReader, type TotalUnit, totalReader } from './read-total.ts';

/** What counting styles have in common. An absent or empty path means that the API does not say. */
export interface RangeRules {
  /** Number of the first page that is asked for. */
  readonly first: number;
  /** From one page's number to the next. */
  readonly step: number;
  /** Number of the API's first page: paging ends at `total + base`. */
  readonly base: number;
  /** Paging ends before this number. */
  readonly maximum: number | null | undefined;
  readonly totalPath: string | null | undefined;
  readonly hasMorePath: string | null | undefined;
  readonly stopAfterEmptyPage: boolean;
  readonly unit: TotalUnit;
  readonly apply: (request: HttpRequest, value: number) => HttpRequest;
}

/** A paginator that counts; its cursor is the number of the page or row. */
export function rangePaginator(rules: RangeRules): Paginator<number> {
  const { step, base } = rules;
  const maximum = rules.maximum ?? Number.POSITIVE_INFINITY;
  const total = rules.totalPath ? totalReader(rules.totalPath, rules.unit) : undefined;
  const hasMore = rules.hasMorePath ? hasMoreReader(rules.hasMorePath) : undefined;
  const endsHere = (page: ReceivedPage) => rules.stopAfterEmptyPage && page.rowCount === 0;

  return {
    first: () => rules.first,
    apply: rules.apply,
    next(page, cursor) {
      // An empty page ends the walk before totals are read: the last page often lacks them.
      if (endsHere(page)) return { stop: 'empty_page' };
      const end = total === undefined ? Number.POSITIVE_INFINITY : total.require(page) + base;
      const more = hasMore?.(page) ?? true;
      const following = cursor + step;
      if (following >= end) return { stop: 'total_reached' };
      if (following >= maximum) return { stop: 'maximum_reached' };
      return more ? { cursor: following } : { stop: 'has_more_false' };
    },
    ahead(page, cursor) {
      const count = total?.find(page);
      if (total !== undefined && count === undefined) return undefined;
      const end = Math.min(count === undefined ? Number.POSITIVE_INFINITY : count + base, maximum);
      const endIsKnown = count !== undefined || (!rules.stopAfterEmptyPage && end < Number.POSITIVE_INFINITY);
      return { cursors: numbers(cursor + step, end, step), certain: endIsKnown && hasMore === undefined };
    },
    ...rowTotal(rules, total),
  };
}

/** Rows from the first page that is asked for. A number of pages says nothing of them; nor does a total of all rows, where pages are skipped. */
function rowTotal({ unit, first, base }: RangeRules, total: TotalReader | undefined): Pick<Paginator, 'total'> {
  if (unit === 'items' && total) {
    return {
      total(page) {
        const count = total.find(page);
        return count === undefined ? undefined : Math.max(0, count - first);
      },
    };
  }
  return total || first !== base ? { total: () => undefined } : {};
}

/** Made one by one: an API may claim any total. */
function* numbers(from: number, end: number, step: number): Generator<number> {
  for (let number = from; number < end; number += step) yield number;
}
