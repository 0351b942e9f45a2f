import { describe, expect, it } from 'vitest';
import { createSecrets } from '../../src/core/secret.ts';
import { restApi } from '../../src/rest/rest-api.ts';
import { startFakeApi } from '../../src/testing/fake-api.ts';
import { newWorkFolder } from './work-folder.ts';

describe('cursors of more than a thousand parents', () => {
  it('are kept in a table, go on from there, and leave the document small', async () => {
    const asked: string[] = [];
    let parents = 1200;
    await using api = await startFakeApi([
      { path: '/users', reply: () => ({ json: Array.from({ length: parents }, (_, id) => ({ id })) }) },
      {
        path: '/users/:id/posts',
        reply: ({ path, query }) => {
          asked.push(`${path}?since=${query.get('since') ?? ''}`);
          return { json: [{ id: Number(path.split('/')[2]), at: Number(query.get('since')) + Number(path.split('/')[2]) + 1 }] };
        },
      },
    ]);
    const source = () =>
      restApi(
        {
          client: { base_url: api.url },
          resources: [
            { name: 'users', endpoint: { path: 'users', paginator: 'single_page' } },
            {
              name: 'posts',
              endpoint: {
                path: 'users/{resources.users.id}/posts',
                paginator: 'single_page',
                incremental: { cursor_path: 'at', start_param: 'since', initial_value: 0 },
              },
            },
          ],
        },
        { name: 'api', secrets: createSecrets() },
      );
    const place = newWorkFolder();
    await place.open().run(source());
    expect(await place.query('SELECT count(*) AS n FROM data._syncline_cursors')).toEqual([{ n: '1200' }]);
    const [state] = await place.query('SELECT max(length(state)) AS bytes FROM data._dlt_pipeline_state');
    expect(Number(state?.['bytes'])).toBeLessThan(1000);
    asked.length = 0;
    parents = 1201;
    await place.open().run(source());
    expect(asked.toSorted()).toEqual(
      Array.from({ length: parents }, (_, id) => `/users/${id}/posts?since=${id < 1200 ? id + 1 : 0}`).toSorted(),
    );
    expect(await place.query('SELECT count(*) AS n FROM data._syncline_cursors')).toEqual([{ n: '1201' }]);
  });
});
