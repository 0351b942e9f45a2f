import type { Dispatcher } from 'undici';
import { ResponseError } from '../core/errors.ts';
import type { HttpRequest, HttpResponse } from '../core/http.ts';
import { printJson } from '../core/print-json.ts';
import type { Secrets } from '../core/secret.ts';
import { bareHeaders, provesIdentity } from './credentials.ts';
import { encodeRequest, parseAddress } from './encode-request.ts';
import type { ClientOptions, Exchange } from './exchange.ts';
import type { Turn } from './governor.ts';
import { type Place, placeContext, where } from './place.ts';
import { access } from './reach.ts';
import { redactUrl } from './redact-url.ts';
import { MAX_REDIRECTS, redirected, redirectTarget } from './redirect.ts';
import { roundTrip } from './round-trip.ts';

/** The response at the end of the redirects, and what the errors about it tell. */
export interface Followed {
  readonly response: HttpResponse;
  /** The last request, with its credentials. */
  readonly sent: HttpRequest;
  readonly place: Place;
  /** Host that answered. */
  readonly host: string;
  readonly credentials: 'sent' | 'none' | 'withheld';
}

/** Parts of a client that {@link Follow} works with. */
export interface FollowOptions extends ClientOptions {
  readonly dispatcher: Dispatcher;
  /** Sends the token request of an auth for an exchange. */
  readonly sendToken: (request: HttpRequest, exchange: Exchange) => Promise<HttpResponse>;
}

/** Sends a request once, follows its redirects and puts credentials on where they belong (invariant 8). */
export type Follow = (request: HttpRequest, exchange: Exchange & { readonly turn: Turn }) => Promise<Followed>;

/** Where a request belongs, its address redacted. */
export function placeOf(request: HttpRequest, exchange: Exchange, options: ClientOptions): Place {
  const names = new Set(exchange.auth?.queryNames);
  const address = redactUrl(encodeRequest(request).url.href, options.secrets, names);
  return { resource: exchange.resource, page: exchange.page, request: `${request.method.toUpperCase()} ${address}` };
}

/** Makes the {@link Follow} of a client. */
export function createFollow(options: FollowOptions): Follow {
  const { secrets, allowedHosts } = options;

  async function withCredentials(request: HttpRequest, exchange: Exchange): Promise<HttpRequest> {
    if (!exchange.auth) return request;
    return exchange.auth.apply(request, {
      now: options.now,
      addSecret: (value) => secrets.addToken(value),
      send: (tokenRequest, signal) => options.sendToken(tokenRequest, signal ? { ...exchange, signal } : exchange),
      ...(exchange.signal ? { signal: exchange.signal } : {}),
    });
  }

  return async (request, exchange) => {
    const reach = { home: exchange.home, named: exchange.named, allowedHosts };
    const first = placeOf(request, exchange, options);
    let current = request;
    for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
      const url = parseAddress(current.url);
      const granted = access(url, reach);
      if (granted === 'refused') throw hostNotAllowed(first, url, { home: exchange.home, redirected: hop > 0, secrets });
      if (granted === 'bare' && hop > 0 && bodyHoldsCredential(current, secrets))
        throw hostNotAllowed(first, url, { home: exchange.home, redirected: true, secrets });
      if (granted === 'bare' && hop > 0) current = { ...current, headers: bareHeaders(current.headers, secrets) };
      const complete = granted === 'bare' ? current : await withCredentials(current, exchange);
      const place = placeOf(current, exchange, options);
      const encoded = encodeRequest(complete);
      const { dispatcher, maxBodyBytes: maxBytes } = options;
      const { signal, turn } = exchange;
      const raw = await turn.send((watch) => roundTrip(encoded, { dispatcher, maxBytes, place, signal, watch }));
      const target = redirectTarget(raw.status, raw.headers, encoded.url);
      if (!target) {
        const proved = provesIdentity(complete, secrets);
        const credentials = granted === 'bare' && exchange.auth ? 'withheld' : proved ? 'sent' : 'none';
        const address = place.request.slice(place.request.indexOf(' ') + 1);
        return { response: { ...raw, url: address }, sent: complete, place, host: url.host, credentials };
      }
      current = redirected(current, raw.status, target);
    }
    throw new ResponseError('too_many_redirects', `${where(first)} was redirected more than ${MAX_REDIRECTS} times.`, {
      hint: 'Set client.base_url and endpoint.path to the address that answers, and check whether the API wants other credentials.',
      context: placeContext(first),
    });
  };
}

/** A redirect that repeats the body must not carry a credential in it to where none may go. */
function bodyHoldsCredential({ json, data }: HttpRequest, secrets: Secrets): boolean {
  const texts = [json === undefined ? '' : printJson(json), data === undefined ? '' : JSON.stringify(data)];
  return texts.some((text) => secrets.isCredentialIn(text));
}

interface Refused {
  readonly home: string;
  readonly redirected: boolean;
  readonly secrets: Secrets;
}

function hostNotAllowed(place: Place, url: URL, { home, redirected: isRedirect, secrets }: Refused): ResponseError {
  const host = secrets.redact(url.host);
  const downgraded = home === `https://${url.host}`;
  const what = downgraded ? `http instead of https at "${host}"` : `the host "${host}"`;
  const way = isRedirect ? 'was redirected to' : `was not sent: ${place.page > 0 ? 'the next link' : 'the path'} leads to`;
  // Without a port, a host is not allowed to be asked in the clear.
  const allowed = url.protocol === 'http:' && home.startsWith('https:') && url.port === '' ? `${host}:80` : host;
  return new ResponseError('host_not_allowed', `${where(place)} ${way} ${what}, which is not where client.base_url is.`, {
    hint: `If you trust it with the credentials, add "${allowed}" to client.allowed_hosts.`,
    context: { ...placeContext(place), host },
  });
}
