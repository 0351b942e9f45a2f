import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/core/events.ts';
import { pagedSource } from './paged-source.ts';
import { newWorkFolder, type WorkFolder } from './work-folder.ts';

const source = (asked: string[] = []) => pagedSource([{ name: 'items', pages: () => [[{ id: 1 }], [{ id: 2 }]] }], asked);
const ids = 'SELECT id FROM data.items ORDER BY id';

/** Runs and keeps the log. */
async function keptLog(place: WorkFolder): Promise<{ readonly dir: string; readonly loadId: string | null }> {
  const kept: string[] = [];
  const emit = (event: RunEvent): void => {
    if (event.type === 'log_kept') kept.push(event.dir);
  };
  const { load_id: loadId } = await place.open().run(source(), { keepLog: true, emit });
  expect(kept).toEqual([expect.stringMatching(/\.kept$/)]);
  return { dir: kept[0] ?? '', loadId };
}

describe('a page log that was kept', () => {
  it('is loaded again under its own id where the dataset lacks it, without asking', async () => {
    const place = newWorkFolder();
    const { dir, loadId } = await keptLog(place);
    const other = newWorkFolder();
    const asked: string[] = [];
    const report = await other.open().replay(source(asked), dir);
    expect(report).toMatchObject({ load_id: loadId, resumed: false, complete: true, resources: [{ pages: 2, rows: 2 }] });
    expect(asked).toEqual([]);
    for (const sql of ['SELECT id, _dlt_id FROM data.items ORDER BY id', 'SELECT load_id FROM data._dlt_loads'])
      expect(await other.query(sql)).toEqual(await place.query(sql));
    expect(place.logs()).toEqual([expect.stringMatching(/\.kept$/)]);
  });

  it('is loaded as a new load where it was loaded already, with row ids of its own', async () => {
    const place = newWorkFolder();
    const { dir, loadId } = await keptLog(place);
    const report = await place.open().replay(source(), dir);
    expect(Number(report.load_id)).toBeGreaterThan(Number(loadId));
    expect(await place.query(ids)).toHaveLength(4);
    expect(await place.query('SELECT count(DISTINCT _dlt_id) AS n FROM data.items')).toEqual([{ n: '4' }]);
  });

  it('is loaded once under a name, whatever was loaded before', async () => {
    const place = newWorkFolder();
    const { dir } = await keptLog(place);
    const first = await place.open().replay(source(), dir, { runId: 'again' });
    expect(first).toMatchObject({ run_id: 'again', was_committed: false });
    const second = await place.open().replay(source(), dir, { runId: 'again' });
    expect(second).toMatchObject({ run_id: 'again', load_id: first.load_id, was_committed: true });
    expect(await place.query(ids)).toHaveLength(4);

    const other = newWorkFolder();
    await other.open().replay(source(), dir, { runId: 'once' });
    await other.open().replay(source(), dir, { runId: 'once' });
    expect(await other.query(ids)).toHaveLength(2);
    await expect(other.open().replay(source(), dir, { runId: ' ' })).rejects.toMatchObject({ code: 'run_id' });
  });

  it('is not in the way of the next run', async () => {
    const place = newWorkFolder();
    await keptLog(place);
    expect(await place.open().run(source())).toMatchObject({ resumed: false, was_committed: false });
  });

  it('must be a log, complete, and of the source', async () => {
    const place = newWorkFolder();
    const { dir } = await keptLog(place);
    await expect(place.open().replay(source(), `${dir}-no`)).rejects.toMatchObject({ code: 'not_a_page_log' });
    await expect(place.open().replay({ ...source(), name: 'other' }, dir)).rejects.toMatchObject({ code: 'replay_source' });
    const controller = new AbortController();
    const emit = (event: RunEvent): void => {
      if (event.type === 'page') controller.abort(new Error('stopped'));
    };
    await expect(place.open().run(source(), { signal: controller.signal, emit })).rejects.toThrow('stopped');
    const unfinished = place.logs().find((name) => !name.endsWith('.kept')) ?? '';
    await expect(place.open().replay(source(), `${place.workDir}/p/${unfinished}`)).rejects.toMatchObject({ code: 'log_not_complete' });
  });
});
