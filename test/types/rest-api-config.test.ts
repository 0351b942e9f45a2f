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
          columns: { at: { data_type: 'timestamp' } },
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
});
