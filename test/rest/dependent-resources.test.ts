import { describe, expect, it } from 'vitest';
import type { RestApiConfig } from '../../src/rest/rest-api-config.ts';
import { type FakeApi, startFakeApi } from '../../src/testing/fake-api.ts';
import { fakePages } from '../../src/testing/fake-pages.ts';
import type { FakeRequest } from '../../src/testing/fake-request.ts';
import { rowsOf } from './open-source.ts';

const posts = [
  { id: 1, title: 'One', meta: { kind: 'a b' } },
  { id: 2, title: null },
  { id: 3, title: 'Three' },
];
const comments = (post: unknown) => Array.from({ length: 3 }, (_, i) => ({ id: `${String(post)}-${i}` }));
const byId = (id: (request: FakeRequest) => unknown) => (request: FakeRequest) =>
  fakePages({ rows: comments(id(request)), style: 'page_number', pageSize: 2, total: 'total' })(request);

async function blog(): Promise<FakeApi> {
  return startFakeApi([
    { path: '/posts', reply: fakePages({ rows: posts, style: 'json_link', pageSize: 2 }) },
    { path: '/posts/:id/comments', reply: byId((request) => request.params['id']) },
    {
      path: '/comments',
      reply: byId((request) => request.query.get('post') ?? request.headers['x-post'] ?? (request.json as { post?: unknown })?.post),
    },
    { path: '/form', reply: byId((request) => request.form.get('post') ?? request.body.replace('post is ', '')) },
    { path: '/comments/:id', reply: ({ params }) => ({ json: { id: params['id'], likes: Number(params['id']?.at(-1)) } }) },
  ]);
}

const paged = { type: 'page_number', base_page: 1 } as const;
type Resource = RestApiConfig['resources'][number];
const config = (api: FakeApi, ...resources: Resource[]): RestApiConfig => ({
  client: { base_url: api.url },
  resources: ['posts', ...resources],
});
const ids = [1, 2, 3].flatMap((id) => comments(id));

describe('a dependent resource', () => {
  it.each<[string, Extract<Resource, { endpoint?: unknown }>['endpoint']]>([
    ['a path', { path: 'posts/{resources.posts.id}/comments', paginator: paged }],
    [
      'a resolve parameter',
      { path: 'posts/{id}/comments', params: { id: { type: 'resolve', resource: 'posts', field: 'id' } }, paginator: paged },
    ],
    ['a query parameter', { path: 'comments', params: { post: '{resources.posts.id}' }, paginator: paged }],
    ['a header', { path: 'comments', headers: { 'x-post': '{resources.posts.id}' }, paginator: paged }],
    ['a JSON body', { path: 'comments', method: 'POST', json: { post: '{resources.posts.id}' }, paginator: paged }],
    ['a form', { path: 'form', method: 'POST', data: { post: '{resources.posts.id}' }, paginator: paged }],
    ['raw data', { path: 'form', method: 'POST', data: 'post is {resources.posts.id}', paginator: paged }],
  ])('takes its parent by %s and pages for each row', async (_, endpoint) => {
    await using api = await blog();
    const rows = await rowsOf(config(api, { name: 'comments', endpoint: endpoint ?? {} }));
    expect(rows).toEqual({ posts, comments: ids });
  });

  it('keeps the type of a value that stands alone in JSON', async () => {
    await using api = await blog();
    await rowsOf(
      config(api, {
        name: 'c',
        endpoint: {
          path: 'comments',
          method: 'POST',
          json: { post: '{resources.posts.id}', t: 'no {resources.posts.title}' },
          paginator: paged,
        },
      }),
    );
    expect(api.requests.filter(({ path }) => path === '/comments').map(({ body }) => body)[2]).toBe(
      '{"post":2,"t":"no None","page":1}'.replace(',"page":1', ''),
    );
  });

  it('hangs on another, and gets fields of the row above', async () => {
    await using api = await blog();
    const rows = await rowsOf(
      config(
        api,
        {
          name: 'comments',
          endpoint: { path: 'posts/{resources.posts.id}/comments', paginator: paged },
          include_from_parent: ['id', 'title'],
        },
        { name: 'details', endpoint: 'comments/{resources.comments.id}', include_from_parent: ['_posts_id'] },
      ),
    );
    expect(rows['comments']?.[3]).toEqual({ id: '2-0', _posts_id: 2, _posts_title: null });
    expect(rows['details']).toHaveLength(9);
    expect(rows['details']?.[4]).toEqual({ id: '2-1', likes: 1, _comments__posts_id: 2 });
  });

  it('encodes what it puts into a path, once', async () => {
    const odd = ['a/b', 'ü %', 'x?y#z'];
    await using api = await startFakeApi([
      { path: '/posts', reply: { json: odd.map((id) => ({ id })) } },
      { path: '/p/:id', reply: ({ params }) => ({ json: { got: params['id'] } }) },
    ]);
    const rows = await rowsOf(config(api, { name: 'c', endpoint: { path: 'p/{resources.posts.id}', params: { q: 1 } } }));
    expect(rows['c']).toEqual(odd.map((got) => ({ got })));
  });

  it('puts no value into a path that leads elsewhere', async () => {
    await using api = await startFakeApi([{ path: '/posts', reply: { json: [{ id: '..' }] } }]);
    await expect(rowsOf(config(api, { name: 'c', endpoint: 'p/{resources.posts.id}' }))).rejects.toMatchObject({
      code: 'path_value_invalid',
    });
  });

  it('walks only the parents that are left after steps, and a parent that is not loaded', async () => {
    await using api = await blog();
    const rows = await rowsOf({
      client: { base_url: api.url },
      resources: [
        { name: 'comments', endpoint: { path: 'posts/{resources.posts.nr}/comments', paginator: paged } },
        { name: 'posts', selected: false, processing_steps: [{ filter: (row) => row['id'] !== 2, map: (row) => ({ nr: row['id'] }) }] },
      ],
    });
    expect(rows).toEqual({ comments: [...comments(1), ...comments(3)] });
  });

  it('says which field the parent lacks', async () => {
    await using api = await blog();
    await expect(rowsOf(config(api, { name: 'c', endpoint: 'posts/{resources.posts.meta.kind}/comments' }))).rejects.toMatchObject({
      code: 'parent_field_missing',
      message: 'Resource "c" needs the field `meta.kind` of "posts", which a row of "posts" does not have. It has `id`, `title`.',
    });
  });

  it('skips a parent whose response is ignored', async () => {
    await using api = await blog();
    const rows = await rowsOf(
      config(api, {
        name: 'c',
        endpoint: {
          path: 'missing/{resources.posts.id}',
          response_actions: [{ status_code: 404, action: 'ignore' }],
        },
      }),
    );
    expect(rows).toEqual({ posts });
  });

  it('may hang on rows from code', async () => {
    await using api = await blog();
    const rows = await rowsOf({
      client: { base_url: api.url, paginator: paged },
      resources: [
        { name: 'numbers', rows: () => [[{ n: 1 }], [{ n: 3 }]] },
        { name: 'comments', endpoint: 'posts/{resources.numbers.n}/comments', include_from_parent: ['n'] },
      ],
    });
    expect(rows['comments']).toEqual([1, 3].flatMap((n) => comments(n).map((row) => ({ ...row, _numbers_n: n }))));
  });
});
