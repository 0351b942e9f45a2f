import type { HttpRequest, ReceivedPage } from './http.ts';
import type { Json } from './json.ts';

/** Why a walk ended. Every walk ends with one of these (invariant 5). */
export type StopReason =
  | 'single_page'
  | 'next_missing'
  | 'empty_page'
  | 'total_reached'
  | 'maximum_reached'
  | 'has_more_false'
  | 'ignored'
  | 'row_order'
  | 'limit_reached';

/** What follows a page: the next page's cursor, or the reason there is none. */
export type Step<C extends Json = Json> = { readonly cursor: C } | { readonly stop: StopReason };

/** Cursors that follow a page and can be named before the pages between them came. */
export interface Ahead<C extends Json = Json> {
  /** In order, beginning with the next page's. Read one by one: there may be no end of them. */
  readonly cursors: Iterable<C>;
  /** False: the API does not say where the end is, so pages past it may be asked for. */
  readonly certain: boolean;
}

/**
 * A paging style. Pure: all that it remembers is in the cursor, which is JSON, so a walk can stop
 * after any page and go on in another process, and one instance serves every walk.
 */
export interface Paginator<C extends Json = Json> {
  /** Cursor of the first page. */
  first(): C;
  /** The request for the page at `cursor`. */
  apply(request: HttpRequest, cursor: C): HttpRequest;
  /** Reads a page. Throws a ResponseError when the page lacks what the style needs. */
  next(page: ReceivedPage, cursor: C): Step<C>;
  /** The cursors after a page that `next` gave a cursor for, when they can be told from it. */
  ahead?(page: ReceivedPage, cursor: C): Ahead<C> | undefined;
  /** Rows from the walk's first page on that the API says there are, when a page tells. Without it, a total is looked for at usual places. */
  total?(page: ReceivedPage): number | undefined;
}
