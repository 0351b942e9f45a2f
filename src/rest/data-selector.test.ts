import { describe, expect, it } from 'vitest';
import type { Json } from '../core/json.ts';
import { compileJsonPath } from '../core/jsonpath.ts';
import { detectSelector, selectRows } from './data-selector.ts';

describe('selectRows', () => {
  const select = (body: Json | undefined, path: string) => selectRows(body, compileJsonPath(path));

  it.each<[string, Json, string, Json[]]>([
    ['a list as it is', { data: [1, 2] }, 'data', [1, 2]],
    ['an object as one row', { data: { id: 1 } }, 'data', [{ id: 1 }]],
    ['a scalar as one row', { data: 0 }, 'data', [0]],
    ['false as one row', { data: false }, 'data', [false]],
    ['null as no row', { data: null }, 'data', []],
    ['an empty list as no row', { data: [] }, 'data', []],
    ['several matches as rows', { groups: [{ items: [1] }, { items: [2, 3] }] }, 'groups[*].items', [[1], [2, 3]]],
    ['one match of many possible ones flat', { groups: [{ items: [1, 2] }] }, 'groups[*].items', [1, 2]],
    ['several nulls as rows', { a: [{ v: null }, { v: null }] }, 'a[*].v', [null, null]],
    ['the whole list', [1, 2], '$', [1, 2]],
    ['the whole object', { id: 1 }, '$', [{ id: 1 }]],
  ])('takes %s', (_, body, path, rows) => {
    expect(select(body, path)).toEqual({ rows, missed: false });
  });

  it('says when nothing matched, unless there is no body', () => {
    expect(select({ items: [] }, 'data')).toEqual({ rows: [], missed: true });
    expect(select({}, 'data')).toEqual({ rows: [], missed: true });
    expect(select(undefined, 'data')).toEqual({ rows: [], missed: false });
    expect(select(null, 'data')).toEqual({ rows: [], missed: false });
    expect(select(null, '$')).toEqual({ rows: [], missed: false });
  });
});

describe('detectSelector', () => {
  it.each<[string, Json | undefined, string]>([
    ['a list as a whole', [1], '$'],
    ['an object without lists as a whole', { id: 1, sub: { a: 1 } }, '$'],
    ['nothing', undefined, '$'],
    ['null', null, '$'],
    ['a known name before others', { errors: [{ code: 1 }], results: [] }, 'results'],
    ['a known name further in', { errors: [], page: { items: [{ id: 1 }] } }, 'page.items'],
    ['the first known name of the document', { _embedded: { values: [1] }, data: [{ id: 1 }] }, '_embedded.values'],
    ['known names in lower case only', { Tags: ['a'], Data: [{ id: 1 }] }, 'Data'],
    ['a list with objects before others', { tags: ['a'], posts: [{ id: 1 }] }, 'posts'],
    ['the first list with objects', { posts: [{ id: 1 }], users: [{ id: 2 }] }, 'posts'],
    ['the first list', { tags: ['a'], words: ['b'] }, 'tags'],
    ['a list outside of meta', { meta: { warnings: [{ code: 1 }] }, posts: [{ id: 1 }] }, 'posts'],
    ['an empty list outside of meta', { meta: { warnings: [{ code: 1 }] }, posts: [] }, 'posts'],
    ['no links', { links: [{ rel: 'next' }], posts: [{ id: 1 }] }, 'posts'],
    ['links when there is nothing else', { links: [{ rel: 'next' }] }, 'links'],
    ['a list three keys deep', { a: { b: { c: [{ id: 1 }] } } }, 'a.b.c'],
    ['no list four keys deep', { a: { b: { c: { d: [{ id: 1 }] } } } }, '$'],
    ['no list in a list', { a: [[1]] }, 'a'],
  ])('finds %s', (_, body, selector) => {
    expect(detectSelector(body).selector).toBe(selector);
  });

  it.each<[Json]>([
    [{ 'my rows': [1, 2] }],
    [{ 'a.b': { 'c-d': [1, 2] } }],
    [{ "it's": [1, 2] }],
    [{ 'say "x"': [1, 2] }],
    [{ null: [1, 2] }],
    [{ '': [1, 2] }],
  ])('writes a path that finds the rows again: %j', (body) => {
    expect(selectRows(body, compileJsonPath(detectSelector(body).selector)).rows).toEqual([1, 2]);
  });

  it('tells what else it could have been', () => {
    expect(detectSelector({ data: [], included: [{}], meta: { errors: [] } }).others).toEqual(['included', 'meta.errors']);
  });
});
