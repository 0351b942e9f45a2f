import { client, items, paged, type Scenario } from './scenario.ts';

/** How rows are written where they could be merged: not all destinations merge. */
export type Written = 'merge' | 'append';

const LINKS = { data_selector: 'data', paginator: { type: 'json_link', next_url_path: 'next' } };

/** Two resources with incremental cursors, which a second run goes on with. */
export const incremental = (written: Written): Scenario => ({
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
      { name: 'changes', write_disposition: written, endpoint: { path: 'changes' } },
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
});

/** Users, their posts and the comments on them: 5 × 3 × 2, on two pages each. */
export const parents = (name: string, written: Written, more: object = {}): Scenario => ({
  name,
  runs: 1,
  rows: { users: 5, posts: 15, comments: 30 },
  config: (url) => ({
    client: client(url, more),
    resource_defaults: { primary_key: 'id', write_disposition: written, endpoint: LINKS },
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
export const parallel = (name: string, more: object = {}): Scenario => ({
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

const cutRoutes: Scenario['routes'] = () => [
  { path: '/items', reply: paged(() => items(45), { style: 'json_link', pageSize: 6 }) },
  { path: '/users', reply: paged(() => items(6), { style: 'json_link', pageSize: 3 }) },
  { path: '/users/:id/posts', reply: paged(({ params }) => items(3, Number(params['id']) * 10), { style: 'json_link', pageSize: 2 }) },
  { path: '/others', reply: paged(() => items(15), { style: 'json_link', pageSize: 6 }) },
];

/** A run that is cut into several loads: of rows that are added, of a walk of two levels, of a table that is swapped at the end. */
export const cut = (written: Written): Scenario => ({
  name: 'commit-every',
  runs: 1,
  rows: { items: 45, users: 6, posts: 18, others: 15 },
  isCut: true,
  config: (url) => ({
    client: client(url),
    commit_every: 12,
    resource_defaults: { primary_key: 'id', endpoint: LINKS },
    resources: [
      { name: 'items', endpoint: { path: 'items' } },
      { name: 'users', write_disposition: written, endpoint: { path: 'users' } },
      { name: 'posts', write_disposition: written, endpoint: { path: 'users/{resources.users.id}/posts' } },
      { name: 'others', write_disposition: 'replace', endpoint: { path: 'others' } },
    ],
  }),
  routes: cutRoutes,
});

/**
 * The same with functions on the rows, of parents and children: some rows go, some become two. What they
 * remember is only what they would make again, for a run that goes on has functions that remember nothing.
 */
export const steps = (written: Written): Scenario => ({
  name: 'steps',
  runs: 1,
  rows: { items: 60, users: 3, posts: 9, others: 15 },
  isCut: true,
  config: (url) => `
    const known = new Map();
    const named = (row) => {
      if (!known.has(row.id)) known.set(row.id, 'number ' + row.id);
      return { ...row, named: known.get(row.id) };
    };
    const isThird = ({ id }) => id % 3 === 0;
    const twice = function* (row) { for (const half of [1, 2]) yield { ...row, half }; };
    const links = ${JSON.stringify(LINKS)};
    export default {
      client: ${JSON.stringify(client(url))},
      commit_every: 12,
      resource_defaults: { endpoint: links },
      resources: [
        { name: 'items', processing_steps: [{ filter: (row) => !isThird(row) }, { map: named }, { yield_map: twice }], endpoint: { path: 'items' } },
        { name: 'users', write_disposition: '${written}', primary_key: 'id', processing_steps: [{ filter: ({ id }) => id % 2 === 0 }],
          endpoint: { path: 'users' } },
        { name: 'posts', write_disposition: '${written}', primary_key: 'id', processing_steps: [{ map: named }],
          endpoint: { path: 'users/{resources.users.id}/posts' } },
        { name: 'others', write_disposition: 'replace', processing_steps: [{ map: named }], endpoint: { path: 'others' } },
      ],
    };`,
  routes: cutRoutes,
});
