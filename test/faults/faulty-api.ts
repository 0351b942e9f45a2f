import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { duckdb } from '../../src/destinations/duckdb.ts';
import { pipeline } from '../../src/pipeline/pipeline.ts';
import type { RunReport } from '../../src/pipeline/run-report.ts';
import type { RestApiConfig } from '../../src/rest/rest-api-config.ts';
import { restApi } from '../../src/rest/rest-api.ts';
import { type FakeApi, type FakeRoute, startFakeApi } from '../../src/testing/fake-api.ts';
import { fakePages } from '../../src/testing/fake-pages.ts';
import type { FakeRequest } from '../../src/testing/fake-request.ts';
import { type DatasetDump, describeDatabase } from './dataset-dump.ts';
import { readDuckDb } from './staged-duckdb.ts';

/** What a faulty API answers, and how it is asked. */
export interface FaultyOptions {
  /** Takes the place of the configuration's client. */
  readonly client?: object;
  /** Takes the place of paging by offset without a total. */
  readonly paginator?: object;
  readonly hints?: object;
  /** Comes before the reply of the API that is well. */
  readonly route?: Partial<FakeRoute>;
  readonly others?: (api: () => FakeApi) => readonly FakeRoute[];
}

/** An API that is unwell until it is healed, and a pipeline in a folder of its own. */
export interface FaultyApi extends AsyncDisposable {
  readonly folder: string;
  readonly config: RestApiConfig;
  run(): Promise<RunReport>;
  /** The offsets that were asked for since the last time. */
  asked(): string[];
  /** From now on every request is answered as it should be. */
  heal(): void;
  dump(): Promise<DatasetDump>;
  /** Folders of unfinished runs. */
  logs(): string[];
}

/** Rows 0 to 44, in pages of 10 by offset. */
export const ROWS = Array.from({ length: 45 }, (_, id) => ({ id, text: `row ${id}`, tags: ['a', `t${id % 3}`] }));

/** The page that a request asks for when nothing is wrong. */
export const wellPage: (request: FakeRequest) => ReturnType<ReturnType<typeof fakePages>> = fakePages({
  rows: ROWS,
  style: 'offset',
  pageSize: 10,
  total: 'total',
});

/** Retries that no test waits for. */
export const RETRY = { backoff_factor: 0.002, jitter: false, max_retries: 3 };

/** Starts the API and makes the pipeline. `items` is merged, so that a row is there once however often it comes. */
export async function faultyApi(options: FaultyOptions = {}): Promise<FaultyApi> {
  const folder = mkdtempSync(join(tmpdir(), 'syncline-faulty-'));
  const file = join(folder, 'x.duckdb');
  let isWell = false;
  const route: FakeRoute = { path: '/items', reply: wellPage, ...options.route };
  const faulty = route.faults ?? [];
  let api: FakeApi | undefined;
  const others = options.others?.(() => api as FakeApi) ?? [];
  // Faults are looked up for each request, so healing takes them away.
  const faults = new Proxy(faulty, { get: (list, key) => Reflect.get(isWell ? [] : list, key) as unknown });
  const reply: FakeRoute['reply'] = (request) => {
    if (isWell) return wellPage(request);
    return typeof route.reply === 'function' ? route.reply(request) : route.reply;
  };
  api = await startFakeApi([{ ...route, reply, faults }, ...others]);
  const { url, requests } = api;
  const config = {
    client: { base_url: url, retry: RETRY, timeout: { headers: 0.3, body: 0.3 }, ...options.client },
    resources: [
      {
        name: 'items',
        primary_key: 'id',
        write_disposition: 'merge',
        ...options.hints,
        endpoint: {
          path: 'items',
          data_selector: 'data',
          paginator: options.paginator ?? { type: 'offset', limit: 10, total_path: null },
        },
      },
    ],
  } as RestApiConfig;
  let from = 0;
  return {
    folder,
    config,
    async run() {
      await using source = restApi(config);
      await using line = pipeline({ name: 'p', destination: duckdb(file), dataset: 'data', workDir: join(folder, 'work') });
      return await line.run(source);
    },
    asked() {
      const offsets = requests
        .slice(from)
        .flatMap(({ path, query }) => (path === '/items' ? [query.get('offset') ?? query.get('cursor') ?? ''] : []));
      from = requests.length;
      return offsets;
    },
    heal: () => void (isWell = true),
    dump: async () => describeDatabase(await readDuckDb(file), 'data'),
    logs: () => readdirSync(join(folder, 'work', 'p')),
    async [Symbol.asyncDispose]() {
      await api[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

let undisturbed: Promise<DatasetDump> | undefined;

/** The dataset after one run of an API that is well from the start. */
export function undisturbedDump(): Promise<DatasetDump> {
  undisturbed ??= (async () => {
    await using api = await faultyApi();
    api.heal();
    await api.run();
    return await api.dump();
  })();
  return undisturbed;
}
