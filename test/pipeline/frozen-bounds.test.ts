import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/core/events.ts';
import type { RunOptions } from '../../src/pipeline/run-options.ts';
import { readLog } from '../../src/page-log/read-log.ts';
import type { RunReport } from '../../src/pipeline/run-report.ts';
import { restApi } from '../../src/rest/rest-api.ts';
import type { RestApiConfig } from '../../src/rest/rest-api-config.ts';
import { type FakeApi, startFakeApi } from '../../src/testing/fake-api.ts';
import { newWorkFolder, type WorkFolder } from './work-folder.ts';

/** Three groups on two pages; each has an event a month, from January to May, on pages of two. */
const startGroups = async (): Promise<FakeApi> => {
  const groups = [[{ id: 1 }, { id: 2 }], [{ id: 3 }]];
  const events = (group: number) => [1, 2, 3, 4, 5].map((month) => ({ id: 10 * group + month, at: `2024-0${month}-15T00:00:00Z` }));
  return await startFakeApi([
    { path: '/groups', reply: ({ query }) => ({ json: { data: groups[Number(query.get('page')) - 1] ?? [] } }) },
    {
      path: '/groups/:id/events',
      reply: ({ params, query }) => {
        const from = 2 * (Number(query.get('page')) - 1);
        return { json: { data: events(Number(params['id'])).slice(from, from + 2) } };
      },
    },
  ]);
};

/** As a program makes it that computes the bounds when it starts. */
const configOf = (url: string, bounds: object): RestApiConfig => ({
  client: { base_url: url, retry: { max_retries: 0 }, paginator: { type: 'page_number', base_page: 1, total_path: null } },
  resource_defaults: { primary_key: 'id', write_disposition: 'merge', endpoint: { data_selector: 'data' } },
  resources: [
    'groups',
    {
      name: 'events',
      endpoint: {
        path: 'groups/{resources.groups.id}/events',
        params: { until: '{incremental.end_value}' },
        incremental: { cursor_path: 'at', start_param: 'since', ...bounds },
      },
    },
  ],
});
const january = '2024-01-01T00:00:00Z';
const march = { initial_value: january, end_value: '2024-03-01T00:00:00Z' };
const may = { initial_value: '2024-01-20T00:00:00Z', end_value: '2024-05-01T00:00:00Z' };
const asked = (api: FakeApi, from = 0): string[] =>
  api.requests.slice(from).map(({ path, query }) => `${api.url}${path}?${String(new URLSearchParams(query))}`);
const bounds = (urls: readonly string[]): (string | null)[][] => {
  const queries = urls.filter((url) => url.includes('/events')).map((url) => new URL(url).searchParams);
  const all = queries.map((query) => [query.get('since'), query.get('until')]);
  return all.filter((pair, at) => all.findIndex((other) => String(other) === String(pair)) === at);
};
const months = async (place: WorkFolder): Promise<number[]> =>
  (await place.query('SELECT DISTINCT month("at")::INT AS n FROM data.events ORDER BY n')).map((row) => Number(row['n']));

/** Runs until the nth event of a type. */
async function killed(place: WorkFolder, config: RestApiConfig, at: { type: RunEvent['type']; nth: number } & RunOptions): Promise<void> {
  const { type, nth, ...options } = at;
  const controller = new AbortController();
  let count = 0;
  const emit = (event: RunEvent): void => {
    if (event.type === type && (count += 1) === nth) controller.abort(new Error('killed'));
  };
  await expect(place.open().run(restApi(config, { env: {} }), { ...options, signal: controller.signal, emit })).rejects.toThrow('killed');
}

async function pagesOf(place: WorkFolder): Promise<string[]> {
  const pages: string[] = [];
  for (const dir of place.logs())
    for await (const { record } of readLog(join(place.workDir, 'p', dir))) if (record.kind === 'page') pages.push(record.url);
  return pages;
}

describe('bounds that a configuration computes', () => {
  const run = (place: WorkFolder, config: RestApiConfig): Promise<RunReport> => place.open().run(restApi(config, { env: {} }));

  it.each([1, 2, 4, 7, 11])('are those of the start for all of a run that stopped at page %i, and new ones for the next', async (nth) => {
    await using api = await startGroups();
    const place = newWorkFolder();
    await killed(place, configOf(api.url, march), { type: 'page', nth });
    const pages = await pagesOf(place);
    expect(pages.length).toBeGreaterThanOrEqual(nth);
    const before = api.requests.length;
    expect(await run(place, configOf(api.url, may))).toMatchObject({
      resumed: true,
      complete: true,
      warnings: [{ code: 'unfinished_run_first', message: expect.stringContaining('the bounds that it began with') as unknown }],
    });
    expect(asked(api, before).filter((url) => pages.includes(url))).toEqual([]);
    expect(bounds(asked(api))).toEqual([[march.initial_value, march.end_value]]);
    expect(await months(place)).toEqual([1, 2]);

    const later = api.requests.length;
    expect(await run(place, configOf(api.url, may))).toMatchObject({ resumed: false, warnings: [] });
    expect(bounds(asked(api, later))).toEqual([[may.initial_value, may.end_value]]);
    expect(await months(place)).toEqual([1, 2, 3, 4]);
  });

  it('are taken from the log when it is loaded again', async () => {
    await using api = await startGroups();
    const kept: string[] = [];
    const emit = (event: RunEvent): void => {
      if (event.type === 'log_kept') kept.push(event.dir);
    };
    await newWorkFolder()
      .open()
      .run(restApi(configOf(api.url, march), { env: {} }), { keepLog: true, emit });
    const place = newWorkFolder();
    await place.open().replay(restApi(configOf(api.url, may), { env: {} }), kept[0] ?? '');
    expect(await months(place)).toEqual([1, 2]);
  });

  it('are those of the start in every load of a run that is cut into several', async () => {
    await using api = await startGroups();
    const place = newWorkFolder();
    const every: RunOptions = { commitEvery: { rows: 3 } };
    await killed(place, configOf(api.url, march), { type: 'committed', nth: 1, ...every });
    const report = await place.open().run(restApi(configOf(api.url, may), { env: {} }), every);
    expect(report.resumed).toBe(true);
    expect(report.load_ids.length).toBeGreaterThan(1);
    expect(bounds(asked(api))).toEqual([[march.initial_value, march.end_value]]);
    expect(await months(place)).toEqual([1, 2]);
  });

  it('move the cursor from the lower one of the start, and not at all with an upper one', async () => {
    await using api = await startGroups();
    const place = newWorkFolder();
    const since = (initial_value: string): RestApiConfig => configOf(api.url, { initial_value });
    await killed(place, since('2024-02-20T00:00:00Z'), { type: 'page', nth: 3 });
    await run(place, since('2024-04-20T00:00:00Z'));
    expect(await months(place)).toEqual([3, 4, 5]);
    const state = await stateOf(place);
    expect(state).toContain('"initial_value":"2024-02-20T00:00:00Z"');
    expect(state).not.toContain('2024-04-20');

    await killed(place, configOf(api.url, march), { type: 'page', nth: 3 });
    await run(place, configOf(api.url, may));
    expect(await months(place)).toEqual([1, 2, 3, 4, 5]);
    expect(await stateOf(place)).toBe(state);
    const before = api.requests.length;
    await run(place, since(january));
    expect(bounds(asked(api, before))).toEqual([['2024-05-15T00:00:00Z', 'None']]);
  });

  it("are a scheduler's: a run of another interval does not finish the one that stopped", async () => {
    await using api = await startFakeApi([
      {
        path: '/events',
        reply: ({ query }) => ({ json: { data: query.get('page') === '1' ? [{ at: 5 }, { at: 15 }, { at: 25 }] : [] } }),
      },
    ]);
    const place = newWorkFolder();
    const config: RestApiConfig = {
      client: { base_url: api.url, paginator: { type: 'page_number', base_page: 1, total_path: null } },
      resources: [
        {
          name: 'events',
          endpoint: {
            data_selector: 'data',
            incremental: { cursor_path: 'at', initial_value: 0, allow_external_schedulers: true, start_param: 'since', end_param: 'until' },
          },
        },
      ],
    };
    const source = (start: number, end: number) =>
      restApi(config, { env: { DLT_INTERVAL_START: `1970-01-01T00:00:${start}Z`, DLT_INTERVAL_END: `1970-01-01T00:00:${end}Z` } });
    const controller = new AbortController();
    const emit = ({ type }: RunEvent): void => {
      if (type === 'page') controller.abort(new Error('killed'));
    };
    await expect(place.open().run(source(10, 20), { signal: controller.signal, emit })).rejects.toThrow('killed');
    expect(await place.open().run(source(20, 30))).toMatchObject({ resumed: false, warnings: [{ code: 'unfinished_run_set_aside' }] });
    expect(await place.query('SELECT "at" FROM data.events')).toEqual([{ at: '25' }]);
  });
});

async function stateOf(place: WorkFolder): Promise<string> {
  const [row] = await place.query('SELECT state FROM data._dlt_pipeline_state ORDER BY version DESC LIMIT 1');
  return inflateSync(Buffer.from(row?.['state'] as string, 'base64')).toString();
}
