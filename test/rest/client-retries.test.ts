import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { HttpResponse } from '../../src/core/http.ts';
import { retryPolicy, timeouts } from '../../src/rest/config-client.ts';
import { startFakeApi } from '../../src/testing/fake-api.ts';
import type { Fault } from '../../src/testing/fake-reply.ts';
import { openClient } from './open-client.ts';

const api = (faults: readonly Fault[]) => startFakeApi([{ path: '/a', reply: { json: { id: 1 } }, faults }]);
const status = (code: number, headers: Record<string, string> = {}) => ({
  reply: { status: code, headers, json: { error: `no ${code}` } },
});

describe('tries', () => {
  it.each([429, 500, 502, 503, 504])('tries a %d three times more, after 2, 4 and 8 seconds', async (code) => {
    await using server = await api([{ nth: [1, 2, 3], ...status(code) }]);
    await using client = openClient();
    const response = (await client.send({ url: `${server.url}/a`, method: 'POST' })) as HttpResponse;
    expect(response.status).toBe(200);
    expect(client.waits).toEqual([2, 4, 8]);
    expect(client.events.filter((event) => event.type === 'request')).toHaveLength(4);
    expect(client.events.find((event) => event.type === 'retry')).toMatchObject({ resource: 'posts', waitMs: 2000, attempt: 1 });
  });

  it('gives up after the last one and says what came', async () => {
    await using server = await api([status(503)]);
    await using client = openClient();
    await expect(client.send({ url: `${server.url}/a` })).rejects.toMatchObject({
      name: 'HttpError',
      code: 'server_error',
      status: 503,
      retryable: true,
      message: `GET ${server.url}/a (resource "posts", page 1) answered 503 Service Unavailable after 4 tries: {"error":"no 503"}`,
    });
    expect(server.requests).toHaveLength(4);
  });

  it.each([400, 404, 408, 501])('does not try a %d again', async (code) => {
    await using server = await api([status(code)]);
    await using client = openClient();
    await expect(client.send({ url: `${server.url}/a` })).rejects.toMatchObject({ status: code });
    expect(server.requests).toHaveLength(1);
  });

  it('follows a policy', async () => {
    await using server = await api([status(418)]);
    await using client = openClient({
      retry: retryPolicy({ statuses: [418], max_retries: 4, backoff_factor: 10, max_wait: 25, jitter: false }),
    });
    await expect(client.send({ url: `${server.url}/a` })).rejects.toMatchObject({ status: 418 });
    expect(client.waits).toEqual([10, 20, 25, 25]);
  });

  it('spreads the waits by up to a quarter', async () => {
    await using server = await api([status(500)]);
    await using client = openClient({ retry: retryPolicy({}), random: () => 0.5 });
    await expect(client.send({ url: `${server.url}/a` })).rejects.toMatchObject({ status: 500 });
    expect(client.waits).toEqual([2.25, 4.5, 9]);
  });

  it('makes one try with max_retries 0, whatever the API asks for', async () => {
    await using server = await api([status(429, { 'retry-after': '1' })]);
    await using client = openClient({ retry: retryPolicy({ max_retries: 0 }) });
    await expect(client.send({ url: `${server.url}/a` })).rejects.toMatchObject({ code: 'rate_limited' });
    expect(client.waits).toEqual([]);
  });
});

describe('broken connections count as tries', () => {
  it.each(['reset', 'cut'] as const)('a connection that is %s', async (breaks) => {
    await using server = await api([{ nth: [1, 2], breaks }]);
    await using client = openClient();
    const response = (await client.send({ url: `${server.url}/a` })) as HttpResponse;
    expect(Buffer.from(response.body).toString()).toBe('{"id":1}');
    expect(client.waits).toEqual([2, 4]);
  });

  it('a compressed body that ends early', async () => {
    const body = gzipSync('{"id":1}').subarray(0, 20);
    await using server = await api([{ nth: [1], reply: { body, headers: { 'content-encoding': 'gzip' } } }]);
    await using client = openClient();
    await client.send({ url: `${server.url}/a` });
    expect(client.waits).toEqual([2]);
  });

  it('a silent server and a stalled body', async () => {
    await using server = await api([
      { nth: [1], breaks: 'silence' },
      { nth: [2], breaks: 'stall' },
    ]);
    await using client = openClient({ timeouts: { ...timeouts(undefined), headers: 0.2, body: 0.2 } });
    await client.send({ url: `${server.url}/a` });
    const reasons = client.events.flatMap((event) => (event.type === 'retry' ? [event.reason] : []));
    expect(reasons).toEqual(['no response came in time', 'the body stopped arriving']);
  });

  it('and end with an error that says what to do', async () => {
    await using client = openClient();
    await using server = await startFakeApi([]);
    const url = `${server.url}/a`;
    await server[Symbol.asyncDispose]();
    await expect(client.send({ url })).rejects.toMatchObject({
      name: 'HttpError',
      code: 'network_error',
      status: undefined,
      message: `GET ${url} (resource "posts", page 1) failed after 4 tries: the connection was refused.`,
      hint: 'Check client.base_url, and that the API is running.',
    });
  });
});

describe('waits that the API asks for', () => {
  it('win over the backoff and use up no try', async () => {
    const now = Date.UTC(2024, 0, 1);
    const date = new Date(now + 7000).toUTCString();
    const headers = ['5', date, '1.5', date, '5', '5'].map((after) => ({ 'retry-after': after }));
    await using server = await api([...headers.map((h, i) => ({ nth: [i + 1], ...status(429, h) })), { nth: [7, 8, 9], ...status(500) }]);
    await using client = openClient({ now: () => now });
    await client.send({ url: `${server.url}/a` });
    expect(client.waits).toEqual([5, 7, 1.5, 7, 5, 5, 2, 4, 8]);
  });

  it('are bounded in number', async () => {
    await using server = await api([status(429, { 'retry-after': '1' })]);
    await using client = openClient();
    await expect(client.send({ url: `${server.url}/a` })).rejects.toMatchObject({ code: 'rate_limited' });
    expect(client.waits).toEqual([...Array.from({ length: 20 }, () => 1), 2, 4, 8]);
  });

  it('are bounded in length, and the error says how long', async () => {
    await using server = await api([status(429, { 'retry-after': '3000' })]);
    await using client = openClient();
    await expect(client.send({ url: `${server.url}/a` })).rejects.toMatchObject({
      code: 'rate_limited',
      hint: 'The API wants to be left alone for 3000 s: run again then, or raise client.retry.max_wait.',
    });
    expect(server.requests).toHaveLength(1);
  });

  it('of zero or in the past are backed off from', async () => {
    const past = new Date(0).toUTCString();
    await using server = await api([
      { nth: [1], ...status(503, { 'retry-after': '0' }) },
      { nth: [2], ...status(503, { 'retry-after': past }) },
    ]);
    await using client = openClient();
    await client.send({ url: `${server.url}/a` });
    expect(client.waits).toEqual([2, 4]);
  });

  it('count with 403 when the headers say that the quota is used up', async () => {
    const quota = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '30' };
    await using server = await api([{ nth: [1], ...status(403, quota) }]);
    await using client = openClient();
    await client.send({ url: `${server.url}/a` });
    expect(client.waits).toEqual([30]);
  });
});

describe('abort', () => {
  it('rejects with its reason during a request', async () => {
    await using server = await api([{ breaks: 'silence' }]);
    await using client = openClient();
    const abort = new AbortController();
    const reason = new Error('stop');
    const sent = client.send({ url: `${server.url}/a` }, { signal: abort.signal });
    abort.abort(reason);
    await expect(sent).rejects.toBe(reason);
  });

  it('rejects with its reason during a wait', async () => {
    await using server = await api([status(500)]);
    const abort = new AbortController();
    const reason = new Error('stop');
    await using client = openClient({
      sleep: async () => {
        abort.abort(reason);
        throw new Error('aborted');
      },
    });
    await expect(client.send({ url: `${server.url}/a` }, { signal: abort.signal })).rejects.toBe(reason);
    expect(server.requests).toHaveLength(1);
  });
});
