import { ResponseError } from '../core/errors.ts';
import type { ReceivedPage } from '../core/http.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { pathOf } from '../core/jsonpath.ts';
import type { Paginator } from '../core/paginator.ts';
import { findNextReference, findTotalPages } from './body-search.ts';
import { createPaginator } from './built-in.ts';
import { firstPageNumber } from './first-page-number.ts';
import { toInteger } from './integer.ts';
import { findLink } from './link-header.ts';
import { pageAddress } from './page-outline.ts';

/** What `auto` found out from a walk's first page, which was asked for without a paginator. */
export interface DetectedPaginator {
  /** Configuration that {@link createPaginator} makes the same paginator from. */
  readonly config: JsonObject;
  readonly paginator: Paginator;
  /** The cursor of the first page: give it to `next`. */
  readonly cursor: Json;
  /** `sure`: the API sent a link; `likely`: some options are defaults; `fallback`: nothing was found. */
  readonly confidence: 'sure' | 'likely' | 'fallback';
}

/**
 * Detects the paginator from a walk's first page, in dlt's order: a link in the header, a link in
 * the body, a total number of pages, a cursor, else a single page. Throws a ResponseError when pages
 * are counted but nothing tells whether from 0 or 1.
 */
export function detectPaginator(page: ReceivedPage): DetectedPaginator {
  if (linkedNext(page)) return detected({ type: 'header_link' }, 'sure');

  const next = findNextReference(page.body);
  if (typeof next?.value === 'string' && /^(?:http|\/)/.test(next.value))
    return detected({ type: 'json_link', next_url_path: pathOf(next.path) }, 'sure');

  return (
    detectPageNumber(page) ??
    (next && detected({ type: 'cursor', cursor_path: pathOf(next.path) }, 'likely')) ??
    detected({ type: 'single_page' }, 'fallback')
  );
}

/** The link to the next page in the `Link` header, as the API wrote it. */
export function linkedNext(page: ReceivedPage): string | undefined {
  return findLink(page.headers['link'], 'next');
}

function detectPageNumber(page: ReceivedPage): DetectedPaginator | undefined {
  const found = findTotalPages(page.body);
  const total = found && toInteger(found.value);
  if (found === undefined || total === undefined) return undefined;
  const number = firstPageNumber(page, found.path) ?? (total <= 1 || page.rowCount === 0 ? 0 : undefined);
  const totalPath = pathOf(found.path);
  if (number === undefined)
    throw new ResponseError(
      'page_base_unknown',
      `The page from ${pageAddress(page)} says at \`${totalPath}\` that there are ${total} pages, but not whether they are counted from 0 or from 1.`,
      {
        hint: `Configure the paginator: \`{"type": "page_number", "base_page": 1, "total_path": ${JSON.stringify(totalPath)}}\`, with 0 for an API that counts from 0.`,
        context: { url: pageAddress(page) },
      },
    );
  return detected({ type: 'page_number', base_page: Math.min(number, 1), total_path: totalPath }, 'likely', number);
}

function detected(config: JsonObject, confidence: DetectedPaginator['confidence'], cursor: Json = null): DetectedPaginator {
  return { config, paginator: createPaginator(config), cursor, confidence };
}
