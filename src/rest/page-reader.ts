import type { HttpRequest, ReceivedPage } from '../core/http.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { compileJsonPath } from '../core/jsonpath.ts';
import type { Ahead, Paginator } from '../core/paginator.ts';
import type { Checkpoint, WalkedPage, WalkOptions } from '../core/source.ts';
import { createPaginator } from '../paginators/built-in.ts';
import { detectPaginator } from '../paginators/detect.ts';
import { openCursor, sealCursor } from './checkpoint-seal.ts';
import { located } from './locate-error.ts';
import { bodyMark, type LoopStep } from './loop-guard.ts';
import { readContent } from './page-content.ts';
import { signsOf } from './page-signs.ts';
import type { Place } from './place.ts';
import { redactUrl } from './redact-url.ts';
import type { WalkSetup } from './walk-setup.ts';

/** A page to ask for. */
export interface PageAsk {
  /** Position in the walk, from 0. */
  readonly index: number;
  /** `undefined`: the walk's first page, whose paginator it has to tell. */
  readonly cursor: Json | undefined;
}

/** A page that came, and what is to be known of what follows. */
export interface ReadPage {
  readonly page: WalkedPage;
  /** Absent on a last page. */
  readonly onward?: Onward;
}

/** What follows a page. */
export interface Onward {
  readonly cursor: Json;
  /** Cursors beyond, where the page tells. */
  readonly ahead?: Ahead | undefined;
  /** For the loop guard. */
  readonly step: LoopStep;
}

/** Asks for the pages of one walk and reads what comes: each page is judged by itself. */
export interface PageReader {
  /** Cursor of the page that the walk goes on with; `undefined` until that page has told the paginator. */
  readonly start: Json | undefined;
  /** Rejects with a SynclineError, or with the signal's reason. */
  read(ask: PageAsk, signal: AbortSignal): Promise<ReadPage>;
}

/** How a walk pages, once that is known. */
interface Paging {
  readonly paginator: Paginator;
  /** Configuration of a paginator that was detected. */
  readonly config?: JsonObject | undefined;
}

/** Makes the reader of a walk. Its first page has to come before others are asked for: it may tell how the walk pages. */
export function createPageReader(setup: WalkSetup, base: HttpRequest, { after, emit, sequential }: WalkOptions): PageReader {
  const { resource, client, secrets, exchange } = setup;
  const address = redactUrl(base.url, secrets, new Set(exchange.auth?.queryNames));
  let paging = knownPaging(setup, after);
  let selector = after?.selector ?? setup.selector;

  return {
    start: paging && (after ? openCursor(after.cursor, secrets, resource) : paging.paginator.first()),
    async read({ index, cursor: asked }, signal) {
      const start: Place = { resource, page: index, request: `${base.method} ${address}` };
      const applied = paging?.paginator;
      const request = applied && asked !== undefined ? located(start, secrets, () => applied.apply(base, asked)) : base;
      const response = await client.exchange(request, { ...exchange, resource, page: index, emit, signal });
      if (response === 'ignore')
        return { page: { index, url: address, body: new Uint8Array(), selector: selector ?? '$', rowCount: 0, stop: 'ignored' } };
      const place = { ...start, request: `${request.method} ${response.url}` };
      const content = readContent(setup, { response, place, selector, emit });
      const { selector: path, rowCount } = content.page;
      selector = path;
      const received: ReceivedPage = { request, headers: response.headers, body: content.document, rowCount };
      const detected = paging ? undefined : located(place, secrets, () => detectPaginator(received));
      const { paginator, config } = (paging ??= detected as Paging);
      if (content.detected || detected) setup.report({ resource, emit, selector: content.detected, paginator: detected, rowCount });

      const cursor = asked ?? detected?.cursor ?? null;
      const { step, total, ahead } = located(place, secrets, () => {
        const next = paginator.next(received, cursor);
        const foreseen = sequential || 'stop' in next ? undefined : paginator.ahead?.(received, cursor);
        return { step: next, total: paginator.total?.(received), ahead: foreseen };
      });
      const nothing = content.isNothing ? { total: 0, totalIsGuess: true } : {};
      const page = { ...content.page, ...(total === undefined ? nothing : { total }) };
      if ('stop' in step) {
        const { stop } = step;
        const signs = signsOf({ page: received, selector: compileJsonPath(path), paginator, isDetected: config !== undefined, stop });
        return { page: { ...page, ...signs, stop } };
      }
      const nextRequest = located(place, secrets, () => paginator.apply(base, step.cursor));
      const loopStep = { place, request, nextRequest, cursor, nextCursor: step.cursor, rowCount, mark: bodyMark(response.body) };
      return {
        page: { ...page, next: checkpoint(step.cursor, { setup, config, selector: path }) },
        onward: { cursor: step.cursor, ahead, step: loopStep },
      };
    },
  };
}

function knownPaging(setup: WalkSetup, after: Checkpoint | undefined): Paging | undefined {
  const config = after?.paginator;
  const paginator = config ? createPaginator(config) : setup.paginator;
  return paginator && { paginator, config };
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
