import { describe, expectTypeOf, it } from 'vitest';
import type { EndpointConfig, EndpointResource, RestApiConfig, RowsResource } from '../../src/rest/rest-api-config.ts';

describe('RestApiConfig', () => {
  it('takes the configuration of the guide', () => {
    const config = {
      client: { base_url: 'https://api.example.com', auth: { type: 'bearer', token: 't' }, retry: { max_retries: 1 } },
      resource_defaults: { primary_key: 'id', write_disposition: 'merge' },
      resources: [
        'posts',
        {
          name: 'comments',
          endpoint: {
            path: 'posts/{resources.posts.id}/comments',
            params: { limit: 10, since: { type: 'incremental', cursor_path: 'at' } },
          },
          processing_steps: [
            { filter: (row) => row['deleted'] !== true },
            { map: (row: { id: number }) => ({ ...row, twice: row.id * 2 }) },
          ],
          columns: { at: { data_type: 'timestamp', 'x-pii': true } },
        },
        { name: 'seeds', rows: () => [[{ id: 1 }]] },
      ],
    } as const satisfies RestApiConfig;
    expectTypeOf(config).toExtend<RestApiConfig>();
  });

  it('tells resources apart', () => {
    expectTypeOf<EndpointResource['name']>().toEqualTypeOf<string>();
    expectTypeOf<EndpointConfig['data_selector_required']>().toEqualTypeOf<boolean | null | undefined>();
    expectTypeOf<RowsResource>().not.toBeNever();
  });

  it('gives an error at the wrong key', () => {
    const wrong = {
      client: {
        base_url: 'https://api.example.com',
        // @ts-expect-error unknown key
        base_ulr: '',
      },
      resources: [
        {
          name: 'a',
          // @ts-expect-error mistyped column hint
          columns: { at: { nulable: true } },
        },
        {
          name: 'a',
          // @ts-expect-error unknown disposition
          write_disposition: 'mergee',
        },
        {
          name: 'b',
          endpoint: {
            path: 'b',
            // @ts-expect-error lower case
            method: 'get',
          },
        },
        {
          name: 'c',
          endpoint: {
            // @ts-expect-error unknown key
            parms: {},
          },
        },
      ],
    } satisfies RestApiConfig;
    expectTypeOf(wrong).toBeObject();
  });

  it('knows paginators and auths by their type', () => {
    const config = {
      client: {
        base_url: 'https://api.example.com',
        auth: { token: 't' },
        paginator: { type: 'offset', limit: 10, total_path: null },
      },
      resources: [
        { name: 'a', endpoint: { paginator: 'page_number', auth: null } },
        { name: 'b', endpoint: { paginator: { type: 'auto' }, auth: { type: 'api_key', api_key: 'k', location: 'query' } } },
      ],
    } satisfies RestApiConfig;
    expectTypeOf(config).toExtend<RestApiConfig>();
    const wrong = [
      // @ts-expect-error offset needs a limit
      { type: 'offset' },
      // @ts-expect-error a key of another paginator
      { type: 'json_link', cursor_path: 'x' },
      // @ts-expect-error unknown
      { type: 'ofset', limit: 1 },
      // @ts-expect-error offset has options that it cannot do without
      'offset',
    ] satisfies EndpointConfig['paginator'][];
    expectTypeOf(wrong).toBeArray();
    const wrongAuths = [
      // @ts-expect-error a token is no auth
      'my-token',
      // @ts-expect-error http_basic needs a password
      { type: 'http_basic', username: 'u' },
      // @ts-expect-error mistyped
      { tokn: 't' },
    ] satisfies EndpointConfig['auth'][];
    expectTypeOf(wrongAuths).toBeArray();
  });

  it('types functions by what they get and give', () => {
    const resource = {
      name: 'a',
      table_name: (row) => row['kind'] as string,
      write_disposition: () => ({ disposition: 'merge', strategy: 'upsert' }),
      endpoint: {
        response_actions: [(response) => (response.status === 404 ? 'ignore' : undefined)],
        incremental: { cursor_path: 'at', convert: (value) => `${value as string}Z` },
      },
    } satisfies EndpointResource;
    expectTypeOf(resource).toExtend<EndpointResource>();
    const wrong = {
      name: 'a',
      // @ts-expect-error a filter says yes or no
      processing_steps: [{ filter: () => 'yes' }],
    } satisfies EndpointResource;
    expectTypeOf(wrong).toBeObject();
  });
});
