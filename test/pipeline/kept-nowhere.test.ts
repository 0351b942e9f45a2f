import { rmSync } from 'node:fs';
import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import type { Destination } from '../../src/core/destination.ts';
import type { RunEvent } from '../../src/core/events.ts';
import { duckdb } from '../../src/destinations/duckdb.ts';
import { stdout } from '../../src/destinations/stdout.ts';
import { pipeline } from '../../src/pipeline/pipeline.ts';
import type { RunOptions } from '../../src/pipeline/run-options.ts';
import type { RunReport } from '../../src/pipeline/run-report.ts';
import { restApi } from '../../src/rest/rest-api.ts';
import { type FakeApi, startFakeApi } from '../../src/testing/fake-api.ts';
import { newWorkFolder } from './work-folder.ts';

/** Six items on pages of two, in the order of their dates; those since a date, when that is asked for. */
const startItems = (): Promise<FakeApi> => {
  const items = [1, 2, 3, 4, 5, 6].map((day) => ({ id: day, at: `2024-01-0${day}` }));
  return startFakeApi([
    {
      path: '/items',
      reply({ query }) {
        const from = 2 * (Number(query.get('page')) - 1);
        return { json: items.filter(({ at }) => at >= (query.get('since') ?? '')).slice(from, from + 2) };
      },
    },
  ]);
};

const sourceOf = (api: FakeApi) =>
  restApi(
    {
      client: { base_url: api.url, retry: { max_retries: 0 }, paginator: { type: 'page_number', base_page: 1, total_path: null } },
      resources: [
        {
          name: 'items',
          primary_key: 'id',
          write_disposition: 'merge',
          endpoint: { path: 'items', incremental: { cursor_path: 'at', start_param: 'since', initial_value: '2024-01-02' } },
        },
      ],
    },
    { env: {} },
  );

const sinces = (api: FakeApi, from = 0) => [...new Set(api.requests.slice(from).map(({ query }) => query.get('since')))];

/** What a destination does for one process. */
async function run(
  api: FakeApi,
  workDir: string,
  { destination, ...options }: RunOptions & { destination: Destination },
): Promise<RunReport> {
  await using opened = pipeline({ name: 'p', destination, dataset: 'data', workDir });
  return await opened.run(sourceOf(api), options);
}

/** Ends a run with its nth event of a type. */
function until(type: RunEvent['type'], nth: number): Pick<RunOptions, 'emit' | 'signal'> {
  const controller = new AbortController();
  let count = 0;
  return {
    signal: controller.signal,
    emit(event) {
      if (event.type === type && (count += 1) === nth) controller.abort(new Error('killed'));
    },
  };
}

/** A stream, and the ids of the rows that it was given. */
function stream(): { readonly destination: Destination; readonly ids: () => number[] } {
  let text = '';
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  const lines = () => text.split('\n').filter((line) => line !== '');
  return { destination: stdout({ table: 'items', output }), ids: () => lines().map((line) => (JSON.parse(line) as { id: number }).id) };
}

const merged = [{ code: 'nothing_merged', message: expect.stringContaining('Nothing is merged') as unknown }];

it('a stream starts from the beginning every time, and says that nothing is merged', async () => {
  await using api = await startItems();
  const { workDir } = newWorkFolder();
  for (let time = 0; time < 2; time += 1) {
    const { destination, ids } = stream();
    expect(await run(api, workDir, { destination, fullRefresh: time === 1 })).toMatchObject({
      complete: true,
      destination: 'stdout:',
      warnings: merged,
    });
    expect(ids()).toEqual([2, 3, 4, 5, 6]);
  }
  expect(sinces(api)).toEqual(['2024-01-02']);
});

it('a stream starts from the beginning in the process that it is in, too', async () => {
  await using api = await startItems();
  const { destination, ids } = stream();
  await using opened = pipeline({ name: 'p', destination, workDir: newWorkFolder().workDir });
  await opened.run(sourceOf(api));
  await opened.run(sourceOf(api));
  expect(ids()).toEqual([2, 3, 4, 5, 6, 2, 3, 4, 5, 6]);
});

it('a run into a stream that was broken off is finished, and prints all again', async () => {
  await using api = await startItems();
  const place = newWorkFolder();
  const [first, second] = [stream(), stream()];
  await expect(run(api, place.workDir, { destination: first.destination, ...until('rows_loaded', 1) })).rejects.toThrow('killed');
  expect(first.ids()).toEqual([2, 3, 4, 5, 6]);
  expect(place.logs()).toHaveLength(1);
  const before = api.requests.length;
  expect(await run(api, place.workDir, { destination: second.destination })).toMatchObject({ resumed: true, complete: true });
  expect(second.ids()).toEqual([2, 3, 4, 5, 6]);
  expect(api.requests).toHaveLength(before);
  expect(place.logs()).toEqual([]);
});

it('a stream passes on the parts of a run as they come, and goes on behind them', async () => {
  await using api = await startItems();
  const place = newWorkFolder();
  const [first, second] = [stream(), stream()];
  const parts: RunOptions = { commitEvery: { rows: 2 } };
  await expect(run(api, place.workDir, { destination: first.destination, ...parts, ...until('committed', 1) })).rejects.toThrow('killed');
  expect(first.ids()).toEqual([2, 3]);
  expect(await run(api, place.workDir, { destination: second.destination, ...parts })).toMatchObject({ resumed: true, complete: true });
  expect(second.ids()).toEqual([4, 5, 6]);
});

it('a stream can load all or nothing, and keep its pages', async () => {
  await using api = await startItems();
  const place = newWorkFolder();
  const strict = stream();
  expect(await run(api, place.workDir, { destination: strict.destination, strict: true, limit: 1 })).toMatchObject({
    complete: false,
    load_id: null,
  });
  expect(strict.ids()).toEqual([]);
  const kept: string[] = [];
  const emit = (event: RunEvent) => void (event.type === 'log_kept' && kept.push(event.dir));
  await run(api, place.workDir, { destination: stream().destination, keepLog: true, emit });
  await using opened = place.open();
  await opened.replay(sourceOf(api), kept[0] ?? '');
  expect(await place.query('SELECT count(*)::INT AS n FROM data.items')).toEqual([{ n: 5 }]);
});

it('a stream cannot tell whether a run was done', async () => {
  await using api = await startItems();
  const { destination } = stream();
  await expect(run(api, newWorkFolder().workDir, { destination, runId: 'daily' })).rejects.toMatchObject({
    name: 'ConfigError',
    code: 'run_id_of_stream',
  });
  expect(api.requests).toEqual([]);
});

it('a database in memory is begun anew by each process, also where a run was broken off', async () => {
  await using api = await startItems();
  const place = newWorkFolder();
  const broken = duckdb(':memory:');
  await using opened = pipeline({ name: 'p', destination: broken, dataset: 'data', workDir: place.workDir });
  await opened.run(sourceOf(api));
  await expect(opened.run(sourceOf(api), until('page', 1))).rejects.toThrow('killed');
  expect(sinces(api)).toEqual(['2024-01-02', '2024-01-06']);
  expect(place.logs()).toHaveLength(1);

  const before = api.requests.length;
  await using fresh = duckdb(':memory:');
  await using again = pipeline({ name: 'p', destination: fresh, dataset: 'data', workDir: place.workDir });
  expect(await again.run(sourceOf(api))).toMatchObject({
    resumed: false,
    complete: true,
    warnings: [{ code: 'unfinished_run_set_aside', message: expect.stringContaining('not in the destination any more') as unknown }],
  });
  expect(sinces(api, before)).toEqual(['2024-01-02']);
  const reader = await (await fresh.connect()).runAndReadAll('SELECT count(*)::INT AS n FROM data.items');
  expect(reader.getRowObjects()).toEqual([{ n: 5 }]);
  expect(place.logs()).toEqual([expect.stringMatching(/\.stale$/)]);
});

it.each([
  ['goes on from a cursor', 'page', {}],
  ['goes on behind its first part', 'committed', { commitEvery: { rows: 2 } }],
] as const)('a run that %s is not finished into a database that lacks what was before', async (_, type, options) => {
  await using api = await startItems();
  const place = newWorkFolder();
  if (type === 'page') await run(api, place.workDir, { destination: duckdb(place.file) });
  await expect(run(api, place.workDir, { destination: duckdb(place.file), ...options, ...until(type, 1) })).rejects.toThrow('killed');
  rmSync(place.file);
  expect(await run(api, place.workDir, { destination: duckdb(place.file) })).toMatchObject({ resumed: false, complete: true });
  expect(await place.query('SELECT count(*)::INT AS n FROM data.items')).toEqual([{ n: 5 }]);
});

it('a look into memory or a stream, finished or not, does not disturb the first run into a database', async () => {
  await using api = await startItems();
  const place = newWorkFolder();
  const looks: (() => Destination)[] = [() => duckdb(':memory:'), () => stream().destination];
  for (const look of looks) {
    await run(api, place.workDir, { destination: look(), limit: 1 });
    await expect(run(api, place.workDir, { destination: look(), limit: 2, ...until('page', 1) })).rejects.toThrow('killed');
  }
  expect(place.logs()).toHaveLength(2);
  const before = api.requests.length;
  expect(await run(api, place.workDir, { destination: duckdb(place.file) })).toMatchObject({
    resumed: false,
    complete: true,
    warnings: [],
  });
  expect(sinces(api, before)).toEqual(['2024-01-02']);
  expect(await place.query('SELECT count(*)::INT AS n FROM data.items')).toEqual([{ n: 5 }]);
});
