import { describe, expect, it } from 'vitest';
import { fieldsOf } from './templates-fields.ts';

describe('fieldsOf', () => {
  it('finds placeholders in keys, values and formats, at any depth', () => {
    const { fields, problems } = fieldsOf({
      a: '{resources.p.id}',
      '{k}': ['x{y:>{w}}', 1, null, { b: '{{no}}' }],
    });
    expect(problems).toEqual([]);
    expect(fields).toEqual([
      { field: 'resources.p.id', path: ['a'], atKey: false, column: 1 },
      { field: 'k', path: ['{k}'], atKey: true, column: 1 },
      { field: 'y', path: ['{k}', 0], atKey: false, column: 2 },
      { field: 'w', path: ['{k}', 0], atKey: false, column: 6 },
    ]);
  });

  it('reports what is no template, with its place', () => {
    const { fields, problems } = fieldsOf({ query: 'query { posts { id } }', n: ['{}', '{x}'] });
    expect(fields.map(({ field }) => field)).toEqual(['x']);
    expect(problems).toEqual([
      expect.objectContaining({ path: ['query'], column: 15, message: 'there is a `{` inside of a placeholder' }),
      expect.objectContaining({ path: ['n', 0], column: 1, message: 'a placeholder has no name' }),
    ]);
  });

  it('reads a text alone, and leaves functions alone', () => {
    expect(fieldsOf('{a}').fields).toEqual([{ field: 'a', path: [], atKey: false, column: 1 }]);
    expect(fieldsOf([() => '{a}', undefined, 1n]).fields).toEqual([]);
  });
});
