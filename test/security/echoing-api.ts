import type { FakeReply } from '../../src/testing/fake-reply.ts';
import { type FakeApi, type FakeRoute, startFakeApi } from '../../src/testing/fake-api.ts';

/** Every way in which a leak could be written that is worth looking for. */
export function formsOf(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const percent = encodeURIComponent(secret);
  const bytes = Buffer.from(secret);
  return [
    ...new Set([
      secret,
      json,
      JSON.stringify(json).slice(1, -1),
      json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
      percent,
      percent.replaceAll('%20', '+'),
      percent.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`),
      percent.replace(/%../g, (escape) => escape.toLowerCase()),
      encodeURIComponent(percent),
      new URLSearchParams({ '': secret }).toString().slice(1),
      bytes.toString('base64'),
      bytes.toString('base64url'),
    ]),
  ];
}

/** What an API can do wrong with what it knows. */
export const MISDEEDS = [
  'nothing',
  'unauthorized',
  'server error',
  'html error',
  'invalid json',
  'cut json',
  'reset',
  'redirect with the secret',
  'redirect elsewhere',
  'redirect without end',
  'next link elsewhere',
  'same page again',
  'no rows',
  'odd link header',
] as const;

/** One of them. */
export type Misdeed = (typeof MISDEEDS)[number];

/** An API whose second page of three goes wrong, once or always, and which repeats what it knows wherever it can. */
export interface EchoOptions {
  /** What it repeats in errors, headers and addresses, besides the token that it granted. */
  readonly known: () => readonly string[];
  /** What it repeats in bodies that are stored. */
  readonly inRows: () => readonly string[];
  /** It repeats the token there too. */
  readonly tokensInRows: boolean;
  readonly misdeed: Misdeed;
  /** Page 2 goes right after so many times. */
  readonly times: number;
  /** Where pages name the next one. */
  readonly paging: 'body' | 'header' | 'cursor';
  /** Answers of the token endpoint, the last one for ever. */
  readonly tokens?: readonly string[];
}

/** Starts it. Rows are at `/v1/rows`, and at `/v1/t/:path` for keys in the path. */
export async function startEchoingApi(options: EchoOptions): Promise<FakeApi> {
  let granted: string | undefined;
  const token = () => (granted === undefined ? [] : [granted]);
  const known = () => [...options.known(), ...token()];
  const inRows = () => [...options.inRows(), ...(options.tokensInRows ? token() : [])];
  const echo = () => known().flatMap(formsOf).join(' | ');
  /** Of a page's body: only what is taken out of bodies may be there. */
  const stored = () => queryOf(inRows());
  const query = () => queryOf(known());
  let wrong = 0;
  let origin = '';

  function wrongly(): FakeReply {
    const text = { error: `not you: ${echo()}`, nested: JSON.stringify({ echo: echo() }) };
    switch (options.misdeed) {
      case 'unauthorized':
        return { status: 401, json: text };
      case 'server error':
        return { status: 500, json: text };
      case 'html error':
        return { status: 403, body: `<html><title>${echo()}</title></html>` };
      case 'invalid json':
        return { body: `${JSON.stringify(text)} ${echo()}` };
      case 'cut json':
        return { body: JSON.stringify({ rows: [], text }).slice(0, -2) };
      case 'redirect with the secret':
        return { status: 302, headers: { location: `/v1/gone?${query()}` } };
      case 'redirect elsewhere':
        return { status: 307, headers: { location: `http://elsewhere.invalid/v1/rows?${query()}` } };
      case 'redirect without end':
        return { status: 302, headers: { location: `/v1/rows?page=2&${query()}` } };
      case 'next link elsewhere':
        return {
          json: { rows: [], next: `http://elsewhere.invalid/?${stored()}` },
          headers: { link: `<http://elsewhere.invalid/?${query()}>; rel="next"` },
        };
      case 'same page again':
        return pageReply(2, 2);
      case 'no rows':
        return { json: { [inRows().flatMap(formsOf).join()]: stored() } };
      default:
        return { json: { rows: [{ id: 9 }] }, headers: { link: `<::${query()}>; rel="next"; x="${query()}"` } };
    }
  }

  function pageReply(page: number, next: number | undefined): FakeReply {
    const link = (query: string) => (next === undefined ? undefined : `${origin}/v1/rows?page=${next}&${query}`);
    const repeated = inRows().flatMap(formsOf);
    const rows = [1, 2].map((i) => ({
      id: page * 10 + i,
      text: `kept ${i}`,
      echo: repeated,
      [`echo_${repeated[0] ?? ''}`]: { deep: [repeated] },
    }));
    return {
      headers: {
        'x-echo': query(),
        'set-cookie': `s=${query()}`,
        ...(options.paging === 'header' && next !== undefined ? { link: `<${link(query())}>; rel="next"` } : {}),
      },
      json: {
        rows,
        ...(options.paging === 'body' ? { next: link(stored()) } : {}),
        ...(options.paging === 'cursor' && next !== undefined ? { cursor: `${next} ${inRows().join(' ')}` } : {}),
      },
    };
  }

  const rows = (request: { readonly query: URLSearchParams }): FakeReply => {
    const asked = request.query.get('page') ?? request.query.get('cursor') ?? '1';
    const page = Number.parseInt(asked, 10);
    if (page === 2 && !['nothing', 'reset'].includes(options.misdeed) && wrong++ < options.times) return wrongly();
    return pageReply(page, page < 3 ? page + 1 : undefined);
  };
  const routes: FakeRoute[] = [
    {
      path: '/token',
      reply: (request) => {
        granted = options.tokens?.[request.nth - 1] ?? options.tokens?.at(-1);
        return { json: { access_token: granted, expires_in: 3600 } };
      },
    },
    { path: '/v1/gone', reply: () => ({ status: 410, json: { gone: echo() } }) },
    {
      path: '/v1/rows',
      reply: rows,
      faults: options.misdeed === 'reset' ? [{ nth: [2, 3], breaks: 'reset' }] : [],
    },
    { path: '/v1/t/:key/rows', reply: rows },
  ];
  const api = await startFakeApi(routes);
  origin = api.url;
  return api;
}

function queryOf(secrets: readonly string[]): string {
  return secrets.map((secret, i) => `k${i}=${encodeURIComponent(secret)}`).join('&');
}
