import { ResponseError } from '../core/errors.ts';
import type { ReceivedPage } from '../core/http.ts';
import type { Json } from '../core/json.ts';
import type { Paginator } from '../core/paginator.ts';
import { kindOf, pageAddress } from './page-outline.ts';

/** Where a style finds its next link. */
export interface LinkSource {
  /** Names the place for an error. */
  readonly place: string;
  /** The next link as the page has it. */
  readonly read: (page: ReceivedPage) => Json | undefined;
}

/**
 * A paginator that follows links; its cursor is the next page's absolute address, null on the first
 * page. A link replaces address and parameters: method, headers and body stay. An absent, null,
 * empty or false link ends the walk.
 */
export function linkPaginator(source: LinkSource): Paginator<string | null> {
  return {
    first: () => null,
    apply: (request, url) => (url === null ? request : { ...request, url, params: {} }),
    next(page) {
      const link = source.read(page);
      if (link === undefined || link === null || link === false) return { stop: 'next_missing' };
      if (typeof link === 'string' && link.trim() === '') return { stop: 'next_missing' };
      return { cursor: absolute(link, page, source.place) };
    },
  };
}

function absolute(link: Json, page: ReceivedPage, place: string): string {
  const from = pageAddress(page);
  const options = {
    hint: 'Point the paginator at the link to the next page, or use `cursor` when the API sends a cursor.',
    context: { url: from },
  };
  if (typeof link !== 'string')
    throw new ResponseError('next_link_invalid', `The next link ${place} of the page from ${from} is ${kindOf(link)}.`, options);
  const url = URL.canParse(link, page.request.url) ? new URL(link, page.request.url) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new ResponseError('next_link_invalid', `The next link ${place} of the page from ${from} is not an http address.`, options);
  url.hash = '';
  return url.href;
}
