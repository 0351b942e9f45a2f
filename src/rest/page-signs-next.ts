import type { ReceivedPage } from '../core/http.ts';
import { isJsonObject, type Json } from '../core/json.ts';
import { pathOf } from '../core/jsonpath.ts';
import { linkedNext } from '../paginators/detect.ts';
import { encodeRequest } from './encode-request.ts';
import { plainName, type Surrounding } from './page-surroundings.ts';

/** What APIs call a link to the next page, or its cursor. */
const NEXT = new Set(
  (
    'next nexturl nexturi nextlink nexthref nextpageurl nextpageuri nextpagelink odatanextlink nextrecordsurl ' +
    'nextpage nextcursor nextpagecursor nexttoken nextpagetoken nextcontinuationtoken nextmarker'
  ).split(' '),
);
const MORE = new Set('hasmore hasnext hasnextpage hasmorepages hasmoreitems hasmoreresults more'.split(' '));
const LAST = new Set('last islast lastpage islastpage end isend endofstream done'.split(' '));

/**
 * Where a page announces a next one: `header: Link`, `body: paging.next`. Not where a flag beside it says
 * that there is none, and not where the link leads to the page itself: both are how some APIs end.
 */
export function announcedNext(page: ReceivedPage, surroundings: readonly Surrounding[]): string | undefined {
  const entries = surroundings.flatMap(({ path, object }) =>
    Object.entries(object).map(([key, value]) => ({ path: [...path, key], name: plainName(key), value })),
  );
  if (entries.some(({ name, value }) => (MORE.has(name) && isFlag(value, false)) || (LAST.has(name) && isFlag(value, true))))
    return undefined;
  if (leadsOn(linkedNext(page), page)) return 'header: Link';
  const place =
    entries.find(({ name, value }) => NEXT.has(name) && leadsOn(targetOf(value), page)) ??
    entries.find(({ name, value }) => MORE.has(name) && isFlag(value, true));
  return place && `body: ${pathOf(place.path)}`;
}

function isFlag(value: Json, flag: boolean): boolean {
  return value === flag || (typeof value === 'string' && value.toLowerCase() === String(flag));
}

function targetOf(value: Json): Json | undefined {
  if (!isJsonObject(value)) return value;
  return value['href'] ?? value['url'];
}

/** Numbers do not count: some APIs count on past their end. */
function leadsOn(target: Json | undefined, { request }: ReceivedPage): boolean {
  if (typeof target !== 'string' || target.trim() === '') return false;
  const { href } = encodeRequest(request).url;
  return !(/^(?:https?:|\/|\?)/.test(target) && URL.canParse(target, href) && new URL(target, href).href === href);
}
