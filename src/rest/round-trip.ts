import { type Dispatcher, errors, request } from 'undici';
import { ConfigError } from '../core/errors.ts';
import { bodyTooLarge, CutShort, decompress } from './decompress.ts';
import { tellingWhenSent } from './dispatcher.ts';
import type { EncodedRequest } from './encode-request.ts';
import type { Watch } from './governor.ts';
import { NetworkFailure, readNetworkFailure } from './network-failure.ts';
import { type Place, placeContext, where } from './place.ts';

/** What one request to a server brought: no redirect is followed, no status judged. */
export interface RawResponse {
  readonly status: number;
  /** Names in lower case; several values of one name are joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decompressed. */
  readonly body: Uint8Array;
}

/** Conditions of a {@link roundTrip}. */
export interface RoundTripOptions {
  readonly dispatcher: Dispatcher;
  readonly maxBytes: number;
  readonly place: Place;
  readonly signal: AbortSignal | undefined;
  readonly watch: Watch;
}

/** Sends a request once and takes the whole response. Rejects with a SynclineError or a {@link NetworkFailure}. */
export async function roundTrip(encoded: EncodedRequest, options: RoundTripOptions): Promise<RawResponse> {
  const { signal, watch } = options;
  try {
    const { method, headers, body } = encoded;
    const response = await request(encoded.url, {
      dispatcher: tellingWhenSent(options.dispatcher, () => watch.sent()),
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      ...(signal ? { signal } : {}),
    });
    const received = { status: response.statusCode, headers: joinHeaders(response.headers) };
    watch.answered(received.status, received.headers);
    // The body of an error is only quoted: that it cannot be read must not hide the status.
    const bytes = receive(response.body, received.headers, options);
    return { ...received, body: received.status < 400 ? await bytes : await bytes.catch(() => new Uint8Array()) };
  } catch (error) {
    signal?.throwIfAborted();
    throw readable(error, options.place);
  }
}

async function receive(
  body: Dispatcher.ResponseData['body'],
  headers: RawResponse['headers'],
  options: RoundTripOptions,
): Promise<Uint8Array> {
  const { maxBytes, place } = options;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw bodyTooLarge(place, maxBytes);
    chunks.push(chunk);
  }
  const whole = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size);
  return decompress(whole, { contentEncoding: headers['content-encoding'], maxBytes, place });
}

function joinHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) joined[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return joined;
}

function readable(error: unknown, place: Place): unknown {
  if (error instanceof CutShort) {
    return new NetworkFailure(error.message, { hint: 'Run again: what was fetched is kept.', retryable: true, cause: error });
  }
  if (error instanceof errors.InvalidArgumentError || error instanceof errors.NotSupportedError) {
    return new ConfigError('invalid_request', `${where(place)} cannot be sent: ${error.message}.`, {
      hint: 'Check method and headers of the endpoint.',
      context: placeContext(place),
    });
  }
  return readNetworkFailure(error) ?? error;
}
