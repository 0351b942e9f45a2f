import { constants, gzipSync, brotliCompressSync, deflateRawSync, deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { JsonFloat } from '../../src/core/json.ts';
import type { HttpResponse } from '../../src/core/http.ts';
import { startFakeApi } from '../../src/testing/fake-api.ts';
import { openClient } from './open-client.ts';

describe('what a request looks like on the wire', () => {
  it('sends params as dlt does and keeps the query of the address', async () => {
    await using api = await startFakeApi([{ path: '/a', reply: { json: [] } }]);
    await using client = openClient();
    const params = { tag: ['a', 'b c', null], flag: true, none: null, n: 5, f: new JsonFloat(1), q: 'x&y=z ü', empty: '' };
    await client.send({ url: `${api.url}/a?first=1`, params });
    expect(api.requests[0]?.query.toString()).toBe('first=1&tag=a&tag=b+c&flag=True&n=5&f=1.0&q=x%26y%3Dz+%C3%BC&empty=');
  });

  it('names itself, and lets headers be replaced and removed', async () => {
    await using api = await startFakeApi([{ path: '/a', reply: { json: [] } }]);
    await using client = openClient();
    await client.send({ url: `${api.url}/a`, headers: { 'X-App': 'one', accept: 'text/plain' } });
    await client.send({ url: `${api.url}/a`, headers: { 'user-agent': null, 'Accept-Encoding': 'identity' } });
    const [first, second] = api.requests.map((request) => request.headers);
    expect(first).toMatchObject({ 'x-app': 'one', accept: 'text/plain' });
    expect(first?.['user-agent']).toMatch(/^syncline\/\d+\.\d+\.\d+/);
    expect(first?.['accept-encoding']).toMatch(/^gzip, deflate, br/);
    expect(second?.['user-agent']).toBeUndefined();
    expect(second?.['accept-encoding']).toBe('identity');
  });

  it.each([
    [{ json: { a: [1, 'ü'], b: 2n ** 70n } }, 'application/json', '{"a":[1,"ü"],"b":1180591620717411303424}'],
    [{ json: {} }, 'application/json', '{}'],
    [{ data: { a: 'b c', list: ['1', '2'], none: null } }, 'application/x-www-form-urlencoded', 'a=b+c&list=1&list=2'],
    [{ data: [['a', '1'] as const, ['a', '2'] as const] }, 'application/x-www-form-urlencoded', 'a=1&a=2'],
    [{ data: 'raw text' }, undefined, 'raw text'],
    [{ data: {}, json: { a: 1 } }, 'application/json', '{"a":1}'],
    [{}, undefined, ''],
  ])('sends a body: case %#', async (body, type, text) => {
    await using api = await startFakeApi([{ path: '/a', reply: { json: [] } }]);
    await using client = openClient();
    await client.send({ url: `${api.url}/a`, method: 'POST', ...body });
    expect(api.requests[0]).toMatchObject({ method: 'POST', body: text });
    expect(api.requests[0]?.headers['content-type']).toBe(type);
  });

  it('sends JSON with GET too, and other methods', async () => {
    await using api = await startFakeApi([{ path: '/a', reply: { json: [] } }]);
    await using client = openClient();
    await client.send({ url: `${api.url}/a`, json: { q: 1 } });
    await client.send({ url: `${api.url}/a`, method: 'QUERY', json: { q: 1 } });
    expect(api.requests.map(({ method, body }) => [method, body])).toEqual([
      ['GET', '{"q":1}'],
      ['QUERY', '{"q":1}'],
    ]);
  });

  it('sends the userinfo of an address as basic credentials', async () => {
    await using api = await startFakeApi([{ path: '/a', reply: { json: [] } }]);
    await using client = openClient();
    const { url } = (await client.send({ url: `${api.url.replace('//', '//me:pa%20ss@')}/a` })) as HttpResponse;
    expect(api.requests[0]?.headers['authorization']).toBe(`Basic ${Buffer.from('me:pa ss').toString('base64')}`);
    expect(url).toBe(`${api.url}/a`);
  });

  it.each([
    [
      'header value',
      { headers: { 'X-A': 'line\nbreak' } },
      'The value of the request header "X-A" has characters that HTTP does not allow there.',
    ],
    ['header name', { headers: { 'X A': '1' } }, 'A request header is called "X A", which HTTP does not allow.'],
    ['address', { url: 'api.example.com/a' }, 'The address of a request is not an http or https URL.'],
    ['method', { method: 'G T' }, 'cannot be sent: invalid request method'],
  ])('refuses a wrong %s', async (_, request, message) => {
    await using client = openClient();
    const sent = client.send({ url: 'http://127.0.0.1:9/a', ...request }, { home: 'http://127.0.0.1:9' });
    await expect(sent).rejects.toMatchObject({ name: 'ConfigError', message: expect.stringContaining(message) });
  });
});

describe('what comes back', () => {
  const text = JSON.stringify({ rows: Array.from({ length: 50 }, (_, id) => ({ id })) });

  it.each([
    ['gzip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['br', brotliCompressSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['gzip, br', brotliCompressSync(gzipSync(text))],
    ['identity', Buffer.from(text)],
    ['GZIP', Buffer.concat([gzipSync(text.slice(0, 20)), gzipSync(text.slice(20))])],
  ])('decompresses %s', async (encoding, body) => {
    await using api = await startFakeApi([{ path: '/a', reply: { body, headers: { 'content-encoding': encoding } } }]);
    await using client = openClient();
    const response = (await client.send({ url: `${api.url}/a` })) as HttpResponse;
    expect(Buffer.from(response.body).toString()).toBe(text);
  });

  it('joins repeated headers and lowers their names', async () => {
    const headers = { Link: ['<a>; rel="first"', '<b>; rel="next"'] };
    await using api = await startFakeApi([{ path: '/a', reply: { json: [], headers } }]);
    await using client = openClient();
    const response = (await client.send({ url: `${api.url}/a` })) as HttpResponse;
    expect(response.headers['link']).toBe('<a>; rel="first", <b>; rel="next"');
  });

  it.each([
    ['plain', Buffer.alloc(2000, ' '), undefined],
    ['gzip', gzipSync(Buffer.alloc(2000, ' ')), 'gzip'],
  ])('refuses a %s body over the limit', async (_, body, encoding) => {
    const headers: Record<string, string> = encoding === undefined ? {} : { 'content-encoding': encoding };
    await using api = await startFakeApi([{ path: '/a', reply: { body, headers } }]);
    await using client = openClient({ maxBodyBytes: 1000 });
    await expect(client.send({ url: `${api.url}/a` })).rejects.toMatchObject({
      code: 'body_too_large',
      message: `GET ${api.url}/a (resource "posts", page 1) sent more than 1000 bytes, the limit of client.max_body_bytes.`,
    });
    expect(client.waits).toEqual([]);
  });

  it('refuses a body that decompresses out of proportion', async () => {
    const body = brotliCompressSync(Buffer.alloc(33 * 1024 * 1024), { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
    await using api = await startFakeApi([{ path: '/a', reply: { body, headers: { 'content-encoding': 'br' } } }]);
    await using client = openClient({ maxBodyBytes: 256 * 1024 * 1024 });
    await expect(client.send({ url: `${api.url}/a` })).rejects.toMatchObject({ code: 'decompression_bomb' });
  });

  it('refuses headers without end', async () => {
    await using api = await startFakeApi([{ path: '/a', reply: { json: [], headers: { 'x-long': 'x'.repeat(200_000) } } }]);
    await using client = openClient();
    await expect(client.send({ url: `${api.url}/a` })).rejects.toMatchObject({
      code: 'headers_too_large',
      hint: expect.stringContaining('headers'),
    });
    expect(api.requests).toHaveLength(1);
  });
});
