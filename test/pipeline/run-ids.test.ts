import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/core/events.ts';
import { pagedSource } from './paged-source.ts';
import { newWorkFolder } from './work-folder.ts';

const source = (asked: string[] = []) => pagedSource([{ name: 'items', pages: () => [[{ id: 1 }], [{ id: 2 }]] }], asked);
const ids = 'SELECT id FROM data.items ORDER BY id';

describe('a run with an id', () => {
  it('is run once, and gives its report to whoever runs it again', async () => {
    const place = newWorkFolder();
    const report = await place.open().run(source(), { runId: 'monday' });
    expect(report).toMatchObject({ run_id: 'monday', was_committed: false });
    const asked: string[] = [];
    const again = await place.open().run(source(asked), { runId: 'monday' });
    expect(again).toMatchObject({ run_id: 'monday', was_committed: true, load_id: report.load_id, resources: report.resources });
    expect(asked).toEqual([]);
    expect(await place.query(ids)).toHaveLength(2);
    expect(await place.open().run(source(), { runId: 'tuesday' })).toMatchObject({ was_committed: false });
    expect(await place.query(ids)).toHaveLength(4);
  });

  it('is over when it found nothing to load', async () => {
    const place = newWorkFolder();
    const empty = pagedSource([{ name: 'items', pages: () => [[]] }]);
    await place.open().run(source());
    expect(await place.open().run(empty, { runId: 'monday' })).toMatchObject({ load_id: null, was_committed: false });
    expect(await place.open().run(source(), { runId: 'monday' })).toMatchObject({ load_id: null, was_committed: true });
  });

  it('goes on under its id after it was stopped', async () => {
    const place = newWorkFolder();
    await stopped(place, 'monday');
    expect(await place.open().run(source(), { runId: 'monday' })).toMatchObject({ run_id: 'monday', resumed: true });
    expect(await place.open().run(source(), { runId: 'monday' })).toMatchObject({ was_committed: true });
  });

  it('waits for the unfinished run of another id, and says so', async () => {
    const place = newWorkFolder();
    await stopped(place, 'monday');
    expect(await place.open().run(source(), { runId: 'tuesday' })).toMatchObject({
      run_id: 'monday',
      resumed: true,
      warnings: [{ code: 'unfinished_run_first', message: expect.stringContaining('Run again for tuesday') as unknown }],
    });
    expect(await place.open().run(source(), { runId: 'tuesday' })).toMatchObject({ run_id: 'tuesday', was_committed: false });
  });

  it('is not loaded a second time from a log that was left elsewhere', async () => {
    const place = newWorkFolder();
    await stopped(place, 'monday');
    await place.open('data', `${place.workDir}-2`).run(source(), { runId: 'monday' });
    expect(await place.open().run(source(), { runId: 'monday' })).toMatchObject({ was_committed: true });
    expect(place.logs()).toEqual([]);
    expect(await place.query(ids)).toHaveLength(2);
  });

  it('has a row in the dataset, with its report', async () => {
    const place = newWorkFolder();
    const report = await place.open().run(source());
    await place.open().run(source(), { limit: 1 });
    const rows = await place.query('SELECT run_id, load_id, complete, report FROM data._syncline_runs ORDER BY finished_at');
    expect(rows).toMatchObject([{ run_id: report.run_id, load_id: report.load_id, complete: true }, { complete: false }]);
    expect(JSON.parse(rows[0]?.['report'] as string)).toMatchObject({ run_id: report.run_id, resources: [{ name: 'items', rows: 2 }] });
  });
});

/** Begins a run and stops it when all of its pages are there. */
async function stopped(place: ReturnType<typeof newWorkFolder>, runId: string): Promise<void> {
  const controller = new AbortController();
  const stop = (event: RunEvent): void => {
    if (event.type === 'load_started') controller.abort(new Error('stopped'));
  };
  await expect(place.open().run(source(), { runId, signal: controller.signal, emit: stop })).rejects.toThrow('stopped');
}
