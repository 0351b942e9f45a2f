import { z } from 'zod';
import type { Auth } from '../core/auth.ts';
import type { HttpRequest } from '../core/http.ts';
import type { AuthPlugin } from './auth-plugin.ts';
import { credentialOption, isHeaderValue } from './credential-option.ts';
import { headerOf, withHeader } from './with-header.ts';

/** A header's or a cookie's name: RFC 9110's token. */
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;
/** What a cookie can hold: RFC 6265's cookie-octet, and blanks, which servers take. */
const COOKIE_VALUE = /^[\x20\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/;

const options = z
  .strictObject({
    name: z.string().min(1).default('Authorization').describe('Name of the header, query parameter or cookie.'),
    api_key: credentialOption.describe('The key, sent as it is.'),
    location: z
      .enum(['header', 'query', 'param', 'cookie'])
      .default('header')
      .describe('Where the key goes; `param` is another word for `query`.'),
  })
  .refine((o) => !['header', 'cookie'].includes(o.location) || TOKEN.test(o.name), {
    path: ['name'],
    message: 'This is not the name of a header or cookie: use letters, digits and dashes.',
  })
  .refine((o) => o.location !== 'header' || isHeaderValue(o.api_key), {
    path: ['api_key'],
    message: 'The key has a line break or another character that no HTTP header can carry: remove it.',
  })
  .refine((o) => o.location !== 'cookie' || COOKIE_VALUE.test(o.api_key), {
    path: ['api_key'],
    message: 'The key has a character that no cookie can carry: percent-encode it.',
  })
  .describe('Sends an API key in a header, the query or a cookie.');

/** An API key. */
export const apiKey = {
  type: 'api_key',
  options,
  credentials: ['api_key'],
  create({ name, api_key: key, location }): Auth {
    switch (location) {
      case 'header':
        return { apply: (request) => withHeader(request, name, key) };
      case 'cookie':
        return { apply: (request) => withCookie(request, name, key) };
      default:
        return { queryNames: [name], apply: (request) => withQuery(request, name, key) };
    }
  },
} as const satisfies AuthPlugin<z.output<typeof options>>;

function withCookie(request: HttpRequest, name: string, value: string): HttpRequest {
  const others = (headerOf(request, 'Cookie') ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '' && !pair.startsWith(`${name}=`));
  return withHeader(request, 'Cookie', [...others, `${name}=${value}`].join('; '));
}

/** A next link may echo the key: it goes out once. */
function withQuery(request: HttpRequest, name: string, value: string): HttpRequest {
  const { [name]: _, ...params } = request.params;
  return { ...request, url: withoutQuery(request.url, name), params: { ...params, [name]: value } };
}

function withoutQuery(url: string, name: string): string {
  const [, address = url, query, hash = ''] = /^([^?#]*)\?([^#]*)(#.*)?$/s.exec(url) ?? [];
  if (query === undefined) return url;
  const others = query.split('&').filter((pair) => !new URLSearchParams(pair).has(name));
  return `${address}${others.length > 0 ? `?${others.join('&')}` : ''}${hash}`;
}
