import { cpSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/core/events.ts';
import { pagedSource, type PagedResource } from './paged-source.ts';
import { newWorkFolder } from './work-folder.ts';

const messages = (pages: readonly (readonly unknown[])[], change: Partial<PagedResource> = {}): PagedResource => ({
  name: 'messages',
  pages: () => pages,
  ...change,
});
const first = [{ id: 1, tags: ['a', 'b'] }, { id: 2 }];
const second = [{ id: 3, price: 1.5 }];
const ids = 'SELECT id FROM data.messages ORDER BY id';
/** Fails before it gives the page at `index`, as often as told. */
const failingAt = (index: number, times = 1) => {
  let left = times;
  return (at: number): void => {
    if (at === index && left > 0) {
      left -= 1;
      throw new Error('the connection broke');
    }
  };
};

describe('pipeline', () => {
  it('makes a load of rows that a contract discards, as dlt does', async () => {
    const place = newWorkFolder();
    const hints = { schema_contract: { columns: 'discard_row' } } as const;
    await place.open().run(pagedSource([messages([[{ id: 1 }]], { hints })]));
    const report = await place.open().run(pagedSource([messages([[{ id: 2, more: true }]], { hints })]));
    expect(await place.query(ids)).toEqual([{ id: '1' }]);
    expect(await place.query('SELECT load_id FROM data._dlt_loads ORDER BY load_id DESC')).toEqual([
      { load_id: report.load_id },
      { load_id: expect.any(String) as unknown },
    ]);
  });

  it('makes no load of rows whose table a contract does not let in, as dlt does', async () => {
    const place = newWorkFolder();
    const source = () => pagedSource([messages([first], { hints: { schema_contract: { tables: 'discard_row' } } })]);
    await place.open().run(source());
    expect(await place.open().run(source())).toMatchObject({ load_id: null });
  });

  it('loads a source and reports it', async () => {
    const place = newWorkFolder();
    await using pipeline = place.open();
    const events: RunEvent[] = [];
    const report = await pipeline.run(pagedSource([messages([first, second])]), { emit: (event) => events.push(event) });
    expect(report).toMatchObject({
      pipeline: 'p',
      dataset: 'data',
      destination: `duckdb:${place.file}`,
      source: 'api',
      resumed: false,
      complete: true,
      incomplete_reasons: [],
      resources: [
        {
          name: 'messages',
          loaded: true,
          walks: 1,
          pages: 2,
          requests: 2,
          retries: 0,
          rows_received: 3,
          rows: 3,
          stop_reasons: { next_missing: 1 },
          selector_missed_pages: 0,
        },
      ],
      tables: [
        { name: 'messages', rows: 3 },
        { name: 'messages__tags', rows: 2 },
      ],
      warnings: [],
    });
    expect(report.schema_changes.map(({ table, change }) => `${change} ${table}`)).toContain('create_table messages__tags');
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(await place.query(ids)).toEqual([{ id: '1' }, { id: '2' }, { id: '3' }]);
    expect(await place.query('SELECT load_id, schema_name, status FROM data._dlt_loads')).toEqual([
      { load_id: report.load_id, schema_name: 'api', status: '0' },
    ]);
    expect(await place.query('SELECT version, engine_version, pipeline_name, _dlt_load_id FROM data._dlt_pipeline_state')).toEqual([
      { version: '1', engine_version: '4', pipeline_name: 'p', _dlt_load_id: report.load_id },
    ]);
    expect(events.map(({ type }) => type).filter((type) => type !== 'page' && type !== 'request' && type !== 'rows_loaded')).toEqual([
      'run_started',
      'walk_started',
      'walk_ended',
      'load_started',
      'committed',
    ]);
    expect(place.logs()).toEqual([]);
  });

  it('commits nothing when there is nothing to load', async () => {
    const place = newWorkFolder();
    const first = await place.open().run(pagedSource([messages([[{ id: 1 }]])]));
    const report = await place.open().run(pagedSource([messages([[]])]));
    expect(report).toMatchObject({ load_id: null, complete: true, tables: [] });
    expect(await place.query('SELECT load_id FROM data._dlt_loads')).toEqual([{ load_id: first.load_id }]);
    expect(place.logs()).toEqual([]);
  });

  it('leaves the database alone when the source fails, and goes on at the next page', async () => {
    const place = newWorkFolder();
    const asked: string[] = [];
    const source = pagedSource([messages([first, second, [{ id: 4 }]], { before: failingAt(1) })], asked);
    const events: RunEvent[] = [];
    await expect(place.open().run(source, { emit: (event) => events.push(event) })).rejects.toThrow('the connection broke');
    expect(existsSync(place.file)).toBe(false);
    expect(events).toContainEqual(expect.objectContaining({ type: 'warning', code: 'pages_kept' }));
    const [loadId] = place.logs();
    const report = await place.open().run(source);
    expect(report).toMatchObject({ resumed: true, load_id: loadId, resources: [{ pages: 3, requests: 2, rows: 4 }] });
    expect(asked).toEqual(['messages null 0', 'messages null 1', 'messages null 2']);
    expect(await place.query(ids)).toEqual(['1', '2', '3', '4'].map((id) => ({ id })));
    expect(place.logs()).toEqual([]);
  });

  it('keeps no log of a run that brought no page', async () => {
    const place = newWorkFolder();
    await expect(place.open().run(pagedSource([messages([first], { before: failingAt(0) })]))).rejects.toThrow('broke');
    expect(place.logs()).toEqual([]);
  });

  it('deletes the log of a run that was committed, and loads it no second time', async () => {
    const place = newWorkFolder();
    const asked: string[] = [];
    const source = pagedSource([messages([first, second])], asked);
    const copy = `${place.workDir}-copy`;
    const before = await place.open().run(source, {
      emit: (event) => {
        if (event.type === 'committed') cpSync(place.workDir, copy, { recursive: true });
      },
    });
    const leave = (): void =>
      cpSync(join(copy, 'p', before.load_id ?? ''), join(place.workDir, 'p', before.load_id ?? ''), { recursive: true });
    leave();
    const events: string[] = [];
    const report = await place.open().run(source, { emit: ({ type }) => events.push(type) });
    expect(events).toEqual([]);
    expect(report).toMatchObject({ was_committed: true, load_id: before.load_id, complete: true, resources: [{ pages: 2, rows: 3 }] });
    expect(asked).toHaveLength(2);
    expect(place.logs()).toEqual([]);
    expect(await place.query(ids)).toHaveLength(3);
    leave();
    const refreshed = await place.open().run(source, { fullRefresh: true });
    expect(refreshed).toMatchObject({ was_committed: false, resources: [{ requests: 2 }] });
    expect(refreshed.load_id).not.toBe(before.load_id);
    expect(place.logs()).toEqual([]);
  });

  it('sets a run aside that the configuration does not fit any more, and says so', async () => {
    const place = newWorkFolder();
    await expect(place.open().run(pagedSource([messages([first, second], { before: failingAt(1) })]))).rejects.toThrow('broke');
    const report = await place.open().run(pagedSource([messages([[{ id: 9 }]])], [], 'another'));
    expect(report).toMatchObject({
      resumed: false,
      warnings: [{ code: 'unfinished_run_set_aside', message: expect.stringContaining('configuration has changed') as unknown }],
    });
    expect(place.logs()).toEqual([expect.stringMatching(/\.stale$/)]);
    expect(await place.query(ids)).toEqual([{ id: '9' }]);
  });

  it('finishes a run whose pages are all there, although what makes requests has changed, and asks for nothing', async () => {
    const place = newWorkFolder();
    const source = pagedSource([messages([first, second])]);
    const controller = new AbortController();
    const stop = (event: RunEvent): void => {
      if (event.type === 'load_started') controller.abort(new Error('stopped'));
    };
    const before = { ...source, rowsFingerprint: 'rows' };
    await expect(place.open().run(before, { signal: controller.signal, emit: stop })).rejects.toThrow('stopped');
    const asked: string[] = [];
    const changed = { ...pagedSource([messages([[{ id: 9 }]])], asked, 'another'), rowsFingerprint: 'rows' };
    expect(await place.open().run(changed)).toMatchObject({
      resumed: true,
      complete: true,
      warnings: [{ code: 'unfinished_run_first', message: expect.stringContaining('configuration has changed') as unknown }],
    });
    expect(asked).toEqual([]);
    expect(await place.query(ids)).toHaveLength(3);
    expect(await place.open().run(changed)).toMatchObject({ resumed: false, resources: [{ rows: 1 }] });
  });

  it('abandons an unfinished run when it is told to', async () => {
    const place = newWorkFolder();
    const source = pagedSource([messages([first, second], { before: failingAt(1) })]);
    await expect(place.open().run(source)).rejects.toThrow('broke');
    expect(await place.open().run(source, { discard: true })).toMatchObject({ resumed: false, resources: [{ requests: 2 }] });
    expect(place.logs()).toEqual([]);
  });

  it('abandons also one whose log cannot be read', async () => {
    const place = newWorkFolder();
    const source = pagedSource([messages([first, second], { before: failingAt(1) })]);
    await expect(place.open().run(source)).rejects.toThrow('broke');
    writeFileSync(join(place.workDir, 'p', place.logs()[0] ?? '', '000001.pages'), 'this is no page log');
    await expect(place.open().run(source)).rejects.toMatchObject({ code: 'page_log_corrupt' });
    expect(await place.open().run(source, { discard: true })).toMatchObject({ resumed: false, complete: true });
    expect(place.logs()).toEqual([]);
  });

  it('finishes an unfinished run with its own options first', async () => {
    const place = newWorkFolder();
    const source = pagedSource([messages([first, second], { before: failingAt(1) }), { name: 'users', pages: () => [[{ id: 7 }]] }]);
    await expect(place.open().run(source, { resources: ['messages'] })).rejects.toThrow('broke');
    const report = await place.open().run(source, { resources: ['users'] });
    expect(report).toMatchObject({ resumed: true, resources: [{ name: 'messages' }], warnings: [{ code: 'unfinished_run_first' }] });
    expect((await place.open().run(source, { resources: ['users'] })).resources).toMatchObject([{ name: 'users', rows: 1 }]);
  });

  it('keeps unfinished runs of other datasets out of it', async () => {
    const place = newWorkFolder();
    const source = pagedSource([messages([first, second], { before: failingAt(1) })]);
    await expect(place.open().run(source)).rejects.toThrow('broke');
    expect(await place.open('Other Data').run(source)).toMatchObject({ resumed: false, dataset: 'Other Data' });
    expect(await place.query('SELECT count(*) AS n FROM other_data.messages')).toEqual([{ n: '3' }]);
    expect(await place.open().run(source)).toMatchObject({ resumed: true });
  });

  it('stops when it is told to: while it extracts and while it loads', async () => {
    const place = newWorkFolder();
    const asked: string[] = [];
    const source = pagedSource([messages([first, second])], asked);
    for (const type of ['page', 'load_started'] as const) {
      const controller = new AbortController();
      const stop = (event: RunEvent): void => {
        if (event.type === type) controller.abort(new Error(`stopped at ${type}`));
      };
      await expect(place.open().run(source, { signal: controller.signal, emit: stop })).rejects.toThrow(`stopped at ${type}`);
    }
    expect(
      existsSync(place.file) ? await place.query(`SELECT count(*) AS n FROM duckdb_tables() WHERE schema_name = 'data'`) : [{ n: '0' }],
    ).toEqual([{ n: '0' }]);
    expect(await place.open().run(source)).toMatchObject({ resumed: true, resources: [{ requests: 0, rows: 3 }] });
    expect(asked).toHaveLength(2);
  });

  it('lets one process at a time run a pipeline', async () => {
    const place = newWorkFolder();
    let second: Promise<unknown> | undefined;
    const source = pagedSource([
      messages([first], {
        before: async () =>
          void (await (second ??= place
            .open()
            .run(source)
            .catch((error: unknown) => error))),
      }),
    ]);
    await place.open().run(source);
    expect(await second).toMatchObject({ code: 'pipeline_busy' });
  });

  it('refuses names that no folder can have, and limits that are none', async () => {
    const place = newWorkFolder();
    const source = pagedSource([messages([first])]);
    await expect(place.open().run(source, { limit: 0 })).rejects.toMatchObject({ code: 'limit' });
    await expect(place.open().run(source, { resources: ['message'] })).rejects.toMatchObject({ code: 'unknown_resource' });
    expect(() => place.open(' ')).toThrow(expect.objectContaining({ code: 'dataset_name' }));
  });
});
