import { HttpError, ResponseError } from '../core/errors.ts';
import { type Place, placeContext, where } from './place.ts';

/** A try that brought no whole response. `retryable` when the next one may. */
export class NetworkFailure extends Error {
  override readonly name: string = 'NetworkFailure';
  /** The remedy, one imperative sentence. */
  readonly hint: string;
  readonly retryable: boolean;
  constructor(message: string, options: { readonly hint: string; readonly retryable: boolean; readonly cause?: unknown }) {
    super(message, { cause: options.cause });
    this.hint = options.hint;
    this.retryable = options.retryable;
  }
}

/** The headers of a response are over the bound of the client. */
export class HeadersTooLarge extends NetworkFailure {
  override readonly name = 'HeadersTooLarge';
  constructor(cause: unknown) {
    super('its headers are too large', {
      hint: 'Ask the API for fewer or shorter headers: cookies and links make them long.',
      retryable: false,
      cause,
    });
  }
}

const AGAIN = 'Run again: what was fetched is kept.';

/** What the codes of Node, OpenSSL and undici mean: `[pattern, what happened, what to do, may a new try help]`. */
const MEANINGS: readonly (readonly [RegExp, string, string, boolean])[] = [
  [/^ECONNREFUSED$/, 'the connection was refused', 'Check client.base_url, and that the API is running.', true],
  [/^ENOTFOUND$|^EAI_/, 'the host name was not found', 'Check the host in client.base_url, and the network.', true],
  [/^EHOSTUNREACH$|^ENETUNREACH$|^EADDRNOTAVAIL$/, 'the host cannot be reached', 'Check the network and the proxy settings.', true],
  [
    /^UND_ERR_CONNECT_TIMEOUT$|^ETIMEDOUT$/,
    'no connection came about in time',
    'Check the network, or raise client.timeout.connect.',
    true,
  ],
  [/^UND_ERR_HEADERS_TIMEOUT$/, 'no response came in time', 'Ask for smaller pages, or raise client.timeout.headers.', true],
  [/^UND_ERR_BODY_TIMEOUT$/, 'the body stopped arriving', 'Ask for smaller pages, or raise client.timeout.body.', true],
  [
    /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_CERT)/,
    'its certificate is not trusted',
    'Give the certificate of its authority in NODE_EXTRA_CA_CERTS.',
    false,
  ],
  [
    /^ERR_SSL_WRONG_VERSION_NUMBER$|^EPROTO$|^ERR_SSL_/,
    'no TLS connection came about',
    'Check whether client.base_url must start with http: or https:.',
    false,
  ],
  [/^HPE_/, 'the answer is not HTTP', 'Check the scheme and the port in client.base_url.', false],
  [/^UND_ERR_RES_CONTENT_LENGTH_MISMATCH$/, 'the body was cut short', AGAIN, true],
  [
    /^(ECONNRESET|EPIPE|UND_ERR_SOCKET|UND_ERR_CLOSED|UND_ERR_DESTROYED)$/,
    'the connection was closed before the response was complete',
    AGAIN,
    true,
  ],
];

/** Reads what undici throws. `undefined` for what is no matter of the network. */
export function readNetworkFailure(error: unknown): NetworkFailure | undefined {
  if (!(error instanceof Error)) return undefined;
  const proxy = /^Proxy response \((\d+)\)/.exec(error.message);
  if (proxy) {
    const hint = 'Check the proxy in HTTP_PROXY and HTTPS_PROXY, and its credentials.';
    return new NetworkFailure(`the proxy answered ${proxy[1]}`, { hint, retryable: Number(proxy[1]) >= 500, cause: error });
  }
  const code = (error as NodeJS.ErrnoException).code ?? (error.cause as NodeJS.ErrnoException | undefined)?.code ?? '';
  if (/^UND_ERR_HEADERS_OVERFLOW$|^HPE_HEADER_OVERFLOW$/.test(code)) return new HeadersTooLarge(error);
  const meaning = MEANINGS.find(([pattern]) => pattern.test(code));
  return meaning && new NetworkFailure(meaning[1], { hint: meaning[2], retryable: meaning[3], cause: error });
}

/** The error of a request whose last try brought no response. */
export function networkError(failure: NetworkFailure, place: Place, tries: number): HttpError | ResponseError {
  if (failure instanceof HeadersTooLarge) {
    return new ResponseError('headers_too_large', `${where(place)} was answered, but ${failure.message}.`, {
      hint: failure.hint,
      context: placeContext(place),
    });
  }
  const after = tries > 1 ? ` after ${tries} tries` : '';
  // The cause is left out: Node's message may quote an address with credentials.
  return new HttpError('network_error', `${where(place)} failed${after}: ${failure.message}.`, {
    hint: failure.hint,
    context: placeContext(place),
    retryable: failure.retryable,
  });
}
