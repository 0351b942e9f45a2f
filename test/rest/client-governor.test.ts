import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Auth } from '../../src/core/auth.ts';
import { concurrency } from '../../src/rest/config-client.ts';
import type { RestApiConfig } from '../../src/rest/rest-api-config.ts';
import { type FakeApi, type FakeRoute, startFakeApi } from '../../src/testing/fake-api.ts';
import type { FakeReply } from '../../src/testing/fake-reply.ts';
import { openClient } from './open-client.ts';
import { rowsOf } from './open-source.ts';

/** An API that answers when it is told to, and knows how many wait for an answer. */
async function holdAnswers(reply: FakeReply = { json: [] }) {
  const held: ((reply: FakeReply) => void)[] = [];
  let most = 0;
  const route: FakeRoute = {
    path: '/:name',
    reply: () =>
      new Promise((answer) => {
        held.push(answer);
        most = Math.max(most, held.length);
      }),
  };
  const api = await startFakeApi([route]);
  return {
    api,
    url: api.url,
    most: () => most,
    held: () => held.length,
    /** Resolves once that many requests wait. */
    async waiting(count: number): Promise<void> {
      while (held.length < count) await nextTurn();
    },
    answer: (other: FakeReply = reply) => held.shift()?.(other),
    async [Symbol.asyncDispose]() {
      for (const answer of held) answer(reply);
      await api[Symbol.asyncDispose]();
    },
  };
}

const pathsOf = (api: FakeApi) => api.requests.map(({ path }) => path);

describe('requests at once', () => {
  it.each([
    ['4 when nothing is set', undefined, 4],
    ['as many as are set', 7, 7],
    ['one', 1, 1],
  ])('are %s', async (_, setting, limit) => {
    await using server = await holdAnswers();
    await using client = openClient({ concurrency: concurrency(setting) });
    const all = Array.from({ length: 12 }, () => client.send({ url: `${server.url}/a` }));
    for (let answered = 0; answered < 12; answered += 1) {
      await server.waiting(Math.min(limit, 12 - answered));
      server.answer();
    }
    await Promise.all(all);
    expect(server.most()).toBe(limit);
    // A request is told of when it goes, not when it begins to wait.
    expect(client.events.filter(({ type }) => type === 'request')).toHaveLength(12);
  });

  it('leave their place while they wait to be tried again', async () => {
    await using server = await holdAnswers();
    let wake = (): void => undefined;
    await using client = openClient({
      concurrency: concurrency(1),
      sleep: () => new Promise((resolve) => (wake = resolve)),
    });
    const first = client.send({ url: `${server.url}/a` });
    await server.waiting(1);
    server.answer({ status: 500 });
    const second = client.send({ url: `${server.url}/b` });
    await server.waiting(1);
    server.answer();
    await second;
    wake();
    await server.waiting(1);
    server.answer();
    await first;
    expect(pathsOf(server.api)).toEqual(['/a', '/b', '/a']);
  });

  it('leave the line when they are aborted', async () => {
    await using server = await holdAnswers();
    await using client = openClient({ concurrency: concurrency(1) });
    const abort = new AbortController();
    const first = client.send({ url: `${server.url}/a` });
    await server.waiting(1);
    const second = client.send({ url: `${server.url}/b` }, { signal: abort.signal });
    const reason = new Error('stop');
    abort.abort(reason);
    await expect(second).rejects.toBe(reason);
    server.answer();
    await first;
    expect(pathsOf(server.api)).toEqual(['/a']);
  });

  it('are shared fairly by the resources', async () => {
    await using server = await holdAnswers();
    await using client = openClient({ concurrency: concurrency(1) });
    const ask = (resource: string) => client.send({ url: `${server.url}/${resource}` }, { resource });
    const all = ['a', 'a', 'a', 'b', 'b', 'c'].map(ask);
    for (let answered = 0; answered < 6; answered += 1) {
      await server.waiting(1);
      server.answer();
    }
    await Promise.all(all);
    expect(pathsOf(server.api)).toEqual(['/a', '/a', '/b', '/c', '/a', '/b']);
  });
});

describe('what is sent in the turn of a request', () => {
  it('is its token request, even with one place and one request a second', async () => {
    await using api = await startFakeApi([
      { path: '/token', method: 'POST', reply: { json: { access_token: 'a-token-of-length', expires_in: 3600 } } },
      { path: '/posts', reply: { json: [{ id: 1 }] } },
    ]);
    const config: RestApiConfig = {
      client: {
        base_url: api.url,
        auth: { type: 'oauth2_client_credentials', access_token_url: `${api.url}/token`, client_id: 'client', client_secret: 'a-secret' },
        concurrency: 1,
        rate_limit: { requests: 1, per: 0.05 },
      },
      resources: [{ name: 'posts', endpoint: { paginator: 'single_page' } }],
    };
    expect(await rowsOf(config)).toEqual({ posts: [{ id: 1 }] });
    expect(pathsOf(api)).toEqual(['/token', '/posts']);
  });

  it('is a redirect, and both count for the rate', async () => {
    await using api = await startFakeApi([
      { path: '/a', reply: { status: 302, headers: { location: '/b' } } },
      { path: '/b', reply: { json: [] } },
    ]);
    await using client = openClient({ concurrency: concurrency(1), rateLimits: [{ requests: 1, per: 10 }] });
    await client.send({ url: `${api.url}/a` });
    await client.send({ url: `${api.url}/a` });
    expect(client.waits).toEqual([10.1, 10.1, 10.1]);
  });

  it('waits for its turn before it proves who it is', async () => {
    await using server = await holdAnswers();
    await using client = openClient({ concurrency: concurrency(1) });
    let applied = 0;
    const auth: Auth = {
      apply(request) {
        applied += 1;
        return request;
      },
    };
    const all = [client.send({ url: `${server.url}/a` }, { auth }), client.send({ url: `${server.url}/b` }, { auth })];
    await server.waiting(1);
    expect(applied).toBe(1);
    server.answer();
    await server.waiting(1);
    server.answer();
    await Promise.all(all);
    expect(applied).toBe(2);
  });
});

describe('a request that is told to wait', () => {
  it.each([
    ['429 with Retry-After', { status: 429, headers: { 'retry-after': '30' } }, 30],
    ['503 with Retry-After', { status: 503, headers: { 'retry-after': '30' } }, 30],
    ['429 without a word', { status: 429 }, 2],
  ])('holds back all others, which then go one at a time: %s', async (_, refusal, seconds) => {
    await using server = await holdAnswers();
    const sleepers: (() => void)[] = [];
    let clock = 1_700_000_000_000;
    await using client = openClient({
      now: () => clock,
      elapsed: () => clock,
      sleep: (_ms, signal) =>
        new Promise((resolve, reject) => {
          sleepers.push(resolve);
          signal?.addEventListener('abort', () => reject(signal.reason as Error));
        }),
    });
    const first = client.send({ url: `${server.url}/a` });
    await server.waiting(1);
    server.answer(refusal);
    while (sleepers.length === 0) await nextTurn();
    const others = ['b', 'c', 'd', 'e', 'f'].map((path) => client.send({ url: `${server.url}/${path}` }));
    await nextTurn();
    expect(client.events.filter(({ type }) => type === 'request')).toHaveLength(1);
    clock += seconds * 1000;
    for (const wake of sleepers) wake();
    await server.waiting(1);
    expect(pathsOf(server.api)).toEqual(['/a', '/b']);
    server.answer();
    await server.waiting(2);
    expect(server.held()).toBe(2);
    for (let answered = 0; answered < 5; answered += 1) {
      await server.waiting(1);
      server.answer();
    }
    await Promise.all([first, ...others]);
    expect(pathsOf(server.api).toSorted()).toEqual(['/a', '/a', '/b', '/c', '/d', '/e', '/f']);
    expect(client.events.filter(({ type }) => type === 'retry')).toHaveLength(1);
  });
});

describe('what an API announces', () => {
  it('is a quota that is used up: the client is quiet until it starts again, and says why', async () => {
    const quota = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '30' };
    await using api = await startFakeApi([{ path: '/a', reply: { json: [], headers: quota } }]);
    await using client = openClient();
    await client.send({ url: `${api.url}/a` });
    await client.send({ url: `${api.url}/a` }, { resource: 'users' });
    expect(client.waits).toEqual([30]);
    expect(client.events.filter(({ type }) => type === 'pause')).toEqual([
      { type: 'pause', resource: 'users', waitMs: 30_000, reason: 'asked for by the API' },
    ]);
  });

  it('is a rate limit, when the configuration has none', async () => {
    const policy = { 'ratelimit-policy': '"default";q=2;w=60' };
    await using api = await startFakeApi([{ path: '/a', reply: { json: [], headers: policy } }]);
    await using client = openClient();
    for (let sent = 0; sent < 3; sent += 1) await client.send({ url: `${api.url}/a` });
    expect(client.waits).toEqual([60.1]);
    await using free = openClient({ rateLimits: [] });
    for (let sent = 0; sent < 3; sent += 1) await free.send({ url: `${api.url}/a` });
    expect(free.waits).toEqual([]);
  });

  it('is longer than max_wait: it is asked, and an error when it refuses', async () => {
    const quota = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '3600' };
    await using api = await startFakeApi([
      { path: '/a', reply: { json: [], headers: quota }, faults: [{ nth: [2], reply: { status: 429, headers: quota } }] },
    ]);
    await using client = openClient();
    await client.send({ url: `${api.url}/a` });
    await expect(client.send({ url: `${api.url}/a` })).rejects.toMatchObject({
      code: 'rate_limited',
      hint: 'The API wants to be left alone for 3600 s: run again then, or raise client.retry.max_wait.',
    });
    expect(client.waits).toEqual([]);
  });
});
