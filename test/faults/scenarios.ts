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
  /** A run makes several loads, so that a part of its rows is in the dataset before it ends. */
  readonly isCut?: boolean;
  config(url: string): object;
  /** What the API answers during a run, counted from 0. */
  routes(run: () => number): readonly FakeRoute[];
}

interface Item {
  readonly id: number;
  readonly updated_at: string;
  readonly [key: string]: unknown;
}

const DAY_MS = 86_400_000;

/** A row with what makes normalizing work: text beyond ASCII, an object, lists two levels deep. */
function item(id: number, version = 1): Item {
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

const items = (count: number, from = 1, version = 1): Item[] => Array.from({ length: count }, (_, i) => item(from + i, version));

/** The reply of a paged endpoint whose rows depend on the request. */
const paged =
  (rows: (request: FakeRequest) => readonly unknown[], pages: Omit<Parameters<typeof fakePages>[0], 'rows'>) => (request: FakeRequest) =>
    fakePages({ ...pages, rows: rows(request) })(request);

/** Retries that no test waits for. */
const client = (url: string, more: object = {}): object => ({ base_url: url, retry: { backoff_factor: 0.01, jitter: false }, ...more });
const offset = { type: 'offset', limit: 10, total_path: null };

/** One resource, `items`, in pages of 10; its rows are given by run. */
function single(
  scenario: Pick<Scenario, 'name' | 'rows' | 'runs'> & { readonly hints: object; readonly data: (run: number) => readonly unknown[] },
): Scenario {
  const { hints, data, ...rest } = scenario;
  return {
    ...rest,
    config: (url) => ({
      client: client(url),
      resources: [{ name: 'items', ...hints, endpoint: { path: 'items', data_selector: 'data', paginator: offset } }],
    }),
    routes: (run) => [{ path: '/items', reply: paged(() => data(run()), { style: 'offset', pageSize: 10 }) }],
  };
}

const merged = (run: number): Item[] => (run === 0 ? items(35) : [...items(8, 3, 2), ...items(20, 30, 3), item(4, 9)]);

const incremental: Scenario = {
  name: 'incremental',
  runs: 2,
  rows: { events: 45, changes: 45 },
  config: (url) => ({
    client: client(url),
    resource_defaults: {
      primary_key: 'id',
      endpoint: {
        data_selector: 'data',
        paginator: { type: 'page_number', base_page: 1, total_path: null },
        params: { since: '{incremental.start_value}' },
        incremental: { cursor_path: 'updated_at', initial_value: '2024-01-01T00:00:00.000Z' },
      },
    },
    resources: [
      { name: 'events', write_disposition: 'append', endpoint: { path: 'events' } },
      { name: 'changes', write_disposition: 'merge', endpoint: { path: 'changes' } },
    ],
  }),
  routes: (run) =>
    ['/events', '/changes'].map((path) => ({
      path,
      reply: paged(({ query }) => items(run() === 0 ? 28 : 45).filter(({ updated_at }) => updated_at >= String(query.get('since'))), {
        style: 'page_number',
        pageSize: 6,
      }),
    })),
};

/** Users, their posts and the comments on them: 5 × 3 × 2, on two pages each. */
const parents = (name: string, more: object = {}): Scenario => ({
  name,
  runs: 1,
  rows: { users: 5, posts: 15, comments: 30 },
  config: (url) => ({
    client: client(url, more),
    resource_defaults: {
      primary_key: 'id',
      write_disposition: 'merge',
      endpoint: { data_selector: 'data', paginator: { type: 'json_link', next_url_path: 'next' } },
    },
    resources: [
      { name: 'users', endpoint: { path: 'users' } },
      { name: 'posts', endpoint: { path: 'users/{resources.users.id}/posts' }, include_from_parent: ['text'] },
      { name: 'comments', endpoint: { path: 'posts/{resources.posts.id}/comments' } },
    ],
  }),
  routes: () => [
    { path: '/users', reply: paged(() => items(5), { style: 'json_link', pageSize: 3 }) },
    { path: '/users/:id/posts', reply: paged(({ params }) => items(3, Number(params['id']) * 10), { style: 'json_link', pageSize: 2 }) },
    { path: '/posts/:id/comments', reply: paged(({ params }) => items(2, Number(params['id']) * 10), { style: 'json_link', pageSize: 1 }) },
  ],
});

/** Two resources whose totals are known: their pages can be asked for side by side. */
const parallel = (name: string, more: object = {}): Scenario => ({
  name,
  runs: 1,
  rows: { items: 115, others: 40 },
  config: (url) => ({
    client: client(url, more),
    resource_defaults: {
      primary_key: 'id',
      endpoint: { data_selector: 'data', paginator: { type: 'offset', limit: 10, total_path: 'total' } },
    },
    resources: [
      { name: 'items', endpoint: { path: 'items' } },
      { name: 'others', write_disposition: 'replace', endpoint: { path: 'others' } },
    ],
  }),
  routes: () =>
    [
      { path: '/items', count: 115 },
      { path: '/others', count: 40 },
    ].map(({ path, count }) => ({ path, reply: paged(() => items(count), { style: 'offset', pageSize: 10, total: 'total' }) })),
});

/** A run that is cut into several loads: of rows that are added, of a walk of two levels, of a table that is swapped at the end. */
const cut: Scenario = {
  name: 'commit-every',
  runs: 1,
  rows: { items: 45, users: 6, posts: 18, others: 15 },
  isCut: true,
  config: (url) => ({
    client: client(url),
    commit_every: 12,
    resource_defaults: { primary_key: 'id', endpoint: { data_selector: 'data', paginator: { type: 'json_link', next_url_path: 'next' } } },
    resources: [
      { name: 'items', endpoint: { path: 'items' } },
      { name: 'users', write_disposition: 'merge', endpoint: { path: 'users' } },
      { name: 'posts', write_disposition: 'merge', endpoint: { path: 'users/{resources.users.id}/posts' } },
      { name: 'others', write_disposition: 'replace', endpoint: { path: 'others' } },
    ],
  }),
  routes: () => [
    { path: '/items', reply: paged(() => items(45), { style: 'json_link', pageSize: 6 }) },
    { path: '/users', reply: paged(() => items(6), { style: 'json_link', pageSize: 3 }) },
    { path: '/users/:id/posts', reply: paged(({ params }) => items(3, Number(params['id']) * 10), { style: 'json_link', pageSize: 2 }) },
    { path: '/others', reply: paged(() => items(15), { style: 'json_link', pageSize: 6 }) },
  ],
};

/** What runs are killed in. */
export const SCENARIOS: readonly Scenario[] = [
  single({
    name: 'append',
    runs: 2,
    rows: { items: 75 },
    hints: { write_disposition: 'append' },
    data: (run) => items(45 - run * 15, 1, run),
  }),
  single({
    name: 'replace',
    runs: 2,
    rows: { items: 25 },
    hints: { write_disposition: 'replace' },
    data: (run) => items(45 - run * 20, 1, run),
  }),
  single({
    name: 'merge',
    runs: 2,
    rows: { items: 49 },
    hints: { primary_key: 'id', write_disposition: 'merge' },
    data: merged,
  }),
  single({
    name: 'upsert',
    runs: 2,
    rows: { items: 49 },
    hints: { primary_key: 'id', write_disposition: { disposition: 'merge', strategy: 'upsert' } },
    data: merged,
  }),
  incremental,
  parents('parents'),
  parents('parents-8', { concurrency: 8 }),
  parallel('parallel'),
  parallel('parallel-8', { concurrency: 8 }),
  cut,
];
