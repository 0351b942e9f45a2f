import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { duckdb } from '../../src/destinations/duckdb.ts';
import { pipeline } from '../../src/pipeline/pipeline.ts';
import { restApi } from '../../src/rest/rest-api.ts';
import type { RestApiConfig } from '../../src/rest/rest-api-config.ts';
import { type FakeApi, startFakeApi } from '../../src/testing/fake-api.ts';
import type { FakeReply } from '../../src/testing/fake-reply.ts';

const root = mkdtempSync(join(tmpdir(), 'syncline-hosts-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let count = 0;
const SECRET = 'hush-hush-1';

/** What came of a run against the first API, and what the second one got of it. */
async function run(
  reply: (apis: { readonly api: FakeApi; readonly other: FakeApi }) => FakeReply,
  { client, ...endpoint }: { readonly client?: object } & Record<string, unknown> = {},
) {
  await using other = await startFakeApi([{ path: '/b', reply: { json: [{ id: 2 }] } }]);
  const home: { api?: FakeApi } = {};
  await using api = await startFakeApi([
    { path: '/a', reply: () => reply({ api: home.api as FakeApi, other }) },
    { path: '/b', reply: { json: [{ id: 1 }] } },
  ]);
  home.api = api;
  const config = {
    client: { base_url: api.url, auth: { token: SECRET }, headers: { 'X-Api-Key': `${SECRET}-2` }, ...client },
    resources: [{ name: 'things', endpoint: { path: 'a', params: { own: 1 }, paginator: 'header_link', ...endpoint } }],
  } as unknown as RestApiConfig;
  await using source = restApi(config, { env: {}, sleep: async () => {} });
  await using runner = pipeline({ name: 'p', destination: duckdb(':memory:'), dataset: 'd', workDir: join(root, `h${(count += 1)}`) });
  const error = await runner.run(source).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { error, asked: api.requests, stolen: other.requests };
}

const port = (api: FakeApi) => new URL(api.url).port;
/** Ways to name the other API, or what does not exist, from a page of the first. */
const ELSEWHERE: readonly (readonly [string, (apis: { readonly api: FakeApi; readonly other: FakeApi }) => string])[] = [
  ['another port', ({ other }) => `${other.url}/b`],
  ['no scheme', ({ other }) => `//127.0.0.1:${port(other)}/b`],
  ['backslashes', ({ other }) => `\\\\127.0.0.1:${port(other)}\\b`],
  ['a backslash for a slash', ({ other }) => `http:\\\\127.0.0.1:${port(other)}/b`],
  ['home as user name', ({ api, other }) => `http://127.0.0.1:${port(api)}@127.0.0.1:${port(other)}/b`],
  ['home as user name and password', ({ other }) => `http://127.0.0.1:x@127.0.0.1:${port(other)}/b`],
  ['another name of home', ({ api }) => `http://localhost:${port(api)}/b`],
  ['a number for the address', ({ other }) => `http://2130706433:${port(other)}/b`],
  ['another scheme', ({ api }) => `https://127.0.0.1:${port(api)}/b`],
  ['capitals', ({ api }) => `HTTP://LOCALHOST:${port(api)}/b`],
  ['blanks around', ({ other }) => `  ${other.url}/b  `],
  ['a tab inside', ({ other }) => `ht\ttp://127.0.0.1:${port(other)}/b`],
];

describe('a next link', () => {
  it.each(ELSEWHERE)('to another host gets nothing: %s', async (_, link) => {
    for (const style of ['json', 'header']) {
      const { error, asked, stolen } = await run(
        (apis) =>
          style === 'json'
            ? { json: { rows: [{ id: 1 }], next: link(apis) } }
            : { json: { rows: [{ id: 1 }] }, headers: { link: `<${link(apis)}>; rel="next"` } },
        style === 'json' ? { paginator: { type: 'json_link', next_url_path: 'next' } } : {},
      );
      expect(error).toMatchObject({ code: 'host_not_allowed' });
      expect(String(error)).not.toContain(SECRET);
      expect([asked.length, stolen.length]).toEqual([1, 0]);
    }
  });

  it.each([['javascript:alert(1)'], ['file:///etc/passwd'], ['ftp://127.0.0.1/b'], ['data:application/json,[]']])(
    'of another kind is no address: %s',
    async (next) => {
      const { error } = await run(() => ({ json: { rows: [{ id: 1 }], next } }), {
        paginator: { type: 'json_link', next_url_path: 'next' },
      });
      expect(error).toMatchObject({ code: 'next_link_invalid' });
    },
  );

  it('to home goes with the credentials of the configuration, whatever it brings', async () => {
    const { error, asked } = await run(
      ({ api }) => ({ json: { rows: [{ id: 1 }], next: `http://someone:else@127.0.0.1:${port(api)}/b` } }),
      { paginator: { type: 'json_link', next_url_path: 'next' } },
    );
    expect(error).toBeUndefined();
    expect(asked.map(({ headers }) => headers['authorization'])).toEqual([`Bearer ${SECRET}`, `Bearer ${SECRET}`]);
  });
});

describe('a redirect', () => {
  it.each(ELSEWHERE)('to another host gets nothing: %s', async (_, link) => {
    for (const [status, method] of [
      [301, 'GET'],
      [302, 'POST'],
      [303, 'POST'],
      [307, 'POST'],
      [308, 'POST'],
    ] as const) {
      const { error, stolen } = await run((apis) => ({ status, headers: { location: link(apis) } }), {
        method,
        ...(method === 'POST' ? { json: { password: SECRET } } : {}),
      });
      expect(error).toMatchObject({ code: 'host_not_allowed' });
      expect(stolen).toEqual([]);
    }
  });

  it('to an allowed host is followed, with credentials', async () => {
    for (const allowed of [(other: FakeApi) => new URL(other.url).host, () => '127.0.0.1']) {
      await using other = await startFakeApi([{ path: '/b', reply: { json: [{ id: 2 }] } }]);
      const { error } = await run(() => ({ status: 307, headers: { location: `${other.url}/b` } }), {
        client: { allowed_hosts: [allowed(other)] },
      });
      expect(error).toBeUndefined();
      expect(other.requests.map(({ headers }) => headers['authorization'])).toEqual([`Bearer ${SECRET}`]);
    }
  });
});

describe('user name and password in base_url', () => {
  it('go with every page, and to no other host', async () => {
    await using other = await startFakeApi([{ path: '/b', reply: { json: [] } }]);
    await using api = await startFakeApi([
      { path: '/a', reply: (request) => ({ json: { rows: [{ id: 1 }], next: `${request.origin}/b` } }) },
      { path: '/b', reply: () => ({ json: { rows: [{ id: 2 }], next: `${other.url}/b` } }) },
    ]);
    const config = {
      client: { base_url: api.url.replace('//', '//me:100%25%zz@') },
      resources: [
        { name: 'things', endpoint: { path: 'a', data_selector: 'rows', paginator: { type: 'json_link', next_url_path: 'next' } } },
      ],
    } as RestApiConfig;
    await using source = restApi(config, { env: {} });
    await using runner = pipeline({ name: 'p', destination: duckdb(':memory:'), dataset: 'd', workDir: join(root, `h${(count += 1)}`) });
    await expect(runner.run(source)).rejects.toMatchObject({ code: 'host_not_allowed' });
    const basic = `Basic ${Buffer.from('me:100%%zz').toString('base64')}`;
    expect(api.requests.map(({ path, headers }) => [path, headers['authorization']])).toEqual([
      ['/a', basic],
      ['/b', basic],
    ]);
    expect(other.requests).toEqual([]);
  });
});
