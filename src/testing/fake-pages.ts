import type { FakeReply } from './fake-reply.ts';
import type { FakeRequest } from './fake-request.ts';

/** How {@link fakePages} cuts rows into pages and names what it sends. */
export interface FakePages {
  readonly rows: readonly unknown[];
  readonly style: 'offset' | 'page_number' | 'cursor' | 'json_link' | 'header_link' | 'header_cursor';
  readonly pageSize: number;
  /** First page of `page_number` and the link styles; 1 when left out. */
  readonly basePage?: number;
  /** Key of the rows in the body; `data` when left out, null for a bare list. */
  readonly key?: string | null;
  /** Key that tells how many rows (`offset`) or pages there are. */
  readonly total?: string;
  /** Key that tells whether more pages follow. */
  readonly hasMore?: string;
}

/** The reply of a paged endpoint. Parameters are taken from the query, or else from the JSON body. */
export function fakePages(pages: FakePages): (request: FakeRequest) => FakeReply {
  const base = pages.basePage ?? 1;
  return (request) => {
    const start = startOf(pages, request, base);
    const size = pages.style === 'offset' ? Number(input(request, 'limit') ?? pages.pageSize) : pages.pageSize;
    const end = start + size;
    const more = end < pages.rows.length;
    const count = pages.style === 'offset' ? pages.rows.length : Math.ceil(pages.rows.length / size);
    const next = new URL(`${request.origin}${request.path}?${request.query.toString()}`);
    next.searchParams.set('page', String(base + end / size));
    const body = {
      ...(pages.total === undefined ? {} : { [pages.total]: count }),
      ...(pages.hasMore === undefined ? {} : { [pages.hasMore]: more }),
      ...(pages.style === 'cursor' ? { next_cursor: more ? String(end) : null } : {}),
      ...(pages.style === 'json_link' ? { next: more ? next.href : null } : {}),
    };
    const headers = {
      ...(pages.style === 'header_cursor' && more ? { next: String(end) } : {}),
      ...(pages.style === 'header_link' && more ? { link: `<${next.href}>; rel="next"` } : {}),
    };
    const rows = pages.rows.slice(start, end);
    return { headers, json: pages.key === null ? rows : { ...body, [pages.key ?? 'data']: rows } };
  };
}

function startOf(pages: FakePages, request: FakeRequest, base: number): number {
  switch (pages.style) {
    case 'offset':
      return Number(input(request, 'offset') ?? 0);
    case 'cursor':
    case 'header_cursor':
      return Number(input(request, 'cursor') ?? 0);
    default:
      return (Number(input(request, 'page') ?? base) - base) * pages.pageSize;
  }
}

function input(request: FakeRequest, name: string): unknown {
  return request.query.get(name) ?? (request.json as Readonly<Record<string, unknown>> | undefined)?.[name];
}
