import type { HttpRequest, HttpResponse, ReceivedPage } from '../core/http.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { compileJsonPath } from '../core/jsonpath.ts';
import type { Paginator } from '../core/paginator.ts';
import type { Secrets } from '../core/secret.ts';
import type { Checkpoint, WalkedPage, WalkOptions } from '../core/source.ts';
import { createPaginator } from '../paginators/built-in.ts';
import { detectPaginator } from '../paginators/detect.ts';
import { openCursor, sealCursor } from './checkpoint-seal.ts';
import { detectSelector, selectRows } from './data-selector.ts';
import { decodeBody } from './decode-body.ts';
import { keepDocument } from './decoded-page.ts';
import type { Client, Exchange } from './exchange.ts';
import { located } from './locate-error.ts';
import { createLoopGuard } from './loop-guard.ts';
import type { Place } from './place.ts';
import { redactUrl } from './redact-url.ts';
import type { Detection } from './report-detection.ts';
import { saysNothing } from './says-nothing.ts';
import { isSelectorMiss } from './selector-miss.ts';

/** What the walks of one resource share. */
export interface WalkSetup {
  readonly resource: string;
  readonly client: Client;
  readonly secrets: Secrets;
  readonly exchange: Pick<Exchange, 'auth' | 'home' | 'named' | 'inspect'>;
  /** Detected on the first page when it is left out. */
  readonly paginator: Paginator | undefined;
  /** JSONPath of the rows; detected on the first page when it is left out. */
  readonly selector: string | undefined;
  /** True: a page where the selector matches nothing is an error. False: it is an empty page like any other. */
  readonly selectorRequired: boolean | undefined;
  /** Receives what was detected; once a resource, not once a walk. */
  readonly report: (detection: Detection) => void;
}

/** How a walk pages, once that is known. */
interface Paging {
  readonly paginator: Paginator;
  readonly cursor: Json;
  /** Configuration of a paginator that was detected. */
  readonly config?: JsonObject | undefined;
}

/**
 * Walks the pages that start at a request: the one pagination loop, for all paginators. A page comes
 * with the checkpoint behind it or with the reason why it is the last (invariants 1 and 5).
 */
export async function* walk(setup: WalkSetup, base: HttpRequest, options: WalkOptions = {}): AsyncGenerator<WalkedPage> {
  const { resource, client, secrets, exchange } = setup;
  const { after, signal, emit } = options;
  const address = redactUrl(base.url, secrets, new Set(exchange.auth?.queryNames));
  const guard = createLoopGuard();
  let paging = resumedPaging(setup, after);
  let selector = after?.selector ?? setup.selector;
  for (let index = options.index ?? 0; ; index += 1) {
    signal?.throwIfAborted();
    const start: Place = { resource, page: index, request: `${base.method} ${address}` };
    const request = paging ? located(start, secrets, applied(paging, base)) : base;
    const response = await client.exchange(request, { ...exchange, resource, page: index, emit, signal });
    if (response === 'ignore') {
      yield { index, url: address, body: new Uint8Array(), selector: selector ?? '$', rowCount: 0, stop: 'ignored' };
      return;
    }
    const place = { ...start, request: `${request.method} ${response.url}` };
    const { document, charset } = decodeBody(response, place, secrets);
    const found = selector === undefined ? detectSelector(document) : undefined;
    selector ??= found?.selector as string;
    const { rows, missed } = selectRows(document, compileJsonPath(selector));
    const rowCount = rows.length;
    const suspect = missed && isSelectorMiss({ selector, required: setup.selectorRequired, document, place });
    const page: ReceivedPage = { request, headers: response.headers, body: document, rowCount };

    const detected = paging ? undefined : located(place, secrets, () => detectPaginator(page));
    paging ??= detected && { paginator: detected.paginator, cursor: detected.cursor, config: detected.config };
    if (found || detected) setup.report({ resource, emit, selector: found, paginator: detected, rowCount });
    const { paginator, cursor, config } = paging as Paging;
    guard.asked(cursor, index);
    const { step, total } = located(place, secrets, () => ({ step: paginator.next(page, cursor), total: paginator.total?.(page) }));
    if ('cursor' in step) {
      const nextRequest = located(place, secrets, () => paginator.apply(base, step.cursor));
      guard.check({ place, request, nextRequest, nextCursor: step.cursor, body: response.body, rowCount });
      paging = { ...(paging as Paging), cursor: step.cursor };
    }
    keepDocument(response.body, document);
    yield {
      ...pageFacts({ response, charset, total: total ?? (missed && saysNothing(document) ? 0 : undefined) }),
      index,
      selector,
      rowCount,
      ...(suspect ? { selectorMissed: true } : {}),
      ...('stop' in step ? { stop: step.stop } : { next: checkpoint(step.cursor, { setup, config, selector }) }),
    };
    if ('stop' in step) return;
  }
}

function resumedPaging(setup: WalkSetup, after: Checkpoint | undefined): Paging | undefined {
  const config = after?.paginator;
  const paginator = config ? createPaginator(config) : setup.paginator;
  if (!paginator) return undefined;
  const cursor = after ? openCursor(after.cursor, setup.secrets, setup.resource) : paginator.first();
  return { paginator, cursor, config };
}

function applied({ paginator, cursor }: Paging, base: HttpRequest): () => HttpRequest {
  return () => paginator.apply(base, cursor);
}

interface PageFacts {
  readonly response: HttpResponse;
  readonly charset: string | undefined;
  readonly total: number | undefined;
}

function pageFacts({ response: { url, body }, charset, total }: PageFacts): Pick<WalkedPage, 'url' | 'body' | 'charset' | 'total'> {
  return { url, body, ...(charset === undefined ? {} : { charset }), ...(total === undefined ? {} : { total }) };
}

/** Keeps what was detected, so that a resumed walk does not detect it on another page. */
function checkpoint(cursor: Json, known: { setup: WalkSetup; config: JsonObject | undefined; selector: string }): Checkpoint {
  const { setup, config, selector } = known;
  return {
    cursor: sealCursor(cursor, setup.secrets),
    ...(config ? { paginator: config } : {}),
    ...(setup.selector === undefined ? { selector } : {}),
  };
}
