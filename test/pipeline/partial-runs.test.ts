import { describe, expect, it } from 'vitest';
import type { ResourceHints } from '../../src/core/source.ts';
import { pagedSource } from './paged-source.ts';
import { newWorkFolder } from './work-folder.ts';

const two = [[{ id: 1 }], [{ id: 2 }]];
const items = (pages: readonly (readonly unknown[])[], hints: ResourceHints = {}) => ({ name: 'items', pages: () => pages, hints });
const ids = 'SELECT id FROM data.items ORDER BY id';
const rows = (...list: readonly number[]) => list.map((id) => ({ id: String(id) }));

describe('a run with a limit', () => {
  it('loads what it asked for, and says that this is not all', async () => {
    const place = newWorkFolder();
    const report = await place.open().run(pagedSource([items(two)]), { limit: 1 });
    expect(report).toMatchObject({
      complete: false,
      incomplete_reasons: [{ resource: 'items', code: 'limit_reached' }],
      resources: [{ pages: 1, stop_reasons: { limit_reached: 1 } }],
    });
    expect(await place.query(ids)).toEqual(rows(1));
  });

  it('is complete when the API has no more pages', async () => {
    const place = newWorkFolder();
    expect(await place.open().run(pagedSource([items(two)]), { limit: 2 })).toMatchObject({ complete: true });
  });

  it.each([
    ['replace', { write_disposition: 'replace' }],
    ['scd2', { write_disposition: { disposition: 'merge', strategy: 'scd2' } }],
    ['delete-insert by merge key', { write_disposition: 'merge', merge_key: 'id' }],
  ] as const)('never deletes what it did not ask for: %s', async (_name, hints) => {
    const place = newWorkFolder();
    expect(await place.open().run(pagedSource([items([[{ id: 7 }], [{ id: 8 }]], hints)]), { limit: 1 })).toMatchObject({
      tables: [{ rows: 1 }],
    });
    const report = await place.open().run(pagedSource([items(two, hints)]), { limit: 1 });
    expect(report.incomplete_reasons.map(({ code }) => code)).toEqual(['limit_reached', 'not_loaded']);
    expect(report.load_id).toBeNull();
    expect(await place.query(ids)).toEqual(rows(7));
  });

  it('is not finished by a run that wants all', async () => {
    const place = newWorkFolder();
    const asked: string[] = [];
    let broken = true;
    const before = (index: number): void => {
      if (index === 1 && broken) throw new Error('broke');
    };
    const source = pagedSource([{ ...items([...two, [{ id: 3 }]]), before }], asked);
    await expect(place.open().run(source, { limit: 2 })).rejects.toThrow('broke');
    broken = false;
    const report = await place.open().run(source);
    expect(report).toMatchObject({ resumed: false, complete: true, warnings: [{ code: 'unfinished_run_set_aside' }] });
    expect(await place.query(ids)).toEqual(rows(1, 2, 3));
  });
});

describe('a strict run', () => {
  it('loads nothing when it is not complete, says so, and begins anew the next time', async () => {
    const place = newWorkFolder();
    const source = pagedSource([items(two), { name: 'others', pages: () => [[{ id: 5 }]] }]);
    const report = await place.open().run(source, { limit: 1, strict: true, runId: 'monday' });
    expect(report).toMatchObject({ complete: false, load_id: null, tables: [], resources: [{ rows: 1 }, { rows: 1 }] });
    expect(report.incomplete_reasons.map(({ resource, code }) => [resource, code])).toEqual([
      ['items', 'limit_reached'],
      ['items', 'not_loaded'],
      ['others', 'not_loaded'],
    ]);
    expect(place.logs()).toEqual([]);
    expect(await place.query('SELECT run_id, load_id, complete FROM data._syncline_runs')).toEqual([
      { run_id: 'monday', load_id: null, complete: false },
    ]);
    expect(await place.open().run(source, { strict: true, runId: 'monday' })).toMatchObject({ complete: true, was_committed: false });
    expect(await place.query(ids)).toEqual(rows(1, 2));
  });
});

describe('replace', () => {
  const replace = { write_disposition: 'replace' } as const;

  it('empties the table when no row comes, with its nested tables', async () => {
    const place = newWorkFolder();
    await place.open().run(pagedSource([items([[{ id: 1, tags: ['a'] }]], replace)]));
    const report = await place.open().run(pagedSource([items([[]], replace)]));
    expect(report.load_id).not.toBeNull();
    expect(await place.query('SELECT (SELECT count(*) FROM data.items) AS items, (SELECT count(*) FROM data.items__tags) AS tags')).toEqual(
      [{ items: '0', tags: '0' }],
    );
  });

  it('leaves tables alone that nested hints gave keys of their own', async () => {
    const place = newWorkFolder();
    const hints: ResourceHints = { ...replace, nested_hints: { lines: { primary_key: 'n' } } };
    await place.open().run(pagedSource([items([[{ id: 1, lines: [{ n: 1 }] }]], hints)]));
    await place.open().run(pagedSource([items([[{ id: 2, lines: [{ n: 2 }] }]], hints)]));
    expect(await place.query(ids)).toEqual(rows(2));
    expect(await place.query('SELECT n FROM data.items__lines ORDER BY n')).toEqual([{ n: '1' }, { n: '2' }]);
  });
});

describe('a full refresh', () => {
  it('replaces the tables of the resources that it loads, and no others', async () => {
    const place = newWorkFolder();
    const others = { name: 'others', pages: () => [[{ id: 5 }]] };
    await place.open().run(pagedSource([items(two), others]));
    await place.open().run(pagedSource([items([[{ id: 9, tags: [1] }]]), others]), { resources: ['items'], fullRefresh: true });
    expect(await place.query(ids)).toEqual(rows(9));
    expect(await place.query('SELECT count(*) AS n FROM data.others')).toEqual([{ n: '1' }]);
    await place.open().run(pagedSource([items([[]]), others]), { resources: ['items'], fullRefresh: true });
    expect(await place.query(ids)).toEqual([]);
  });

  it('does not empty a table for a part of the rows', async () => {
    const place = newWorkFolder();
    await place.open().run(pagedSource([items(two)]));
    expect(await place.open().run(pagedSource([items(two)]), { fullRefresh: true, limit: 1 })).toMatchObject({
      complete: false,
      load_id: null,
    });
    expect(await place.query(ids)).toEqual(rows(1, 2));
  });
});

describe('dependent resources', () => {
  const posts = { name: 'posts', pages: () => [[{ id: 1 }, { id: 2 }], [{ id: 3 }]] };
  const comments = { name: 'comments', parent: 'posts', pages: (row: unknown) => [[{ id: (row as { id: number }).id * 10 }]] };

  it('are walked for each row of their parent, which need not be loaded', async () => {
    const place = newWorkFolder();
    const report = await place.open().run(pagedSource([posts, comments]), { resources: ['comments'] });
    expect(report.resources).toMatchObject([
      { name: 'posts', loaded: false, walks: 1, rows: 3 },
      { name: 'comments', loaded: true, walks: 3, rows: 3 },
    ]);
    expect(report.tables).toEqual([{ name: 'comments', rows: 3 }]);
    expect(
      await place.query(
        `SELECT table_name AS t FROM duckdb_tables() WHERE schema_name = 'data' AND table_name NOT LIKE '\\_%' ESCAPE '\\'`,
      ),
    ).toEqual([{ t: 'comments' }]);
  });

  it('are not complete when their parent is not', async () => {
    const place = newWorkFolder();
    const report = await place.open().run(pagedSource([{ ...posts, pages: () => [[{ id: 1 }], [{ id: 2 }]] }, comments]), { limit: 1 });
    expect(report.incomplete_reasons.map(({ resource }) => resource)).toEqual(['posts', 'comments']);
  });

  it('warn when their data selector never matched', async () => {
    const place = newWorkFolder();
    const report = await place.open().run(pagedSource([posts, { ...comments, pages: () => [[]], selectorMissed: true }]));
    expect(report).toMatchObject({ complete: true, warnings: [{ code: 'selector_never_matched', resource: 'comments' }] });
    expect(report.resources[1]).toMatchObject({ selector_missed_pages: 3 });
  });
});
