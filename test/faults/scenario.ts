import type { MergeStrategy } from '../../src/core/schema.ts';
import type { FakeRoute } from '../../src/testing/fake-api.ts';
import { fakePages } from '../../src/testing/fake-pages.ts';
import type { FakeRequest } from '../../src/testing/fake-request.ts';

/** A configuration and the API that it is about. */
export interface Scenario {
  readonly name: string;
  /** Runs one after the other, each of a later state of the API. */
  readonly runs: number;
  /** Rows of the root tables after the last run: that the undisturbed run itself is right. */
  readonly rows: Readonly<Record<string, number>>;
  /** What the destination must be able to do; nothing in particular when left out. */
  readonly needs?: MergeStrategy;
  /** A run makes several loads, so that a part of its rows is in the dataset before it ends. */
  readonly isCut?: boolean;
  /** A run that was killed is started again until it says that it is done, whatever is in the dataset. */
  readonly isRepeated?: boolean;
  /** What is done once before the first run, and never killed. */
  readonly before?: readonly string[];
  /** The command of a run, without the flags that all have; a run of the configuration when left out. */
  command?(run: number): readonly string[];
  /** Paths that the runs leave on purpose. */
  readonly kept?: RegExp;
  /** A configuration, or the text of a module that exports it. */
  config(url: string): object | string;
  /** What the API answers during a run, counted from 0. */
  routes(run: () => number): readonly FakeRoute[];
}

/** A row of a scenario. */
export interface Item {
  readonly id: number;
  readonly updated_at: string;
  readonly [key: string]: unknown;
}

const DAY_MS = 86_400_000;

/** A row with what makes normalizing work: text beyond ASCII, an object, lists two levels deep. */
export function item(id: number, version = 1): Item {
  return {
    id,
    version,
    updated_at: new Date(Date.UTC(2024, 0, 1) + id * DAY_MS + version).toISOString(),
    text: `row ${id} – grüße, 世界 ${'x'.repeat(id % 40)}`,
    big: `${id}0000000000000000`,
    price: { amount: id / 4, currency: 'EUR' },
    tags: ['a', `t${(id + version) % 5}`],
    parts: [{ sku: `s${id}`, marks: [id, version] }, { sku: `r${id}` }],
  };
}

/** So many rows with ids that follow each other. */
export const items = (count: number, from = 1, version = 1): Item[] => Array.from({ length: count }, (_, i) => item(from + i, version));

/** The reply of a paged endpoint whose rows depend on the request. */
export const paged =
  (rows: (request: FakeRequest) => readonly unknown[], pages: Omit<Parameters<typeof fakePages>[0], 'rows'>) =>
  (request: FakeRequest): ReturnType<ReturnType<typeof fakePages>> =>
    fakePages({ ...pages, rows: rows(request) })(request);

/** A client with retries that no test waits for. */
export const client = (url: string, more: object = {}): object => ({
  base_url: url,
  retry: { backoff_factor: 0.01, jitter: false },
  ...more,
});

/** What a scenario of one level is made from: the hints and the rows of its resources, by name. */
export interface FlatScenario extends Omit<Scenario, 'config' | 'routes'> {
  readonly resources: Readonly<Record<string, { readonly hints: object; readonly data: (run: number) => readonly unknown[] }>>;
}

/** Resources in pages of 10; their rows are given by run. */
export function flat({ resources, ...rest }: FlatScenario): Scenario {
  const paginator = { type: 'offset', limit: 10, total_path: null };
  return {
    ...rest,
    config: (url) => ({
      client: client(url),
      resources: Object.entries(resources).map(([name, { hints }]) => ({
        name,
        ...hints,
        endpoint: { path: name, data_selector: 'data', paginator },
      })),
    }),
    routes: (run) =>
      Object.entries(resources).map(([name, { data }]) => ({
        path: `/${name}`,
        reply: paged(() => data(run()), { style: 'offset', pageSize: 10 }),
      })),
  };
}
