import type { ReceivedPage } from '../core/http.ts';
import type { Json } from '../core/json.ts';
import { plainName, type Surrounding } from './page-surroundings.ts';

const HEADERS = ['x-total-count', 'x-total', 'total-count', 'x-wp-total'];
/** The plainest name last: where there is another one, `total` may count pages. */
const NAMES = ['totalcount', 'totalresults', 'totalelements', 'totalitems', 'totalrecords', 'total'];

/** The number of rows that a page says there are at a usual place of header or body. */
export function usualTotal(page: ReceivedPage, surroundings: readonly Surrounding[]): number | undefined {
  for (const header of HEADERS) {
    const total = wholeNumber(page.headers[header]);
    if (total !== undefined) return total;
  }
  for (const name of NAMES) {
    for (const { path, object } of surroundings) {
      // `page.total` counts pages.
      if (name === 'total' && plainName(path.at(-1) ?? '') === 'page') continue;
      const total = wholeNumber(Object.entries(object).find(([key]) => plainName(key) === name)?.[1]);
      if (total !== undefined) return total;
    }
  }
  return countBesideLinks(surroundings);
}

/** `count` may be the rows of the page, but not beside the links of a paged list. */
function countBesideLinks(surroundings: readonly Surrounding[]): number | undefined {
  const object = surroundings[0]?.object ?? {};
  return Object.hasOwn(object, 'next') && Object.hasOwn(object, 'previous') ? wholeNumber(object['count']) : undefined;
}

function wholeNumber(value: Json | undefined): number | undefined {
  const isNumber = typeof value === 'number' || typeof value === 'bigint' || (typeof value === 'string' && /^\d{1,15}$/.test(value));
  const number = isNumber ? Number(value) : Number.NaN;
  return Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}
