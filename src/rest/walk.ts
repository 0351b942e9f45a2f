import type { HttpRequest, HttpResponse, ReceivedPage } from '../core/http.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { compileJsonPath } from '../core/jsonpath.ts';
import type { Paginator, Step } from '../core/paginator.ts';
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
  cursor: Json;
  /** Configuration of a paginator that was detected. */
  readonly detected?: JsonObject;
}

/**
 * Walks the pages that start at a request: the one pagination loop, for all paginators. A page comes
 * with the checkpoint behind it or with the reason why it is the last (invariants 1 and 5).
 */
export async function* walk(setup: WalkSetup, base: HttpRequest, options: WalkOptions = {}): AsyncGenerator<WalkedPage> {
  const { resource, client, secrets, exchange } = setup;
  const { after, signal, emit } = options;
  const guard = createLoopGuard();
  let paging = resumedPaging(setup, after);
  let selector = after?.selector ?? setup.selector;
  for (let index = options.index ?? 0; ; index += 1) {
    signal?.throwIfAborted();
    const address = redactUrl(base.url, secrets, new Set(exchange.auth?.queryNames));
    let place: Place = { resource, page: index, request: `${base.method} ${address}` };
    const request = paging ? located(place, secrets, applied(paging, base)) : base;
    if (paging) guard.asked(paging.cursor, index);

    const response = await client.exchange(request, { ...exchange, resource, page: index, emit, signal });
    if (response === 'ignore') {
      yield { index, url: address, body: new Uint8Array(), selector: selector ?? '$', rowCount: 0, stop: 'ignored' };
      return;
    }
    place = { ...place, request: `${request.method} ${response.url}` };
    const { document, charset } = decodeBody(response, place, secrets);
    const found = selector === undefined ? detectSelector(document) : undefined;
    selector ??= found?.selector as string;
    const selection = selectRows(document, compileJsonPath(selector));
    const rowCount = selection.rows.length;
    const missed = selection.missed && isSelectorMiss({ selector, required: setup.selectorRequired, document, place });
    const page: ReceivedPage = { request, headers: response.headers, body: document, rowCount };

    const detection = paging ? undefined : located(place, secrets, () => detectPaginator(page));
    if (detection) {
      paging = { paginator: detection.paginator, cursor: detection.cursor, detected: detection.config };
      guard.asked(paging.cursor, index);
    }
    const { paginator, cursor, detected } = paging as Paging;
    if (found || detection) setup.report({ resource, emit, selector: found, paginator: detection, rowCount });
    const step = located(place, secrets, (): Step => paginator.next(page, cursor));
    const total = located(place, secrets, () => paginator.total?.(page)) ?? (selection.missed && saysNothing(document) ? 0 : undefined);
    if ('cursor' in step) {
      const nextRequest = located(place, secrets, () => paginator.apply(base, step.cursor));
      guard.check({ place, request, nextRequest, nextCursor: step.cursor, body: response.body, rowCount });
    }
    keepDocument(response.body, document);
    yield {
      ...pageFacts(response, charset),
      index,
      selector,
      rowCount,
      ...(missed ? { selectorMissed: true } : {}),
      ...(total === undefined ? {} : { total }),
      ...('stop' in step ? { stop: step.stop } : { next: checkpoint(step.cursor, { setup, detected, selector }) }),
    };
    if ('stop' in step) return;
    (paging as Paging).cursor = step.cursor;
  }
}

function resumedPaging(setup: WalkSetup, after: Checkpoint | undefined): Paging | undefined {
  const detected = after?.paginator;
  const paginator = detected ? createPaginator(detected) : setup.paginator;
  if (!paginator) return undefined;
  const cursor = after ? openCursor(after.cursor, setup.secrets, setup.resource) : paginator.first();
  return { paginator, cursor, ...(detected ? { detected } : {}) };
}

function applied({ paginator, cursor }: Paging, base: HttpRequest): () => HttpRequest {
  return () => paginator.apply(base, cursor);
}

function pageFacts({ url, body }: HttpResponse, charset: string | undefined): Pick<WalkedPage, 'url' | 'body' | 'charset'> {
  return charset === undefined ? { url, body } : { url, body, charset };
}

/** Keeps what was detected, so that a resumed walk does not detect it on another page. */
function checkpoint(cursor: Json, known: { setup: WalkSetup; detected: JsonObject | undefined; selector: string }): Checkpoint {
  const { setup, detected, selector } = known;
  return {
    cursor: sealCursor(cursor, setup.secrets),
    ...(detected ? { paginator: detected } : {}),
    ...(setup.selector === undefined ? { selector } : {}),
  };
}
