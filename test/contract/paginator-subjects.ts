import type { HttpRequest } from '../../src/core/http.ts';
import { isJsonObject, type Json } from '../../src/core/json.ts';
import { builtInPaginators, type PaginatorType } from '../../src/paginators/built-in.ts';
import type { PaginatorSubject, SimulatedAnswer, SimulatedApi } from '../../src/testing/index.ts';

/** A number out of the query: of the parameters, or of the address that a link set. */
function asked(request: HttpRequest, name: string, fallback: number): number {
  const value = request.params[name] ?? new URL(request.url).searchParams.get(name);
  return value === undefined || value === null ? fallback : Number(value);
}

/** Cuts a page out of the rows. `next` is where the following one starts, when there is one. */
function cut({ rows, pageSize }: SimulatedApi, start: number): { readonly page: Json[]; readonly next: number | undefined } {
  const next = start + pageSize;
  return { page: rows.slice(start, next), next: next < rows.length ? next : undefined };
}

function envelope(page: Json[], rest: Record<string, Json>): SimulatedAnswer {
  return { body: { data: page, ...rest }, rows: page };
}

/** A link to the page that starts at a row: absolute on even pages, relative on odd ones. */
function link(next: number | undefined): string | null {
  if (next === undefined) return null;
  return next % 2 === 0 ? `https://api.example.com/v1/rows?start=${next}` : `/v1/rows?start=${next}#top`;
}

function jsonLinkSubject(plugin: PaginatorSubject['plugin']): PaginatorSubject {
  return {
    plugin,
    options: () => ({ next_url_path: 'paging.next' }),
    refused: [
      { options: { next_url_path: '' }, at: 'next_url_path' },
      { options: { next_url_path: 'a[' }, at: 'next_url_path' },
      { options: { next_url_path: null }, at: 'next_url_path' },
    ],
    answer(request, api) {
      const { page, next } = cut(api, asked(request, 'start', 0));
      return envelope(page, { paging: { next: link(next) } });
    },
  };
}

/** Contract data of every built-in paginator: one without it does not compile. */
export const paginatorSubjects: Readonly<Record<PaginatorType, PaginatorSubject>> = {
  json_link: jsonLinkSubject(builtInPaginators.json_link),
  json_response: jsonLinkSubject(builtInPaginators.json_response),
  header_link: {
    plugin: builtInPaginators.header_link,
    options: () => ({}),
    refused: [{ options: { links_next_key: '' }, at: 'links_next_key' }],
    answer(request, api) {
      const { page, next } = cut(api, asked(request, 'start', 0));
      const headers: Record<string, string> = next === undefined ? {} : { link: `</first>; rel="first", <${link(next)}>; rel="next"` };
      return { body: page, headers, rows: page };
    },
  },
  header_cursor: {
    plugin: builtInPaginators.header_cursor,
    options: () => ({ cursor_key: 'X-Next', cursor_param: 'after' }),
    refused: [
      { options: { cursor_key: '' }, at: 'cursor_key' },
      { options: { cursor_param: 3 }, at: 'cursor_param' },
    ],
    answer(request, api) {
      const { page, next } = cut(api, asked(request, 'after', 0));
      const headers: Record<string, string> = next === undefined ? {} : { 'x-next': String(next) };
      return { body: page, headers, rows: page };
    },
  },
  cursor: {
    plugin: builtInPaginators.cursor,
    options: () => ({ cursor_path: 'next', cursor_body_path: 'page.after' }),
    refused: [
      { options: { cursor_path: '' }, at: 'cursor_path' },
      { options: { cursor_param: 'c', cursor_body_path: 'c' }, at: 'cursor_param' },
      { options: { has_more_path: '[' }, at: 'has_more_path' },
    ],
    answer(request, api) {
      // Cursors beyond 2^53 must come back to the digit.
      const base = 2n ** 60n;
      const inBody = isJsonObject(request.json) && isJsonObject(request.json['page']) ? request.json['page']['after'] : undefined;
      const { page, next } = cut(api, typeof inBody === 'bigint' ? Number(inBody - base) : 0);
      return envelope(page, { next: next === undefined ? null : base + BigInt(next) });
    },
  },
  offset: {
    plugin: builtInPaginators.offset,
    options: (pageSize) => ({ limit: pageSize, total_path: 'meta.total' }),
    refused: [
      { options: {}, at: 'limit' },
      { options: { limit: 0 }, at: 'limit' },
      { options: { limit: 1, offset_param: 'o', offset_body_path: 'o' }, at: 'offset_param' },
      { options: { limit: 1, offset_param: '' }, at: 'offset_param' },
      { options: { limit: 1, limit_param: 'l', limit_body_path: 'l' }, at: 'limit_param' },
      { options: { limit: 1, total_path: null, stop_after_empty_page: false }, at: '' },
    ],
    answer(request, api) {
      const { page } = cut({ ...api, pageSize: asked(request, 'limit', 100) }, asked(request, 'offset', 0));
      return envelope(page, { meta: { total: api.rows.length } });
    },
  },
  page_number: {
    plugin: builtInPaginators.page_number,
    options: () => ({ base_page: 1, total_path: 'pages' }),
    refused: [
      { options: { base_page: 'one' }, at: 'base_page' },
      { options: { page_param: 'p', page_body_path: 'p' }, at: 'page_param' },
      { options: { total_path: '', stop_after_empty_page: false }, at: '' },
    ],
    answer(request, api) {
      const { page } = cut(api, (asked(request, 'page', 1) - 1) * api.pageSize);
      return envelope(page, { pages: Math.ceil(api.rows.length / api.pageSize) });
    },
  },
  single_page: {
    plugin: builtInPaginators.single_page,
    options: () => ({}),
    refused: [{ options: { limit: 1 }, at: '' }],
    answer: (_, { rows }) => ({ body: [...rows], rows }),
  },
};
