import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readLog } from '../../src/page-log/read-log.ts';
import { encodeRecord } from '../../src/page-log/records.ts';
import { restApi } from '../../src/rest/rest-api.ts';
import type { RestApiConfig } from '../../src/rest/rest-api-config.ts';
import { type FakeApi, startFakeApi } from '../../src/testing/fake-api.ts';
import { newWorkFolder } from './work-folder.ts';

interface Event {
  readonly id: number;
  readonly at: string;
}

const quick = { retry: { max_retries: 0 } };
const paths = (api: FakeApi, from = 0): string[] =>
  api.requests.slice(from).map(({ path, query }) => `${path}?${String(new URLSearchParams(query))}`);

describe('an incremental resource', () => {
  const config = (url: string, more: object = {}): RestApiConfig => ({
    client: { base_url: url, ...quick },
    resources: [
      {
        name: 'events',
        primary_key: 'id',
        write_disposition: 'append',
        ...more,
        endpoint: {
          path: 'events',
          data_selector: 'data',
          paginator: { type: 'page_number', base_page: 1, total_path: null },
          params: { since: '{incremental.start_value}' },
          incremental: { cursor_path: 'at', initial_value: '2024-01-01' },
        },
      },
    ],
  });
  const api = async (events: () => readonly (readonly Event[])[], broken: () => number | undefined = () => undefined) =>
    startFakeApi([
      {
        path: '/events',
        reply: ({ query }) => {
          const page = Number(query.get('page'));
          return page === broken() ? { status: 400, json: { error: 'no' } } : { json: { data: events()[page - 1] ?? [] } };
        },
      },
    ]);
  it('asks from where it stopped, and moves with the rows', async () => {
    let events: Event[][] = [[{ id: 1, at: '2024-02-01' }], [{ id: 2, at: '2024-03-01' }]];
    await using server = await api(() => events);
    const place = newWorkFolder();
    await place.open().run(restApi(config(server.url)));
    events = [
      [
        { id: 2, at: '2024-03-01' },
        { id: 3, at: '2024-04-01' },
      ],
    ];
    const before = server.requests.length;
    expect(await place.open().run(restApi(config(server.url)))).toMatchObject({ resources: [{ rows_received: 2, rows: 1 }] });
    expect(paths(server, before)[0]).toBe('/events?since=2024-03-01&page=1');
    expect(await place.query('SELECT id FROM data.events ORDER BY id')).toEqual([{ id: '1' }, { id: '2' }, { id: '3' }]);
    expect(await place.open().run(restApi(config(server.url)))).toMatchObject({ load_id: null });
    expect(await place.query('SELECT version FROM data._dlt_pipeline_state ORDER BY version')).toEqual([
      { version: '1' },
      { version: '2' },
    ]);
  });

  it('keeps its bounds while it is resumed, and its cursor until all pages came', async () => {
    let broken: number | undefined = 2;
    await using server = await api(
      () => [[{ id: 9, at: '2024-09-01' }], [{ id: 1, at: '2024-02-01' }]],
      () => broken,
    );
    const place = newWorkFolder();
    await expect(place.open().run(restApi(config(server.url)))).rejects.toMatchObject({ code: expect.any(String) as unknown, status: 400 });
    broken = undefined;
    expect(await place.open().run(restApi(config(server.url)))).toMatchObject({ resumed: true, complete: true, tables: [{ rows: 2 }] });
    expect(paths(server)).toEqual([
      '/events?since=2024-01-01&page=1',
      '/events?since=2024-01-01&page=2',
      '/events?since=2024-01-01&page=2',
      '/events?since=2024-01-01&page=3',
    ]);
  });

  it('does not move with a limit', async () => {
    await using server = await api(() => [[{ id: 9, at: '2024-09-01' }], [{ id: 1, at: '2024-02-01' }]]);
    const place = newWorkFolder();
    await place.open().run(restApi(config(server.url, { write_disposition: 'merge' })), { limit: 1 });
    const before = server.requests.length;
    await place.open().run(restApi(config(server.url, { write_disposition: 'merge' })));
    expect(paths(server, before)[0]).toBe('/events?since=2024-01-01&page=1');
    expect(await place.query('SELECT id FROM data.events ORDER BY id')).toEqual([{ id: '1' }, { id: '9' }]);
  });

  it('starts from the beginning with a full refresh and with replace', async () => {
    await using server = await api(() => [[{ id: 1, at: '2024-02-01' }]]);
    const place = newWorkFolder();
    await place.open().run(restApi(config(server.url)));
    await place.open().run(restApi(config(server.url)), { fullRefresh: true });
    await place.open().run(restApi(config(server.url, { write_disposition: 'replace' })));
    await place.open().run(restApi(config(server.url, { write_disposition: 'replace' })));
    expect(new Set(paths(server).filter((path) => path.includes('page=1')))).toEqual(new Set(['/events?since=2024-01-01&page=1']));
    expect(await place.query('SELECT id FROM data.events')).toEqual([{ id: '1' }]);
  });
});

describe('a secret', () => {
  it('is in no file of an unfinished run, though next links repeat it, and the run goes on with it', async () => {
    const key = 'key-5f1c8e2a77';
    let broken = true;
    await using server: FakeApi = await startFakeApi([
      {
        path: '/items',
        reply: ({ query }) => {
          if (query.get('api_key') !== key) return { status: 401, json: { error: 'who are you' } };
          const page = Number(query.get('page') ?? 1);
          if (page === 3 && broken) return { status: 400, json: { error: 'no' } };
          return { json: { data: [{ id: page }], next: page < 4 ? `${server.url}/items?page=${page + 1}&api_key=${key}` : null } };
        },
      },
    ]);
    const config: RestApiConfig = {
      client: { base_url: server.url, auth: { type: 'api_key', name: 'api_key', api_key: key, location: 'query' }, ...quick },
      resources: [
        { name: 'items', endpoint: { path: 'items', data_selector: 'data', paginator: { type: 'json_link', next_url_path: 'next' } } },
      ],
    };
    const place = newWorkFolder();
    await expect(place.open().run(restApi(config))).rejects.toMatchObject({ status: 400 });
    const [dir = ''] = place.logs();
    const records: string[] = [];
    for await (const { record } of readLog(join(place.workDir, 'p', dir))) records.push(encodeRecord(record));
    // Bodies are kept as they came; nothing around them has it.
    expect(records.filter((record) => record.includes('"kind":"page"'))).toHaveLength(2);
    expect(records.join('\n')).not.toContain(key);
    broken = false;
    expect(await place.open().run(restApi(config))).toMatchObject({ resumed: true, tables: [{ rows: 4 }] });
  });
});
