import { describe, expect, it } from 'vitest';
import { createSecrets } from '../core/secret.ts';
import type { WalkedPage, WalkOptions } from '../core/source.ts';
import { walkRows } from './custom-resource.ts';
import type { RowLists } from './rest-api-config.ts';

const lists = async function* () {
  yield [{ id: 1 }, { id: 2n ** 60n }];
  yield [];
  yield [{ at: new Date(0) }];
};

async function pagesOf(rows: RowLists, options?: WalkOptions): Promise<WalkedPage[]> {
  const pages: WalkedPage[] = [];
  for await (const page of walkRows(rows, { resource: 'own', secrets: createSecrets() }, options)) pages.push(page);
  return pages;
}

const bodies = (pages: readonly WalkedPage[]) => pages.map((page) => Buffer.from(page.body).toString());

describe('walkRows', () => {
  it('gives each list as a page, the last with a reason', async () => {
    const pages = await pagesOf(lists);
    expect(bodies(pages)).toEqual(['[{"id":1},{"id":1152921504606846976}]', '[]', '[{"at":"1970-01-01T00:00:00.000Z"}]']);
    expect(pages.map(({ next, stop }) => next?.cursor ?? stop)).toEqual([1, 2, 'next_missing']);
  });

  it('goes on where it was', async () => {
    const pages = await pagesOf(lists, { after: { cursor: 2 }, index: 2 });
    expect(pages).toEqual([expect.objectContaining({ index: 2, rowCount: 1, stop: 'next_missing' })]);
  });

  it('gives no more once it is paused, and goes on without a gap', async () => {
    expect(await pagesOf(lists, { paused: () => true })).toEqual([]);
    let checks = 0;
    const [first, ...more] = await pagesOf(lists, { paused: () => checks++ > 0 });
    expect([first?.index, more]).toEqual([0, []]);
    expect((await pagesOf(lists, { index: 1, ...(first?.next && { after: first.next }) })).map(({ index }) => index)).toEqual([1, 2]);
  });

  it('is one empty page when there is nothing, and takes rows that are not in lists', async () => {
    expect(bodies(await pagesOf(() => []))).toEqual(['[]']);
    expect(bodies(await pagesOf(() => [{ id: 1 }] as never))).toEqual(['[{"id":1}]']);
  });

  it('says which function failed', async () => {
    const rows = () => {
      throw new Error('no luck');
    };
    await expect(pagesOf(rows)).rejects.toMatchObject({
      code: 'rows_failed',
      message: 'The function rows of resource "own" failed: no luck',
    });
  });
});
