import type { ReceivedPage } from '../core/http.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { toInteger } from './integer.ts';

/** Keys of the current page's number, in lower case and without `_` and `-`. */
const CURRENT = ['page', 'currentpage', 'pagenumber', 'pageno', 'pagenum', 'pageindex'];
/** Keys that mean the page's number only where the total number of pages stands. */
const CURRENT_NEAR_TOTAL = [...CURRENT, 'number', 'current', 'index'];
const NEXT = ['nextpage', 'nextpagenumber', 'next'];
/** Objects that say something about paging. */
const ABOUT_PAGING = /page|paging|pagination|meta/i;

/**
 * The number of a walk's first page, as the request or the page itself tells; `undefined` when
 * neither does. `totalPath` leads to the total number of pages: the page's number is looked for
 * beside it, above it, and in objects about paging there.
 */
export function firstPageNumber(page: ReceivedPage, totalPath: readonly string[]): number | undefined {
  const asked = page.request.params['page'];
  const fromRequest = asked === undefined ? undefined : numberIn(asked);
  if (fromRequest !== undefined) return fromRequest;

  const [holder, ...above] = holdersOf(page.body, totalPath);
  if (holder === undefined) return undefined;
  const around = [...above, ...[holder, ...above].flatMap(objectsAboutPaging)];
  const current = numberUnder(holder, CURRENT_NEAR_TOTAL) ?? first(around, (object) => numberUnder(object, CURRENT));
  if (current !== undefined) return current;
  const next = first([holder, ...around], (object) => numberUnder(object, NEXT));
  return next === undefined || next < 1 ? undefined : next - 1;
}

/** The objects on the way to a path's last key, innermost first. */
function holdersOf(body: Json | undefined, path: readonly string[]): JsonObject[] {
  const holders: JsonObject[] = [];
  let at = body;
  for (const key of path) {
    if (!isJsonObject(at)) break;
    holders.unshift(at);
    at = at[key];
  }
  return holders;
}

function objectsAboutPaging(object: JsonObject): JsonObject[] {
  return Object.entries(object).flatMap(([key, value]) => (ABOUT_PAGING.test(key) && isJsonObject(value) ? [value] : []));
}

function numberUnder(object: JsonObject, names: readonly string[]): number | undefined {
  const entry = Object.entries(object).find(
    ([key, value]) => names.includes(key.toLowerCase().replaceAll(/[_-]/g, '')) && numberIn(value) !== undefined,
  );
  return entry && numberIn(entry[1]);
}

function numberIn(value: Json): number | undefined {
  const number = typeof value === 'boolean' ? undefined : toInteger(value);
  return number !== undefined && number >= 0 ? number : undefined;
}

function first<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
