import type { HttpRequest, ReceivedPage } from '../core/http.ts';
import type { Json } from '../core/json.ts';
import type { Paginator, StopReason } from '../core/paginator.ts';
import { parseJson } from '../core/parse-json.ts';
import { printJson } from '../core/print-json.ts';
import { deepFreeze } from './deep-freeze.ts';

/** What a simulated API holds. */
export interface SimulatedApi {
  readonly rows: readonly Json[];
  readonly pageSize: number;
}

/** One answer of a simulated API. */
export interface SimulatedAnswer {
  readonly body?: Json;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The records that a data selector would find. */
  readonly rows: readonly Json[];
}

/** Plays an API of the paginator's style. */
export type AnswerRequest = (request: HttpRequest, api: SimulatedApi) => SimulatedAnswer;

/** A walk over a simulated API, after any page of it. */
export interface SimulatedWalk {
  readonly paginator: Paginator;
  readonly api: SimulatedApi;
  readonly answer: AnswerRequest;
  /** Cursor of the first page that is asked for; the paginator's own first when left out. */
  readonly from?: Json;
}

/** One page of a simulated walk. */
export interface SimulatedPage {
  readonly cursor: Json;
  readonly page: ReceivedPage;
  readonly rows: readonly Json[];
  readonly stop?: StopReason;
}

/** The request that every simulated walk starts from. */
export const simulatedRequest: HttpRequest = deepFreeze({
  method: 'POST',
  url: 'https://api.example.com/v1/rows',
  headers: { 'X-Own': 'kept' },
  params: { own: 'kept' },
  json: { own: 'kept' },
});

/**
 * Walks to the end. Everything that the paginator gets is frozen, and every cursor goes through JSON
 * text, as between processes. A walk that asks for too many pages is cut short.
 */
export function simulateWalk({ paginator, api, answer, from }: SimulatedWalk): SimulatedPage[] {
  const pages: SimulatedPage[] = [];
  const most = Math.ceil(api.rows.length / api.pageSize) + 3;
  let cursor = throughJson(from === undefined ? paginator.first() : from);
  while (pages.length < most) {
    const request = deepFreeze(paginator.apply(simulatedRequest, cursor));
    const { body, headers = {}, rows } = answer(request, api);
    const page = deepFreeze({ request, headers, body, rowCount: rows.length });
    const step = paginator.next(page, cursor);
    if ('stop' in step) return [...pages, { cursor, page, rows, stop: step.stop }];
    pages.push({ cursor, page, rows });
    cursor = throughJson(step.cursor);
  }
  return pages;
}

function throughJson(cursor: Json): Json {
  return deepFreeze(parseJson(printJson(cursor)));
}
