import { describe, expect, it } from 'vitest';
import type { WalkedPage } from '../../src/core/source.ts';
import { type PagedResource, pagedSource } from './paged-source.ts';
import { newWorkFolder } from './work-folder.ts';

const users = (extra: Partial<WalkedPage>, more: Partial<PagedResource> = {}): PagedResource => ({
  name: 'users',
  hints: { write_disposition: 'replace', primary_key: 'id' },
  pages: () => [[{ id: 1 }, { id: 2 }], [{ id: 3 }]],
  extra: () => extra,
  ...more,
});

describe('a run with gaps', () => {
  it.each([
    ['total_not_reached', { total: 5 }],
    ['next_not_followed', { unfollowed: 'body: paging.next' }],
  ] as const)('is not complete with %s, and replaces nothing', async (code, extra) => {
    const place = newWorkFolder();
    await using pipeline = place.open();
    expect(await pipeline.run(pagedSource([users({})]))).toMatchObject({ complete: true, gaps: [] });
    const posts: PagedResource = { name: 'posts', parent: 'users', pages: () => [[{ id: 9 }]] };
    const report = await pipeline.run(pagedSource([users(extra), posts]));
    expect(report).toMatchObject({
      complete: false,
      incomplete_reasons: [
        { resource: 'users', code },
        { resource: 'users', code: 'not_loaded' },
        { resource: 'posts', code },
      ],
      gaps: [{ resource: 'users', code, count: code === 'total_not_reached' ? 2 : 1 }],
      resources: [
        { name: 'users', advertised_total: code === 'total_not_reached' ? 5 : null },
        { name: 'posts', rows: 3 },
      ],
    });
    expect(await place.query('SELECT id FROM data.users ORDER BY id')).toHaveLength(3);
  });

  it('is not complete when the total fell', async () => {
    await using pipeline = newWorkFolder().open();
    const report = await pipeline.run(pagedSource([users({}, { extra: (index) => ({ total: 4 - index }) })]));
    expect(report).toMatchObject({ complete: false, gaps: [{ code: 'total_shrank', count: 1 }] });
  });

  it('reports the total that the paginator reads, not a later guess', async () => {
    await using pipeline = newWorkFolder().open();
    const extra = (index: number) => (index === 0 ? { total: 3 } : { total: 99, totalIsGuess: true });
    expect(await pipeline.run(pagedSource([users({}, { extra })]))).toMatchObject({
      complete: true,
      resources: [{ advertised_total: 3 }],
    });
  });

  it('is complete with what is only named, which says what to do', async () => {
    await using pipeline = newWorkFolder().open();
    const pages = () => [
      [{ id: 1 }, { id: 2 }],
      [{ id: 2 }, { id: 3 }],
    ];
    const report = await pipeline.run(pagedSource([users({ full: true, total: 3 }, { pages })]));
    expect(report).toMatchObject({ complete: true, incomplete_reasons: [] });
    expect(report.gaps.map(({ code, count }) => [code, count])).toEqual([
      ['page_full', 1],
      ['duplicates', 1],
    ]);
    for (const { message } of report.gaps) expect(message).toMatch(/^users: .+\. .+\.$/);
  });
});
