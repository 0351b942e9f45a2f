import { describe, expect, it } from 'vitest';
import type { ResourceHints } from '../../src/core/source.ts';
import { pagedSource } from './paged-source.ts';
import { newWorkFolder } from './work-folder.ts';

const HINTS: Readonly<Record<string, ResourceHints>> = {
  append: { write_disposition: 'append' },
  replace: { write_disposition: 'replace' },
  merge: { write_disposition: 'merge', primary_key: 'id' },
};
const row = (id: number) => ({ id, tags: [`t${id}`] });
const load = (first: number, hints: ResourceHints | undefined) =>
  pagedSource([{ name: 'items', pages: () => [[row(first), row(2)]], hints: hints ?? {} }]);

describe('a resource whose write disposition changes', () => {
  it.each([
    ['replace', 'append', [1, 2, 2, 3]],
    ['replace', 'merge', [1, 2, 3]],
    ['append', 'replace', [2, 3]],
    ['append', 'merge', [1, 2, 3]],
    ['merge', 'append', [1, 2, 2, 3]],
    ['merge', 'replace', [2, 3]],
  ])('from %s to %s keeps and drops rows as the new one says', async (before, after, ids) => {
    const place = newWorkFolder();
    await place.open().run(load(1, HINTS[before]));
    await place.open().run(load(3, HINTS[after]));
    expect(await place.query('SELECT id FROM data.items ORDER BY id')).toEqual(ids.map((id) => ({ id: String(id) })));
    const tags = await place.query('SELECT value FROM data.items__tags ORDER BY value');
    expect(tags).toEqual(ids.map((id) => ({ value: `t${id}` })));
  });
});
