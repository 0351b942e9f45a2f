import { ConfigError } from '../core/errors.ts';
import type { FormBody, HttpRequest } from '../core/http.ts';
import { printJson } from '../core/print-json.ts';
import { encodePairs } from './encode-pairs.ts';
import { ACCEPTED_ENCODINGS } from './decompress.ts';
import { USER_AGENT } from './user-agent.ts';

/** A request as it goes to the wire. */
export interface EncodedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

const DEFAULT_HEADERS: Readonly<Record<string, string>> = {
  'User-Agent': USER_AGENT,
  Accept: 'application/json, */*;q=0.8',
  'Accept-Encoding': ACCEPTED_ENCODINGS,
};

/** What undici writes itself, from the body and the connection. */
const MANAGED = new Set(['content-length', 'transfer-encoding', 'connection', 'keep-alive', 'upgrade', 'expect']);

/** Encodes a request as dlt's HTTP library does. A header that is null takes a default one away. */
export function encodeRequest(request: HttpRequest): EncodedRequest {
  const url = encodeUrl(request);
  const { body, contentType } = encodeBody(request);
  const headers = new Map<string, readonly [string, string]>();
  const put = (name: string, value: string) => headers.set(name.toLowerCase(), [name, value]);
  for (const [name, value] of Object.entries(DEFAULT_HEADERS)) put(name, value);
  if (contentType !== undefined) put('Content-Type', contentType);
  if (url.username !== '' || url.password !== '') put('Authorization', basicOf(url));
  for (const [name, value] of Object.entries(request.headers)) {
    if (value === null) headers.delete(name.toLowerCase());
    else if (!MANAGED.has(name.toLowerCase())) put(checkName(name), checkValue(name, value));
  }
  url.username = '';
  url.password = '';
  return { method: request.method.toUpperCase(), url, headers: Object.fromEntries(headers.values()), body };
}

/** Parses the address of a request, which must be http or https. */
export function parseAddress(text: string): URL {
  const address = text.replaceAll('\\', '%5C').replace(/%(?![0-9a-fA-F]{2})/g, '%25');
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new ConfigError('invalid_url', 'The address of a request is not an http or https URL.', {
      hint: 'Give client.base_url with its scheme, as in https://api.example.com/v1.',
    });
  }
  return url;
}

/** The address with its own query first and the parameters after it. */
function encodeUrl(request: HttpRequest): URL {
  const url = parseAddress(request.url);
  const query = encodePairs(Object.entries(request.params));
  if (query !== '') url.search = url.search.length > 1 ? `${url.search}&${query}` : query;
  url.hash = '';
  return url;
}

/** A non-empty form wins over JSON; raw text goes without a content type. */
function encodeBody(request: HttpRequest): { readonly body?: string; readonly contentType?: string } {
  const { data } = request;
  if (data !== undefined && !isEmpty(data)) {
    if (typeof data === 'string') return { body: data };
    const pairs = Array.isArray(data) ? (data as readonly (readonly [string, string])[]) : Object.entries(data);
    return { body: encodePairs(pairs), contentType: 'application/x-www-form-urlencoded' };
  }
  return request.json === undefined ? {} : { body: printJson(request.json), contentType: 'application/json' };
}

function isEmpty(data: FormBody): boolean {
  return typeof data === 'string' || Array.isArray(data) ? data.length === 0 : Object.keys(data).length === 0;
}

function basicOf(url: URL): string {
  const text = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return `Basic ${Buffer.from(text).toString('base64')}`;
}

function checkName(name: string): string {
  if (/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) return name;
  throw new ConfigError('invalid_header', `A request header is called ${JSON.stringify(name)}, which HTTP does not allow.`, {
    hint: 'Use letters, digits and "-" in the names of headers.',
  });
}

/** Values are sent as Latin-1; surrounding blanks mean nothing in HTTP. */
function checkValue(name: string, value: string): string {
  // oxlint-disable-next-line no-control-regex -- these are what HTTP forbids
  if (!/[^\t\x20-\x7e\x80-\xff]/.test(value)) return value.trim();
  throw new ConfigError('invalid_header', `The value of the request header "${name}" has characters that HTTP does not allow there.`, {
    hint: `Take line breaks, control characters and letters outside Latin-1 out of the header "${name}".`,
  });
}
