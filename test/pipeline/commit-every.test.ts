import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/core/events.ts';
import type { RunOptions } from '../../src/pipeline/run-options.ts';
import { pagedSource, type PagedResource } from './paged-source.ts';
import { newWorkFolder, type WorkFolder } from './work-folder.ts';

const pagesOf = (count: number, row: (id: number) => unknown): readonly (readonly unknown[])[] =>
  Array.from({ length: count }, (_, page) => [row(2 * page), row(2 * page + 1)]);
const resources: readonly PagedResource[] = [
  { name: 'events', pages: () => pagesOf(6, (id) => ({ id, tags: ['a', 'b'] })) },
  { name: 'users', pages: () => pagesOf(3, (id) => ({ id })), hints: { write_disposition: 'merge', primary_key: 'id' } },
  { name: 'posts', parent: 'users', pages: (user) => pagesOf(2, (id) => ({ id: 100 * (user as { id: number }).id + id })) },
  { name: 'prices', pages: () => pagesOf(3, (id) => ({ id })), hints: { write_disposition: 'replace' } },
];
const source = (asked?: string[]) => pagedSource(resources, asked);
const every: RunOptions = { commitEvery: { rows: 8 } };
const tables = ['events', 'events__tags', 'users', 'posts', 'prices'];

async function contents(place: WorkFolder): Promise<unknown> {
  const all: Record<string, unknown> = {};
  for (const table of tables) all[table] = await place.query(`SELECT * EXCLUDE (${ids(table)}) FROM data.${table} ORDER BY ALL`);
  const joined = 'SELECT e.id, t.value FROM data.events e JOIN data.events__tags t ON t._dlt_parent_id = e._dlt_id ORDER BY ALL';
  return { ...all, joined: await place.query(joined) };
}
const ids = (table: string): string => (table.includes('__') ? '_dlt_id, _dlt_parent_id' : '_dlt_id, _dlt_load_id');

async function uncut(): Promise<{ readonly contents: unknown; readonly asked: string[] }> {
  const place = newWorkFolder();
  const asked: string[] = [];
  await place.open().run(source(asked));
  return { contents: await contents(place), asked: asked.toSorted() };
}

describe('a run that is committed in parts', () => {
  it('loads early and in all what one load would, and replaces once at the end', async () => {
    const place = newWorkFolder();
    const asked: string[] = [];
    const seen: { readonly load: string; readonly prices: boolean }[] = [];
    const emit = (event: RunEvent): void => {
      if (event.type === 'rows_loaded' && event.table === 'prices') seen.push({ load: 'prices', prices: true });
      if (event.type === 'committed') seen.push({ load: event.loadId, prices: false });
    };
    const report = await place.open().run(source(asked), { ...every, emit });
    const whole = await uncut();
    expect(await contents(place)).toEqual(whole.contents);
    expect(asked.toSorted()).toEqual(whole.asked);
    expect(report.load_ids.length).toBeGreaterThan(3);
    expect(report).toMatchObject({
      complete: true,
      load_id: report.load_ids.at(-1),
      resources: [
        { name: 'events', pages: 6, walks: 1, rows: 12 },
        { name: 'users', pages: 3, rows: 6 },
        { name: 'posts', walks: 6, pages: 12, rows: 24 },
        { name: 'prices', rows: 6 },
      ],
    });
    expect(report.tables).toContainEqual({ name: 'events', rows: 12 });
    expect(seen.findIndex(({ prices }) => prices)).toBeGreaterThan(seen.findLastIndex(({ load }) => load === report.load_ids.at(-2)));
    const loads = await place.query('SELECT load_id FROM data._dlt_loads ORDER BY load_id');
    expect(loads.map((row) => row['load_id'])).toEqual(report.load_ids);
    expect(await place.query('SELECT run_id, load_id FROM data._syncline_runs')).toEqual([
      { run_id: report.run_id, load_id: report.load_id },
    ]);
    expect(await place.query('SELECT count(DISTINCT _dlt_id) AS n FROM data.events')).toEqual([{ n: '12' }]);
    expect(place.logs()).toEqual([]);
  });

  it.each(['page', 'load_started', 'rows_loaded', 'committed', 'walk_ended'] as const)(
    'stopped at every %s in turn, it goes on in the same part and loads nothing twice',
    async (type) => {
      const place = newWorkFolder();
      const asked: string[] = [];
      for (let stops = 0; ; stops += 1) {
        expect(stops).toBeLessThan(40);
        const controller = new AbortController();
        let events = 0;
        const emit = (event: RunEvent): void => {
          // Each invocation gets a little further than the one before.
          if (event.type === type && (events += 1) === 1 + stops) controller.abort(new Error('stopped'));
        };
        const report = await place
          .open()
          .run(source(asked), { ...every, emit, signal: controller.signal, runId: 'r' })
          .catch((error: unknown) => {
            if (controller.signal.aborted) return undefined;
            throw error;
          });
        if (!report) continue;
        expect(report).toMatchObject({ complete: true, resources: [{ rows: 12 }, { rows: 6 }, { rows: 24 }, { rows: 6 }] });
        expect((await place.query('SELECT load_id FROM data._dlt_loads ORDER BY load_id')).map((row) => row['load_id'])).toEqual(
          report.load_ids,
        );
        break;
      }
      const whole = await uncut();
      expect(await contents(place)).toEqual(whole.contents);
      expect([...new Set(asked)].toSorted()).toEqual(whole.asked);
      expect(place.logs()).toEqual([]);
    },
  );

  it('takes the size from the source, and an option before it', async () => {
    const place = newWorkFolder();
    const cut = { ...source(), commitEvery: { bytes: 100 } };
    expect((await place.open().run(cut)).load_ids.length).toBeGreaterThan(2);
    expect(
      (
        await newWorkFolder()
          .open()
          .run(cut, { commitEvery: { rows: 1000 } })
      ).load_ids,
    ).toHaveLength(1);
    expect((await newWorkFolder().open().run(cut, { strict: true })).load_ids).toHaveLength(1);
  });

  it('is refused where all or nothing is to be loaded, or the log kept', async () => {
    const place = newWorkFolder();
    for (const option of [{ strict: true }, { keepLog: true }])
      await expect(place.open().run(source(), { ...every, ...option })).rejects.toMatchObject({ code: 'commit_every_conflict' });
  });

  it('leaves no log that could be taken for all of it', async () => {
    const place = newWorkFolder();
    const controller = new AbortController();
    const emit = (event: RunEvent): void => {
      if (event.type === 'committed') controller.abort(new Error('stopped'));
    };
    await expect(place.open().run(source(), { ...every, emit, signal: controller.signal })).rejects.toThrow('stopped');
    const rest = place.logs().toSorted().at(-1) ?? '';
    await expect(place.open().replay(source(), `${place.workDir}/p/${rest}`)).rejects.toMatchObject({ code: 'log_of_part' });
    const report = await place.open().run(source(), { keepLog: true });
    expect(report).toMatchObject({ resumed: true, complete: true, warnings: [{ code: 'log_not_kept' }] });
    expect(place.logs()).toEqual([]);
  });
});
