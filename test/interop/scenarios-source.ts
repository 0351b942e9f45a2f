import { fakePages } from '../../src/testing/fake-pages.ts';
import { PAGES, pagesOf, type Scenario, type ScenarioLoad } from './scenario.ts';

const day = (n: number): string => `2024-01-${String(n).padStart(2, '0')}T00:00:00Z`;

const events = (from: number, to: number): { id: number; at: string; n: number }[] =>
  Array.from({ length: to - from + 1 }, (_, i) => ({ id: from + i, at: day(Math.ceil((from + i) / 2)), n: from + i }));

const load = (config: object, more: Partial<ScenarioLoad> = {}): ScenarioLoad => ({
  pipeline: 'shared',
  source: 'rest_api',
  config,
  ...more,
});

/** A cursor by which rows are asked for: the rows at the boundary come again. */
const incremental: Scenario = {
  name: 'incremental',
  loads: (url) => [
    load({
      client: { base_url: url },
      resource_defaults: {
        primary_key: 'id',
        endpoint: {
          ...PAGES,
          params: { since: '{incremental.start_value}' },
          incremental: { cursor_path: 'at', initial_value: '2024-01-01T00:00:00Z' },
        },
      },
      resources: [
        { name: 'events', endpoint: { path: 'events' } },
        {
          name: 'numbered',
          endpoint: {
            path: 'numbered',
            params: { since: '{incremental.start_value}' },
            incremental: { cursor_path: 'n', initial_value: 2 },
          },
        },
      ],
    }),
  ],
  routes: (run) => {
    const last = (): number => [5, 9, 12][run()] ?? 0;
    return [
      {
        path: '/events',
        reply: (request) => {
          const rows = events(1, last()).filter(({ at }) => at >= String(request.query.get('since')));
          return fakePages({ rows, style: 'json_link', pageSize: 2 })(request);
        },
      },
      {
        path: '/numbered',
        reply: (request) => {
          const rows = events(1, last()).filter(({ n }) => n >= Number(request.query.get('since')));
          return fakePages({ rows, style: 'json_link', pageSize: 2 })(request);
        },
      },
    ];
  },
};

/** Rows are filtered here, not by the API. */
const filtered: Scenario = {
  name: 'incremental-merge',
  merges: true,
  loads: (url) => [
    load({
      client: { base_url: url },
      resources: [
        {
          name: 'changes',
          primary_key: 'id',
          write_disposition: 'merge',
          endpoint: { path: 'changes', ...PAGES, incremental: { cursor_path: 'at', initial_value: day(2), lag: 86_400 } },
        },
        {
          name: 'oldest_first',
          endpoint: {
            path: 'changes',
            ...PAGES,
            incremental: { cursor_path: 'meta.n', row_order: 'asc', on_cursor_value_missing: 'include' },
          },
        },
      ],
    }),
  ],
  routes: (run) => [
    pagesOf(
      '/changes',
      [
        events(1, 6).map((row) => ({ ...row, meta: { n: row.n } })),
        [...events(1, 8).map((row) => ({ ...row, meta: { n: row.n }, text: 'second' })), { id: 20, at: day(4) }],
        events(5, 11).map((row) => ({ ...row, meta: { n: row.n }, text: 'third' })),
      ],
      run,
    ),
  ],
};

/** Users, and the posts of each. */
const dependent: Scenario = {
  name: 'dependent',
  merges: true,
  loads: (url) => [
    load({
      client: { base_url: url },
      resource_defaults: { primary_key: 'id', write_disposition: 'merge', endpoint: PAGES },
      resources: [
        { name: 'users', endpoint: { path: 'users' } },
        { name: 'posts', endpoint: { path: 'users/{resources.users.id}/posts' }, include_from_parent: ['id', 'name'] },
        {
          name: 'comments',
          write_disposition: 'append',
          endpoint: { path: 'comments', params: { post: '{resources.posts.id}' } },
          include_from_parent: ['id'],
        },
      ],
    }),
  ],
  routes: (run) => [
    pagesOf(
      '/users',
      [
        [
          { id: 1, name: 'ann' },
          { id: 2, name: 'bob' },
        ],
        [
          { id: 1, name: 'ann' },
          { id: 2, name: 'bob' },
          { id: 3, name: 'cid' },
        ],
        [{ id: 2, name: 'bob 3' }],
      ],
      run,
    ),
    {
      path: '/users/:id/posts',
      reply: (request) => {
        const user = Number(request.params['id']);
        const rows = Array.from({ length: 1 + run() }, (_, i) => ({ id: user * 10 + i, title: `post ${i} of ${user}`, tags: [`t${i}`] }));
        return fakePages({ rows, style: 'json_link', pageSize: 2 })(request);
      },
    },
    {
      path: '/comments',
      reply: (request) =>
        fakePages({ rows: [{ id: Number(request.query.get('post')) * 10, text: `in run ${run()}` }], style: 'json_link', pageSize: 2 })(
          request,
        ),
    },
  ],
};

/** Several resources with dispositions of their own. */
const several: Scenario = {
  name: 'several-resources',
  loads: (url) => [
    load({
      client: { base_url: url },
      resources: [
        { name: 'items', write_disposition: 'append', endpoint: { path: 'items', ...PAGES } },
        { name: 'settings', write_disposition: 'replace', endpoint: { path: 'settings', ...PAGES } },
        { name: 'late', table_name: 'Late Comers', write_disposition: 'append', endpoint: { path: 'late', ...PAGES } },
      ],
    }),
  ],
  routes: (run) => [
    pagesOf('/items', [[{ id: 1 }], [{ id: 2 }], [{ id: 3 }]], run),
    pagesOf('/settings', [[{ key: 'a', values: [1] }, { key: 'b' }], [{ key: 'c', values: [2, 3] }], []], run),
    pagesOf('/late', [[], [{ id: 1, of: { run: 2 } }], [{ id: 2, of: { run: 3 } }]], run),
  ],
};

const oneResource = (url: string, name: string): object => ({
  client: { base_url: url },
  resources: [{ name, primary_key: 'id', endpoint: { path: name, ...PAGES } }],
});

/** Two sources, hence two schemas, of one pipeline; and a second pipeline with a source of the same name. */
const shared: Scenario = {
  name: 'shared-dataset',
  loads: (url) => [
    load(oneResource(url, 'left'), { source: 'one' }),
    load(oneResource(url, 'right'), { source: 'two' }),
    load(oneResource(url, 'far'), { pipeline: 'other', source: 'three' }),
  ],
  routes: (run) => [
    pagesOf('/left', [[{ id: 1 }], [{ id: 2, tags: ['a'] }], [{ id: 3 }]], run),
    pagesOf('/right', [[{ id: 1, x: 1 }], [{ id: 2 }], [{ id: 3, x: 'y' }]], run),
    pagesOf('/far', [[{ id: 1 }], [{ id: 2 }], [{ id: 3, more: { of: 'it' } }]], run),
  ],
};

/** What resources, cursors and several sources are about. */
export const SOURCE_SCENARIOS: readonly Scenario[] = [incremental, filtered, dependent, several, shared];
