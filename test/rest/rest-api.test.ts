import { describe, expect, it } from 'vitest';
import { createSecrets } from '../../src/core/secret.ts';
import type { Source } from '../../src/core/source.ts';
import { restApi } from '../../src/rest/rest-api.ts';
import type { RestApiConfig } from '../../src/rest/rest-api-config.ts';
import { startFakeApi } from '../../src/testing/fake-api.ts';
import { fakePages } from '../../src/testing/fake-pages.ts';
import { rowsOf } from './open-source.ts';

const events = [1, 2, 3, 4].map((n) => ({ id: n, at: `2024-01-0${n}T00:00:00Z` }));

describe('restApi', () => {
  it('refuses a configuration with mistakes before anything is asked for', async () => {
    await using api = await startFakeApi([]);
    const config = { client: { base_url: api.url }, resources: [{ name: 'a', endpoint: { pth: 'x' } }, { name: 'a' }] };
    expect(() => restApi(config as unknown as RestApiConfig)).toThrow(
      expect.objectContaining({ name: 'ConfigError', findings: expect.arrayContaining([expect.anything()]) }),
    );
    expect(api.requests).toEqual([]);
  });

  it('lists parents before their children, with names, hints and what may stop early', async () => {
    await using source = restApi(
      {
        client: { base_url: 'https://api.example.com' },
        resource_defaults: { primary_key: 'id', write_disposition: 'merge' },
        resources: [
          { name: 'c', endpoint: 'p/{resources.p.id}', selected: false },
          { name: 'p', endpoint: { path: 'p', incremental: { cursor_path: 'at', row_order: 'desc' } } },
        ],
      },
      { name: 'api', maxTableNesting: 2, rootKey: true, schemaContract: 'freeze' },
    );
    expect(source.resources.map(({ name, parent, selected, stopsEarly }) => [name, parent, selected, stopsEarly])).toEqual([
      ['p', undefined, true, true],
      ['c', 'p', false, undefined],
    ]);
    expect(source.resources[0]?.hints).toMatchObject({ primary_key: 'id', write_disposition: 'merge', incremental_column: 'at' });
    expect(source).toMatchObject({ name: 'api', maxTableNesting: 2, rootKey: true, schemaContract: 'freeze' });
  });

  it('selects, steps, then filters by the cursor that steps may make', async () => {
    await using api = await startFakeApi([{ path: '/events', reply: { json: { data: { items: events } } } }]);
    const rows = await rowsOf({
      client: { base_url: api.url },
      resources: [
        {
          name: 'events',
          processing_steps: [{ map: ({ at, ...row }) => ({ ...row, seen: at }), filter: (row) => row['id'] !== 3 }],
          endpoint: {
            params: { since: '{incremental.start_value}' },
            incremental: { cursor_path: 'seen', initial_value: '2024-01-02T00:00:00Z' },
          },
        },
      ],
    });
    expect(rows['events']).toEqual([
      { id: 2, seen: '2024-01-02T00:00:00Z' },
      { id: 4, seen: '2024-01-04T00:00:00Z' },
    ]);
    expect(api.requests[0]?.query.get('since')).toBe('2024-01-02T00:00:00Z');
  });

  it('freezes the bounds of a run, moves the cursor after it, and goes on from there', async () => {
    await using api = await startFakeApi([{ path: '/events', reply: fakePages({ rows: events, style: 'json_link', pageSize: 2 }) }]);
    const config: RestApiConfig = {
      client: { base_url: api.url },
      resources: [
        { name: 'events', endpoint: { incremental: { cursor_path: 'at', initial_value: '2024-01-02T00:00:00Z', start_param: 'since' } } },
      ],
    };
    await using source = restApi(config);
    const [resource] = source.resources as [Source['resources'][number]];
    const plan = resource.plan({});
    const reader = resource.reader(plan);
    const rows = [];
    for await (const page of resource.walk(plan)) rows.push(...reader.read(page));
    const progress = reader.progress();
    const state = resource.advance(undefined, progress ? [progress] : []);
    expect(rows.map((row) => (row as { id: number }).id)).toEqual([2, 3, 4]);
    expect(state?.incremental?.['at']).toMatchObject({ initial_value: '2024-01-02T00:00:00Z', last_value: '2024-01-04T00:00:00Z' });
    for await (const page of resource.walk(resource.plan({ state }))) expect(page.rowCount).toBe(2);
    expect(api.requests.filter(({ query }) => !query.has('page')).map(({ query }) => query.get('since'))).toEqual([
      '2024-01-02T00:00:00Z',
      '2024-01-04T00:00:00Z',
    ]);
  });

  it('gives each parent a cursor of its own', async () => {
    await using source = restApi({
      client: { base_url: 'https://api.example.com' },
      resources: [
        'p',
        {
          name: 'c',
          endpoint: {
            path: 'p/{resources.p.id}/c',
            params: { since: '{incremental.start_value}' },
            incremental: { cursor_path: 'at', initial_value: 0 },
          },
        },
      ],
    });
    const child = source.resources[1] as Source['resources'][number];
    const plans = [1, 2].map((id) => child.plan({ parentRow: { id } }));
    expect(plans.map(({ parentKey }) => parentKey)).toEqual(['{"resources.p.id":1}', '{"resources.p.id":2}']);
    const moved = { initial_value: 0, start_value: 0, last_value: 9, unique_hashes: [] };
    const state = child.advance(undefined, [{ parentKey: '{"resources.p.id":1}', incremental: moved }]);
    expect([1, 2].map((id) => child.plan({ state, parentRow: { id } }).incremental?.last_value)).toEqual([9, 0]);
  });

  it('takes the interval of a scheduler', async () => {
    await using api = await startFakeApi([{ path: '/events', reply: { json: [{ at: 5 }, { at: 15 }, { at: 25 }] } }]);
    const env = { DLT_INTERVAL_START: '1970-01-01T00:00:10Z', DLT_INTERVAL_END: '1970-01-01T00:00:20Z' };
    const incremental = { cursor_path: 'at', initial_value: 0, allow_external_schedulers: true, start_param: 'from', end_param: 'to' };
    const config: RestApiConfig = { client: { base_url: api.url }, resources: [{ name: 'events', endpoint: { incremental } }] };
    expect(await rowsOf(config, { env })).toEqual({ events: [{ at: 15 }] });
    expect(api.requests[0]?.query.toString()).toBe('from=10&to=20');
  });

  it('joins addresses as dlt does, and keeps a query of the base', async () => {
    await using api = await startFakeApi([
      { path: '/v1/a/b', reply: { json: [] } },
      { path: '/v1', reply: { json: [] } },
    ]);
    for (const [base, path] of [
      ['/v1/', '/a/b?x=1'],
      ['/v1?k=2', 'a/b?x=1'],
      ['/v1', ''],
    ] as const) {
      await rowsOf({ client: { base_url: api.url + base }, resources: [{ name: 'r', endpoint: { path, params: { y: 3 } } }] });
    }
    expect(api.requests.map((r) => `${r.path}?${r.query.toString()}`)).toEqual(['/v1/a/b?x=1&y=3', '/v1/a/b?x=1&k=2&y=3', '/v1?y=3']);
  });

  it('takes plug-ins of its own', async () => {
    await using api = await startFakeApi([{ path: '/a', reply: ({ headers }) => ({ json: [{ who: headers['x-who'] }] }) }]);
    const auth = {
      apply: <R extends { readonly headers: object }>(request: R) => ({ ...request, headers: { ...request.headers, 'X-Who': 'me' } }),
    };
    expect(await rowsOf({ client: { base_url: api.url, auth }, resources: ['a'] })).toEqual({ a: [{ who: 'me' }] });
  });
});

describe('credentials of a source', () => {
  const auth = { token: 'hush-hush-token' };
  const seen = async (config: (api: string, other: string) => RestApiConfig) => {
    const reply = { json: [] };
    await using api = await startFakeApi([{ path: '/a', reply }]);
    await using other = await startFakeApi([{ path: '/b', reply }]);
    await rowsOf(config(api.url, other.url)).catch(() => undefined);
    return [...api.requests, ...other.requests].map(({ headers }) => [headers['authorization'], headers['x-api-key'], headers['x-own']]);
  };

  it('go to the base, not to the host that an absolute path names', async () => {
    const requests = await seen((api, other) => ({
      client: { base_url: api, auth, headers: { 'X-Api-Key': 'also-hush' } },
      resources: ['a', { name: 'b', endpoint: { path: `${other}/b`, headers: { 'X-Own': '1' } } }],
    }));
    expect(requests).toEqual([
      ['Bearer hush-hush-token', 'also-hush', undefined],
      [undefined, undefined, '1'],
    ]);
  });

  it('go there when the endpoint has its own, or the host is allowed', async () => {
    const own = await seen((api, other) => ({
      client: { base_url: api },
      resources: [{ name: 'b', endpoint: { path: `${other}/b`, auth } }],
    }));
    const allowed = await seen((api, other) => ({
      client: { base_url: api, auth, allowed_hosts: [new URL(other).host] },
      resources: [{ name: 'b', endpoint: `${other}/b` }],
    }));
    expect([own[0]?.[0], allowed[0]?.[0]]).toEqual(['Bearer hush-hush-token', 'Bearer hush-hush-token']);
  });

  it('go nowhere that a row of the parent leads', async () => {
    await using other = await startFakeApi([]);
    await using api = await startFakeApi([{ path: '/p', reply: { json: [{ link: `${other.url}/x` }] } }]);
    const config: RestApiConfig = { client: { base_url: api.url, auth }, resources: ['p', { name: 'c', endpoint: '{resources.p.link}' }] };
    await expect(rowsOf(config)).rejects.toMatchObject({ code: 'host_not_allowed' });
    expect(other.requests).toEqual([]);
  });

  it('are known as secrets', async () => {
    const secrets = createSecrets();
    await using _ = restApi(
      {
        client: {
          base_url: 'https://u:base-password@api.example.com',
          headers: { Authorization: 'Bearer header-token' },
          auth: { type: 'http_basic', username: 'me', password: 'basic-password' },
        },
        resources: [
          { name: 'a', endpoint: { params: { api_key: 'param-api-key', q: 'nothing secret' }, headers: { 'X-Token': 'endpoint-token' } } },
        ],
      },
      { secrets },
    );
    const text = 'base-password header-token basic-password param-api-key endpoint-token; nothing secret';
    expect(secrets.redact(text)).toBe('*** *** *** *** ***; nothing secret');
  });
});

describe('the fingerprint', () => {
  const open = (config: object, env: Record<string, string> = {}) =>
    restApi({ client: { base_url: 'https://api.example.com' }, resources: ['a'], ...config }, { env });
  const of = (config: object) => open(config).fingerprint;
  const client = { base_url: 'https://api.example.com' };

  it('changes with what affects requests and rows', () => {
    const prints = [
      {},
      { resources: ['b'] },
      { client: { base_url: 'https://api.example.com/v2' } },
      { client: { ...client, headers: { 'X-A': '1' } } },
      { resources: [{ name: 'a', processing_steps: [{ filter: (row: object) => 'x' in row }] }] },
      { resources: [{ name: 'a', processing_steps: [{ filter: (row: object) => 'y' in row }] }] },
    ].map(of);
    expect(new Set(prints).size).toBe(prints.length);
  });

  it('stays with what does not: a new token, patience, pace, the order of keys', () => {
    const a = of({ client: { ...client, auth: { token: 'first-token' }, retry: { max_retries: 1 } } });
    const b = of({
      client: { auth: { token: 'second-token' }, timeout: { connect: 1 }, concurrency: 9, rate_limit: { requests: 5, per: 1 }, ...client },
    });
    expect(a).toBe(b);
  });

  const spellings: readonly [string, (bounds: object) => object][] = [
    ['endpoint.incremental', (bounds) => ({ resources: [{ name: 'a', endpoint: { incremental: { cursor_path: 'at', ...bounds } } }] })],
    [
      'a parameter',
      (bounds) => ({ resources: [{ name: 'a', endpoint: { params: { x: { type: 'incremental', cursor_path: 'at', ...bounds } } } }] }),
    ],
    [
      'resource_defaults',
      (bounds) => ({ resource_defaults: { endpoint: { incremental: { cursor_path: 'at', start_param: 'since', ...bounds } } } }),
    ],
  ];
  const prints = (config: object, env?: Record<string, string>) => {
    const { fingerprint, rowsFingerprint } = open(config, env);
    return [fingerprint, rowsFingerprint];
  };

  it.each(spellings)('stays with other bounds in %s, which may be computed, and changes when one comes or goes', (_, config) => {
    const [all, rows] = prints(config({ initial_value: 1 }));
    expect(prints(config({ initial_value: 2n ** 70n }))).toEqual([all, rows]);
    const [unboundedAll, unboundedRows] = prints(config({}));
    expect(unboundedAll).not.toBe(all);
    expect(unboundedRows).not.toBe(rows);
    expect(of(config({ initial_value: 1, lag: 2 }))).not.toBe(all);
  });

  it('stays with another end, and changes when it comes or goes', () => {
    const config = (bounds: object) => ({ resources: [{ name: 'a', endpoint: { incremental: { cursor_path: 'at', ...bounds } } }] });
    const [all, rows] = prints(config({ initial_value: 1, end_value: 2 }));
    expect(prints(config({ initial_value: 1, end_value: 3 }))).toEqual([all, rows]);
    const [endlessAll, endlessRows] = prints(config({ initial_value: 1, end_value: null }));
    expect(endlessAll).not.toBe(all);
    expect(endlessRows).not.toBe(rows);
  });

  it('changes with values of the same names elsewhere', () => {
    const config = (end_value: number) => ({
      resources: [{ name: 'a', endpoint: { method: 'POST', json: { incremental: { end_value } } } }],
    });
    expect(of(config(1))).not.toBe(of(config(2)));
  });

  it('changes with the interval of a scheduler, where one is taken', () => {
    const config = (allow_external_schedulers: boolean) => ({
      resources: [{ name: 'a', endpoint: { incremental: { cursor_path: 'at', initial_value: 0, allow_external_schedulers } } }],
    });
    const interval = (hour: number) => ({ DLT_INTERVAL_START: `2024-01-01T0${hour}:00:00Z`, DLT_INTERVAL_END: '2024-01-02T00:00:00Z' });
    const [all, rows] = prints(config(true), interval(1));
    expect(prints(config(true), interval(1))).toEqual([all, rows]);
    const [otherAll, otherRows] = prints(config(true), interval(2));
    expect(otherAll).not.toBe(all);
    expect(otherRows).not.toBe(rows);
    expect(prints(config(false), interval(1))).toEqual(prints(config(false), interval(2)));
  });
});
