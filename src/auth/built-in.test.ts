import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createAuth } from '../../test/create-auth.ts';
import type { AuthContext } from '../core/auth.ts';
import type { HttpRequest } from '../core/http.ts';
import type { JsonObject } from '../core/json.ts';
import { builtInAuths } from './built-in.ts';

const request: HttpRequest = {
  method: 'GET',
  url: 'https://api.example.com/rows?a=1',
  headers: { Cookie: 'a=1', 'x-key': 'mine' },
  params: { own: 1 },
};

async function applied(config: JsonObject, to: HttpRequest = request) {
  const context: AuthContext = {
    now: () => 0,
    addSecret: () => undefined,
    send: async () => Promise.reject(new Error('asks for no token')),
  };
  return await createAuth(config).apply(to, context);
}

describe('api_key', () => {
  const key = { type: 'api_key', api_key: 'k 1' };

  it('goes as it is into the Authorization header, or another one', async () => {
    expect((await applied(key)).headers).toMatchObject({ Authorization: 'k 1' });
    expect((await applied({ ...key, name: 'X-Key' })).headers).toEqual({ Cookie: 'a=1', 'X-Key': 'k 1' });
  });

  it('goes into the query, once, after the other parameters', async () => {
    const { params, url } = await applied({ ...key, name: 'k', location: 'query' }, { ...request, params: { k: 'old', own: 1 } });
    expect(Object.entries(params)).toEqual([
      ['own', 1],
      ['k', 'k 1'],
    ]);
    expect(url).toBe(request.url);
    expect((await applied({ ...key, name: 'k', location: 'param' })).params).toEqual({ own: 1, k: 'k 1' });
  });

  it.each([
    ['https://x/r?k=old', 'https://x/r'],
    ['https://x/r?k=old&a=%2F&b', 'https://x/r?a=%2F&b'],
    ['https://x/r?a=1&k=old&k#top', 'https://x/r?a=1#top'],
    ['https://x/r?kk=1', 'https://x/r?kk=1'],
    ['https://x/r?', 'https://x/r?'],
    ['https://x/r', 'https://x/r'],
  ])('takes an echoed key out of %s and changes nothing else', async (url, bare) => {
    expect((await applied({ ...key, name: 'k', location: 'query' }, { ...request, url })).url).toBe(bare);
  });

  it('goes into a cookie beside others', async () => {
    expect((await applied({ ...key, name: 'session', location: 'cookie' })).headers).toMatchObject({ Cookie: 'a=1; session=k 1' });
    const none = { ...request, headers: { cookie: null } };
    expect((await applied({ ...key, name: 'session', location: 'cookie' }, none)).headers).toEqual({ Cookie: 'session=k 1' });
  });
});

describe('http_basic', () => {
  it('encodes in UTF-8 and makes what it sends a secret', async () => {
    const config = { type: 'http_basic', username: 'ü', password: 'p:w' };
    expect((await applied(config)).headers).toMatchObject({ Authorization: 'Basic w7w6cDp3' });
    expect(createAuth(config).secrets).toEqual(['w7w6cDp3']);
  });

  it('takes a user name without password for the secret', () => {
    expect(createAuth({ type: 'http_basic', username: 'sk_live', password: '' }).secrets).toContain('sk_live');
  });
});

describe('secret options', () => {
  it('are named by every auth, and editors are told', () => {
    for (const { options, credentials } of Object.values(builtInAuths)) {
      const properties = z.toJSONSchema(options, { io: 'input' }).properties ?? {};
      for (const key of credentials) expect(JSON.stringify(properties[key])).toContain('"writeOnly":true');
    }
  });
});
