import type { Emit } from '../core/events.ts';
import type { HttpResponse } from '../core/http.ts';
import type { Json } from '../core/json.ts';
import { compileJsonPath } from '../core/jsonpath.ts';
import type { WalkedPage } from '../core/source.ts';
import { type DetectedSelector, detectSelector, selectRows } from './data-selector.ts';
import { decodeBody } from './decode-body.ts';
import { keepDocument } from './decoded-page.ts';
import type { Place } from './place.ts';
import { reportRepeat } from './report-repeat.ts';
import { saysNothing } from './says-nothing.ts';
import { isSelectorMiss } from './selector-miss.ts';
import type { WalkSetup } from './walk-setup.ts';

/** A response and what is known of the page that it is to be. */
export interface Received {
  readonly response: HttpResponse;
  readonly place: Place;
  /** Detected from this page when it is left out. */
  readonly selector: string | undefined;
  readonly emit: Emit | undefined;
}

/** What a page holds. */
export interface PageContent {
  readonly document: Json;
  readonly detected: DetectedSelector | undefined;
  /** The page has no rows and says so itself. */
  readonly isNothing: boolean;
  readonly page: Omit<WalkedPage, 'next' | 'stop'>;
}

/** Reads a response: its JSON, and where and how many its rows are. Throws a ResponseError when it is none that can be read. */
export function readContent(setup: WalkSetup, { response, place, selector: known, emit }: Received): PageContent {
  const { resource, secrets, selectorRequired } = setup;
  const { document, stored } = decodeBody(response, place, secrets);
  const detected = known === undefined ? detectSelector(document) : undefined;
  const selector = known ?? (detected as DetectedSelector).selector;
  const path = compileJsonPath(selector);
  const { rows, missed } = selectRows(document, path);
  if (stored.document !== document) reportRepeat(setup, { resource, emit, rows: [rows, selectRows(stored.document, path).rows] });
  const isSuspect = missed && isSelectorMiss({ selector, required: selectorRequired, document, place });
  keepDocument(stored.body, stored.document);
  return {
    document,
    detected,
    isNothing: missed && saysNothing(document),
    page: {
      index: place.page,
      url: response.url,
      body: stored.body,
      ...(stored.charset === undefined ? {} : { charset: stored.charset }),
      selector,
      rowCount: rows.length,
      ...(isSuspect ? { selectorMissed: true } : {}),
    },
  };
}
