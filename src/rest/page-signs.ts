import type { HttpRequest, ReceivedPage } from '../core/http.ts';
import { isJsonObject } from '../core/json.ts';
import type { JsonPath } from '../core/jsonpath.ts';
import type { Paginator, StopReason } from '../core/paginator.ts';
import type { WalkedPage } from '../core/source.ts';
import { encodeRequest } from './encode-request.ts';
import { announcedNext } from './page-signs-next.ts';
import { usualTotal } from './page-signs-total.ts';
import { plainName, surroundingsOf } from './page-surroundings.ts';

/** The last page of a walk. */
export interface LastPage {
  readonly page: ReceivedPage;
  readonly selector: JsonPath;
  readonly paginator: Paginator;
  /** The paginator was detected, not configured. */
  readonly isDetected: boolean;
  readonly stop: StopReason;
}

/** Ends that somebody asked for, or that say themselves that there is more. */
const ASKED_FOR: ReadonlySet<StopReason> = new Set(['maximum_reached', 'row_order', 'limit_reached', 'ignored']);
/** What APIs call the most rows of a page. */
const PAGE_SIZES = new Set('limit perpage pagesize count size first top maxresults rows'.split(' '));

/**
 * Signs that a walk may have ended too early, or how much there should be. Guesses, made on last pages
 * only and where rows can be told from what is around them: the selector leads by keys to one list.
 */
export function signsOf({
  page,
  selector,
  paginator,
  isDetected,
  stop,
}: LastPage): Pick<WalkedPage, 'total' | 'totalIsGuess' | 'unfollowed' | 'full'> {
  if (ASKED_FOR.has(stop) || (stop === 'single_page' && !isDetected)) return {};
  const { keys } = selector;
  const isList = keys !== undefined && page.body !== undefined && Array.isArray(selector.first(page.body));
  const surroundings = isList ? surroundingsOf(page.body, keys) : [];
  const total = isList && !paginator.total ? usualTotal(page, surroundings) : undefined;
  // An empty page often has a next link too, and a flag that is false was believed already.
  const unfollowed = page.rowCount > 0 && stop !== 'has_more_false' ? announcedNext(page, surroundings) : undefined;
  const full = stop === 'single_page' && page.rowCount > 1 && mayHave(page.request, page.rowCount);
  return {
    ...(total === undefined ? {} : { total, totalIsGuess: true }),
    ...(unfollowed === undefined ? {} : { unfollowed }),
    ...(full ? { full } : {}),
  };
}

/** True when a request asks for that many rows at most. */
function mayHave(request: HttpRequest, rows: number): boolean {
  const { json } = request;
  const sent = [...encodeRequest(request).url.searchParams, ...(isJsonObject(json) ? Object.entries(json) : [])];
  return sent.some(([name, value]) => PAGE_SIZES.has(plainName(name)) && (value === rows || value === String(rows)));
}
