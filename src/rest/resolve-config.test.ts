import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../core/errors.ts';
import { resolveConfig } from './resolve-config.ts';
import type { EndpointSetup } from './resolved-config.ts';
import type { ClientConfig, ResourceConfig, ResourceDefaults, RestApiConfig } from './rest-api-config.ts';
import { expandText } from './templates.ts';

const base = { base_url: 'https://api.example.com' };

/** The endpoints of a configuration, in dlt's order. */
function resolve(resources: readonly ResourceConfig[], defaults?: ResourceDefaults, client: Partial<ClientConfig> = {}): EndpointSetup[] {
  return resolveConfig({ client: { ...base, ...client }, resources, ...(defaults ? { resource_defaults: defaults } : {}) })
    .resources as EndpointSetup[];
}

function only(resource: ResourceConfig, defaults?: ResourceDefaults, client?: Partial<ClientConfig>): EndpointSetup {
  return resolve([resource], defaults, client)[0] as EndpointSetup;
}

describe('resolveConfig', () => {
  const good = new URL('../../test/golden/configs/good/', import.meta.url);
  it.each(readdirSync(good))('leaves %s as it is', (file) => {
    const { config } = JSON.parse(readFileSync(new URL(file, good), 'utf8')) as { config: RestApiConfig };
    const before = structuredClone(config);
    expect(resolveConfig(config).resources).toHaveLength(config.resources.length);
    expect(config).toEqual(before);
  });

  it('throws all findings', () => {
    const config = { client: { base_url: 'x' }, resources: ['a', 'a'] };
    expect(() => resolveConfig(config)).toThrow(ConfigError);
    expect(() => resolveConfig(config)).toThrow(/client\.base_url: .*\n.*resources\[1\]: /);
  });

  it('completes the client', () => {
    const { client } = resolveConfig({ client: { ...base, retry: { max_retries: 0 }, timeout: { body: 5 } }, resources: [] });
    expect(client).toEqual({
      baseUrl: base.base_url,
      headers: {},
      retry: { statuses: [429, 500, 502, 503, 504], maxRetries: 0, backoffFactor: 2, maxWait: 300, jitter: true },
      timeouts: { connect: 10, headers: 60, body: 5 },
      concurrency: { limit: 4, explicit: false },
      rateLimits: undefined,
      allowedHosts: [],
      maxBodyBytes: 268_435_456,
    });
  });

  it('expands a name', () => {
    expect(only('posts')).toMatchObject({
      kind: 'endpoint',
      name: 'posts',
      selected: true,
      hints: {},
      processingSteps: [],
      request: { method: 'GET', path: { text: 'posts' }, headers: {}, params: {} },
      parent: undefined,
      paginator: undefined,
      selector: undefined,
      auth: undefined,
      incremental: undefined,
    });
  });

  it('merges the defaults as dlt does', () => {
    const defaults: ResourceDefaults = {
      primary_key: 'id',
      write_disposition: { disposition: 'merge', strategy: 'upsert' },
      schema_contract: { columns: 'freeze' },
      endpoint: {
        path: 'unused',
        params: { a: 1, b: 1 },
        json: { a: { x: 1 }, b: 1 },
        headers: { a: '1' },
        data_selector: 'data',
        method: 'POST',
      },
    };
    const resource: ResourceConfig = {
      name: 'posts',
      schema_contract: { tables: 'freeze' },
      primary_key: null,
      write_disposition: 'append',
      endpoint: { params: { b: 2 }, json: { a: { y: 1 } }, headers: { b: 2 }, data_selector: null },
    };
    const { request, hints, selector } = only(resource, defaults);
    expect(request).toMatchObject({ method: 'POST', path: { text: 'posts' }, params: { a: 1, b: 2 }, json: { a: { y: 1 }, b: 1 } });
    expect(request.headers).toEqual({ b: '2' });
    expect(hints).toEqual({ write_disposition: 'append', schema_contract: { tables: 'freeze' } });
    expect(selector).toBeUndefined();
    expect(only({ name: 'a', endpoint: { params: null, json: null } }, defaults).request).toMatchObject({ params: {}, json: undefined });
  });

  it('merges columns one by one', () => {
    const defaults: ResourceDefaults = {
      columns: [{ name: 'id', data_type: 'bigint', nullable: true }, { name: 'late' }, { name: 'x', data_type: 'text' }],
    };
    const { hints } = only(
      { name: 'a', columns: { id: { nullable: false, description: null }, late: { data_type: 'date' }, z: {} } },
      defaults,
    );
    expect(Object.entries(hints.columns ?? {})).toEqual([
      ['id', { name: 'id', data_type: 'bigint', nullable: false }],
      ['x', { name: 'x', data_type: 'text' }],
      ['late', { name: 'late', data_type: 'date' }],
      ['z', { name: 'z' }],
    ]);
    expect(only({ name: 'a', columns: null }, defaults).hints).toEqual({});
    expect(only({ name: 'a', columns: {} }, defaults).hints).toEqual({ columns: {} });
  });

  it('cleans hints of what normalize has no use for, also those of functions', () => {
    const { hints } = only({
      name: 'a',
      table_name: (row) => `t_${row['kind'] as string}`,
      columns: () => [{ name: 'id', data_type: null, unique: true }],
      write_disposition: {
        disposition: 'merge',
        strategy: 'scd2',
        active_record_timestamp: null,
        boundary_timestamp: 1,
        deduplicated: null,
      },
      nested_hints: { tags: { parent_table_name: 'a', columns: [{ name: 'value' }], primary_key: 'value' } },
      endpoint: { incremental: { cursor_path: '$.at' } },
    });
    expect(hints.write_disposition).toEqual({ disposition: 'merge', strategy: 'scd2', boundary_timestamp: '1970-01-01T00:00:01.000Z' });
    expect(hints.nested_hints).toEqual({ tags: { columns: { value: { name: 'value' } }, primary_key: 'value' } });
    expect(typeof hints.columns === 'function' && hints.columns({})).toEqual({ id: { name: 'id', unique: true } });
    expect(typeof hints.table_name === 'function' && hints.table_name({ kind: 'k' })).toBe('t_k');
  });

  it('fills paths without touching the defaults', () => {
    const [first, second] = resolve(
      ['r1', 'r2'].map((name) => ({ name, endpoint: `{org}/${name}` })),
      { endpoint: { params: { org: 'acme', n: 1 } } },
    );
    expect([first, second].map((r) => r && expandText(r.request.path, {}))).toEqual(['acme/r1', 'acme/r2']);
    expect([first?.request.params, second?.request.params]).toEqual([{ n: 1 }, { n: 1 }]);
  });

  it('links children to their parent, parents first', () => {
    const [posts, comments, likes] = resolve([
      { name: 'likes', endpoint: 'c/{resources.comments.id}' },
      {
        name: 'comments',
        include_from_parent: ['id'],
        endpoint: {
          path: 'p/{post}/{resources.posts.a.b}',
          params: { post: { type: 'resolve', resource: 'posts', field: 'id' }, '{resources.posts.k}': 1 },
          headers: { h: '{resources.posts.h}' },
          json: [{ j: '{resources.posts.j[0]}' }],
        },
      },
      { name: 'posts', selected: false },
    ]);
    expect(posts).toMatchObject({ name: 'posts', selected: false, parent: undefined });
    expect(comments?.parent).toEqual({
      resource: 'posts',
      include: ['id'],
      fields: {
        post: 'id',
        'resources.posts.a.b': 'a.b',
        'resources.posts.k': 'k',
        'resources.posts.h': 'h',
        'resources.posts.j[0]': 'j[0]',
      },
    });
    expect(comments?.request.params).toEqual({ '{resources.posts.k}': 1 });
    expect(likes?.parent?.resource).toBe('comments');
  });

  it.each([
    ['posts/{resources.p.id}', '$', true],
    ['posts/{resources.p.id}/', '$', true],
    ['posts?x={resources.p.id}', '$', true],
    ['posts/{resources.p.id}/comments', undefined, false],
    ['posts/{resources.p.ids[0]}', undefined, false],
  ])('takes %s for one entity or many', (path, selector, single) => {
    const [, posts] = resolve(['p', { name: 'posts', endpoint: path }]);
    expect(posts?.selector).toBe(selector);
    expect(posts?.paginator !== undefined).toBe(single);
  });

  it('picks paginators by precedence', () => {
    const client = { paginator: { type: 'header_link' } } as const;
    const stop = (resource: ResourceConfig, defaults?: ResourceDefaults) => only(resource, defaults, client).paginator;
    const shared = stop('a');
    expect(shared).toBeDefined();
    const [one, two] = resolve(['a', { name: 'b', endpoint: { paginator: 'auto' } }], { endpoint: { paginator: null } }, client);
    expect(one?.paginator).toBe(two?.paginator);
    expect(stop('a', { endpoint: { paginator: 'single_page' } })?.first()).toBeNull();
    expect(
      only({ name: 'a', endpoint: { paginator: { type: 'auto' } } }, { endpoint: { paginator: 'single_page' } }).paginator,
    ).toBeUndefined();
    const [, entity] = resolve(['p', { name: 'a', endpoint: 'x/{resources.p.id}' }], undefined, {
      paginator: { type: 'offset', limit: 5 },
    });
    expect(entity?.paginator?.first()).toBeNull();
    const asked = { name: 'a', endpoint: { path: 'x/{resources.p.id}', paginator: 'auto' } } as const;
    expect(resolve(['p', asked], undefined, { paginator: { type: 'offset', limit: 5 } })[1]?.paginator?.first()).toBe(0);
    expect(only('a', undefined, { paginator: 'auto' }).paginator).toBeUndefined();
    const own = { type: 'offset', limit: 5, offset: 7 } as const;
    expect(only({ name: 'a', endpoint: { paginator: own } }, undefined, client).paginator?.first()).toBe(7);
  });

  it('picks auths by precedence and collects their secrets', () => {
    const { resources, secrets } = resolveConfig({
      client: { ...base, auth: { token: 'client-token' } },
      resources: [
        'a',
        { name: 'b', endpoint: { auth: null } },
        { name: 'c', endpoint: { auth: { type: 'http_basic', username: 'u', password: 'own-password' } } },
        'd',
      ],
    });
    const [a, b, c, d] = (resources as EndpointSetup[]).map(({ auth }) => auth);
    expect(a).toBeDefined();
    expect(d).toBe(a);
    expect(b).toBeUndefined();
    expect(c).not.toBe(a);
    expect(secrets).toEqual({ credentials: ['client-token', 'dTpvd24tcGFzc3dvcmQ=', 'own-password'], identifiers: [] });
  });

  it('takes instances as they are', () => {
    const auth = { apply: <T>(request: T) => request };
    expect(only('a', undefined, { auth }).auth).toBe(auth);
  });

  it('normalises the three ways to write an incremental', () => {
    const convert = String;
    const plain = { cursor_path: 'at', initial_value: 1 };
    expect(only({ name: 'a', endpoint: { incremental: { ...plain, start_param: 'since' } } }).incremental).toMatchObject({
      ...plain,
      start_param: 'since',
    });
    const { incremental, request, hints, constants } = only({
      name: 'a',
      primary_key: 'id',
      endpoint: { params: { since: { type: 'incremental', ...plain, transform: convert }, q: 'x' } },
    });
    expect(incremental).toEqual({ ...plain, start_param: 'since', convert, primary_key: 'id' });
    expect(request.params).toEqual({ q: 'x' });
    expect(hints.incremental_column).toBe('at');
    expect(constants).toMatchObject({ 'incremental.lag': null, 'incremental.range_end': 'open' });
    expect(only({ name: 'a', primary_key: 'id', endpoint: { incremental: plain } }).incremental?.primary_key).toBe('id');
    const own = only({ name: 'a', primary_key: 'id', endpoint: { incremental: { cursor_path: 'a.b', primary_key: [] } } });
    expect(own.incremental?.primary_key).toEqual([]);
    expect(own.hints).not.toHaveProperty('incremental_column');
  });

  it('leaves out actions that never take effect', () => {
    const actions = [{ action: 'ignore' }, { status_code: 404, action: 'ignore' }, { content: '', action: 'ignore' }] as const;
    expect(only({ name: 'a', endpoint: { response_actions: actions } }).responseActions).toEqual(actions.slice(1));
  });

  it('gives rows from code no defaults', () => {
    const rows = () => [[{ id: 1 }]];
    const { resources } = resolveConfig({
      client: base,
      resource_defaults: { primary_key: 'id' },
      resources: [{ name: 'a', rows, table_name: 't' }],
    });
    expect(resources).toEqual([{ kind: 'rows', name: 'a', rows, selected: true, hints: { table_name: 't' }, processingSteps: [] }]);
  });
});
