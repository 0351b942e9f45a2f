import { describe, expect, it } from 'vitest';
import { bindPath } from './templates-bind.ts';
import { expandText } from './templates.ts';

const bind = (path: string, params: Readonly<Record<string, unknown>> = {}, hasIncremental = false) =>
  bindPath({ path, params, hasIncremental });
const filled = (path: string, params: Readonly<Record<string, unknown>>, values = {}) =>
  expandText(bind(path, params, true).template, values);

describe('bindPath', () => {
  it('puts plain parameters into the path and takes them out of the query', () => {
    const { template, params, problems } = bind('{version}/posts/{n}', { version: 'v1/beta', n: 7, sort: 'id' });
    expect(expandText(template, {})).toBe('v1/beta/posts/7');
    expect(params).toEqual({ sort: 'id' });
    expect(problems).toEqual([]);
  });

  it('does not change the parameters it is given', () => {
    const params = Object.freeze({ a: 1 });
    bind('{a}', params);
    expect(params).toEqual({ a: 1 });
  });

  it('writes values as Python does', () => {
    expect(filled('{t}/{n}/{l}', { t: true, n: null, l: [1, 'x'] })).toBe("True/None/[1, 'x']");
  });

  it('keeps format specifications, for later values as well', () => {
    const values = { 'resources.p.id': 7 };
    expect(filled('{a:03d}/{a!r}/{resources.p.id:0{w}d}', { a: 5, w: 4 }, values)).toBe('005/5/0007');
    expect(bind('{resources.p.id:0{w}d}', { w: 4, x: 1 }).params).toEqual({ x: 1 });
  });

  it('leaves braces of a value alone', () => expect(filled('{a}', { a: '{b}' })).toBe('{b}'));

  it('unescapes doubled braces once', () => expect(filled('a/{{lit}}', {})).toBe('a/{lit}'));

  it('lets an empty placeholder vanish', () => expect(filled('a/{}/x', {})).toBe('a//x'));

  it('leaves fields of the parent and of the incremental for the request', () => {
    const { template, resolved, params, problems } = bind(
      'c/{i}/z/{i}/{resources.p.x}/{incremental.start_value}',
      { i: { type: 'resolve', resource: 'p', field: 'id' }, q: 1 },
      true,
    );
    expect(problems).toEqual([]);
    expect(resolved).toEqual([{ name: 'i', resource: 'p', field: 'id' }]);
    expect(params).toEqual({ q: 1 });
    expect(expandText(template, { i: 1, 'resources.p.x': 2, 'incremental.start_value': 3 })).toBe('c/1/z/1/2/3');
  });

  it.each([
    ['{x}', {}, 'the path needs a parameter `x`', 'add `x` to `params`'],
    ['a/{id[0]}', { id: [1] }, 'the path needs a parameter `id[0]`', 'add `id[0]` to `params`'],
    ['{foo.x}', {}, '`foo.x` is not a placeholder that a path can have', 'use {resources.…}, or the name of a parameter'],
    [
      '{incremental.start_value}',
      {},
      'the path uses {incremental.start_value}, but the endpoint has no incremental',
      'add `incremental` to the endpoint',
    ],
    [
      '{s}',
      { s: { type: 'incremental' } },
      'a path cannot take the parameter `s` of type `incremental`',
      'use a plain value or the type `resolve`',
    ],
    [
      'a',
      { i: { type: 'resolve', resource: 'p', field: 'id' } },
      'the parameter `i` resolves a field for the path, but the path has no {i}',
      'write {resources.<parent>.<field>} where the value is sent',
    ],
    ['a/{x', { x: 1 }, 'a `{` is not closed', expect.stringContaining('{{')],
    ['{x:d}', { x: 'a' }, 'the value of `x` cannot be written: format `d` is not for a text', 'change the format'],
  ])('finds what is wrong with %s', (path, params, message, hint) => {
    expect(bind(path, params).problems).toEqual([expect.objectContaining({ message, hint })]);
  });

  it('finds all problems at once', () => expect(bind('{a}/{b}').problems.map(({ column }) => column)).toEqual([1, 5]));
});
