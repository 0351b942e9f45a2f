import { describe, expect, it } from 'vitest';
import type { Auth } from '../../src/core/auth.ts';
import type { HttpResponse } from '../../src/core/http.ts';
import { startFakeApi } from '../../src/testing/fake-api.ts';
import { openClient } from './open-client.ts';

const bearer: Auth = { apply: (request) => ({ ...request, headers: { ...request.headers, Authorization: 'Bearer hush-hush' } }) };
const seen = (api: { readonly requests: readonly { readonly headers: Readonly<Record<string, string | undefined>> }[] }) =>
  api.requests.map((request) => request.headers['authorization']);

describe('redirects', () => {
  it('are followed with credentials on the same origin', async () => {
    await using api = await startFakeApi([
      { path: '/a', reply: { status: 302, headers: { location: 'b?x=1' } } },
      { path: '/b', reply: { status: 308, headers: { location: '/c' } } },
      { path: '/c', reply: { json: { id: 1 } } },
    ]);
    await using client = openClient();
    const response = (await client.send({ url: `${api.url}/a?page=1`, params: { q: 1 } }, { auth: bearer })) as HttpResponse;
    expect(response).toMatchObject({ status: 200, url: `${api.url}/c` });
    expect(api.requests.map((r) => `${r.path}?${r.query.toString()}`)).toEqual(['/a?page=1&q=1', '/b?x=1', '/c?']);
    expect(seen(api)).toEqual(['Bearer hush-hush', 'Bearer hush-hush', 'Bearer hush-hush']);
  });

  it.each([
    [301, 'POST', 'GET', ''],
    [302, 'POST', 'GET', ''],
    [303, 'PUT', 'GET', ''],
    [301, 'PUT', 'PUT', ''],
    [307, 'POST', 'POST', '{"a":1}'],
    [308, 'PUT', 'PUT', '{"a":1}'],
  ])('with %d turn %s into %s', async (status, method, then, body) => {
    await using api = await startFakeApi([
      { path: '/a', reply: { status, headers: { location: '/b' } } },
      { path: '/b', reply: { json: [] } },
    ]);
    await using client = openClient();
    await client.send({ url: `${api.url}/a`, method, json: { a: 1 } });
    expect(api.requests[1]).toMatchObject({ method: then, body });
  });

  it('without end are an error', async () => {
    await using api = await startFakeApi([{ path: '/a', reply: { status: 302, headers: { location: '/a' } } }]);
    await using client = openClient();
    await expect(client.send({ url: `${api.url}/a` })).rejects.toMatchObject({
      code: 'too_many_redirects',
      message: `GET ${api.url}/a (resource "posts", page 1) was redirected more than 20 times.`,
    });
    expect(api.requests).toHaveLength(21);
  });

  it('to other hosts are refused unless allowed', async () => {
    await using other = await startFakeApi([{ path: '/b', reply: { json: [] } }]);
    const host = new URL(other.url).host;
    await using api = await startFakeApi([{ path: '/a', reply: { status: 302, headers: { location: `${other.url}/b` } } }]);
    await using client = openClient();
    await expect(client.send({ url: `${api.url}/a` }, { auth: bearer })).rejects.toMatchObject({
      code: 'host_not_allowed',
      message: `GET ${api.url}/a (resource "posts", page 1) was redirected to the host "${host}", which is not where client.base_url is.`,
      hint: `If you trust it with the credentials, add "${host}" to client.allowed_hosts.`,
    });
    expect(other.requests).toEqual([]);
    await using trusting = openClient({ allowedHosts: [host] });
    await trusting.send({ url: `${api.url}/a` }, { auth: bearer });
    expect(seen(other)).toEqual(['Bearer hush-hush']);
  });
});

describe('credentials', () => {
  it('do not go to an origin that only an absolute path names', async () => {
    await using api = await startFakeApi([{ path: '/a', reply: { status: 401, json: {} } }]);
    await using client = openClient();
    const sent = client.send({ url: `${api.url}/a` }, { auth: bearer, home: 'https://api.example.com', named: api.url });
    await expect(sent).rejects.toMatchObject({ name: 'AuthError', hint: expect.stringContaining('give the endpoint its own auth') });
    expect(seen(api)).toEqual([undefined]);
  });

  it('leave the headers when a redirect leads there', async () => {
    await using other = await startFakeApi([{ path: '/b', reply: { json: [] } }]);
    await using api = await startFakeApi([{ path: '/a', reply: { status: 307, headers: { location: `${other.url}/b` } } }]);
    await using client = openClient();
    client.secrets.add('tenant-secret');
    const headers = { Authorization: 'Basic eA==', 'X-Tenant': 'tenant-secret', 'X-App': 'one' };
    await client.send({ url: `${api.url}/a`, headers }, { home: api.url, named: other.url });
    expect(other.requests[0]?.headers).toMatchObject({ 'x-app': 'one' });
    expect(other.requests[0]?.headers).not.toMatchObject({ 'x-tenant': expect.anything() });
    expect(seen(other)).toEqual([undefined]);
  });

  it('are renewed once when the API refuses them', async () => {
    let token = 'old';
    let dropped = 0;
    const auth: Auth = {
      apply: (request) => ({ ...request, headers: { Authorization: token } }),
      rejected() {
        token = 'new';
        dropped += 1;
        return true;
      },
    };
    await using api = await startFakeApi([
      { path: '/a', reply: (request) => ({ status: request.headers['authorization'] === 'new' ? 200 : 401, json: [] }) },
    ]);
    await using client = openClient();
    await client.send({ url: `${api.url}/a` }, { auth });
    expect([seen(api), client.waits]).toEqual([['old', 'new'], []]);
    token = 'wrong';
    await using stubborn = await startFakeApi([{ path: '/a', reply: { status: 401, json: [] } }]);
    await expect(client.send({ url: `${stubborn.url}/a` }, { auth })).rejects.toMatchObject({ code: 'unauthorized' });
    expect([stubborn.requests.length, dropped]).toEqual([2, 2]);
  });

  it('are not renewed where none were sent', async () => {
    let dropped = 0;
    const auth: Auth = { apply: (request) => request, rejected: () => Boolean((dropped += 1)) };
    await using api = await startFakeApi([{ path: '/a', reply: { status: 401, json: [] } }]);
    await using client = openClient();
    const sent = client.send({ url: `${api.url}/a` }, { auth, home: 'https://api.example.com', named: api.url });
    await expect(sent).rejects.toMatchObject({ code: 'unauthorized' });
    expect([api.requests.length, dropped]).toEqual([1, 0]);
  });

  it('obtained at run time are asked for with retries and are secrets', async () => {
    const auth: Auth = {
      async apply(request, { send, addSecret }) {
        const { body } = await send({ method: 'POST', url: `${api.url}/token`, headers: {}, params: {}, data: { grant: 'x' } });
        const token = Buffer.from(body).toString();
        addSecret(token);
        return { ...request, headers: { Authorization: token } };
      },
    };
    await using api = await startFakeApi([
      { path: '/token', reply: { body: 'run-time-token' }, faults: [{ nth: [1], reply: { status: 503 } }] },
      { path: '/a', reply: (request) => ({ status: 400, json: { got: request.headers['authorization'] } }) },
    ]);
    await using client = openClient();
    await expect(client.send({ url: `${api.url}/a` }, { auth })).rejects.toThrow('answered 400 Bad Request: {"got":"***"}');
    expect(client.waits).toEqual([2]);
  });

  it('never show in errors', async () => {
    await using api = await startFakeApi([
      { path: '/a', reply: (r) => ({ status: 400, json: { key: r.query.get('api_key'), sig: r.query.get('sig') } }) },
    ]);
    await using client = openClient();
    client.secrets.add('s3cret/value');
    const query = { ...bearer, queryNames: ['weird'] };
    const sent = client.send(
      { url: `${api.url.replace('//', '//u:pw@')}/a`, params: { api_key: 's3cret/value', sig: 'abc', weird: 'x', ok: 1 } },
      { auth: query },
    );
    await expect(sent).rejects.toThrow(
      `GET ${api.url}/a?api_key=***&sig=***&weird=***&ok=1 (resource "posts", page 1) answered 400 Bad Request: {"key":"***","sig":"abc"}`,
    );
  });
});
