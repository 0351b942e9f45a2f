import { describe, expect, it } from 'vitest';
import type { Json } from '../core/json.ts';
import { includedValues, includeInRows } from './include-from-parent.ts';

const inclusion = { resource: 'comments', parent: 'posts', fields: ['id', 'a.b'] };

describe('include_from_parent', () => {
  it('takes keys, not paths, of the parent row', () => {
    expect(includedValues(inclusion, { id: null, 'a.b': { c: 1 } })).toEqual({ _posts_id: null, '_posts_a.b': { c: 1 } });
    expect(() => includedValues(inclusion, { id: 1, a: { b: 2 } })).toThrow(
      'Resource "comments" includes the field `a.b` of "posts", which a row of "posts" does not have. It has `id`, `a`.',
    );
  });

  it('wins over what a row has', () => {
    const rows: Json[] = [{ _posts_id: 'own', x: 1 }, { x: 2 }];
    includeInRows(rows, { _posts_id: 7 }, 'comments');
    expect(rows).toEqual([
      { _posts_id: 7, x: 1 },
      { x: 2, _posts_id: 7 },
    ]);
  });

  it('needs objects', () => {
    expect(() => includeInRows([1], { _posts_id: 7 }, 'comments')).toThrow(expect.objectContaining({ code: 'include_needs_objects' }));
  });
});
