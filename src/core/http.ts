import type { Json, JsonObject } from './json.ts';

/** A form body: fields, pairs in order, or raw text sent without a content type. */
export type FormBody = JsonObject | readonly (readonly [string, Json])[] | string;

/**
 * A request as configuration and paginator describe it; the client encodes it. `url` is absolute
 * and may have a query of its own. In `params` a null is dropped, a list repeats its key, and a
 * scalar is written as Python's `str()` writes it (`True`), because dlt sends it so.
 */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | null>>;
  readonly params: Readonly<Record<string, Json>>;
  readonly json?: Json;
  readonly data?: FormBody;
}

/** One response, whole: the body is decompressed and within the configured size. */
export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; several values of one name are joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Address that answered (after redirects), with secrets redacted. */
  readonly url: string;
}

/** Sends one request with the client's retries, limits and timeouts. Rejects with a SynclineError. */
export type Send = (request: HttpRequest, signal?: AbortSignal) => Promise<HttpResponse>;

/** A page as a paginator sees it. */
export interface ReceivedPage {
  /** The request that brought the page, before auth: relative next links resolve against its url. */
  readonly request: HttpRequest;
  readonly headers: Readonly<Record<string, string>>;
  /** The decoded body; `undefined` when it was empty. */
  readonly body: Json | undefined;
  /** Records that the data selector found, before any row step or filter. */
  readonly rowCount: number;
}
