import { describe, expect, it } from 'vitest';
import { compareDumps } from './dataset-dump.ts';
import { faultyApi, ROWS, undisturbedDump, wellPage } from './faulty-api.ts';

const undisturbed = async (api: Awaited<ReturnType<typeof faultyApi>>): Promise<readonly string[]> =>
  compareDumps(await undisturbedDump(), await api.dump(), '_syncline_runs').problems;

describe('an API that changes while it is walked', () => {
  it('whose rows shift between pages: none is there twice', async () => {
    // A row that is new at the front pushes the last one of each page onto the next.
    const route = {
      reply: (request: Parameters<typeof wellPage>[0]) => {
        const offset = Number(request.query.get('offset'));
        return { json: { total: 45, data: ROWS.slice(Math.max(0, offset - 3), offset + 10 - (offset === 0 ? 0 : 3)) } };
      },
    };
    await using api = await faultyApi({ route });
    const report = await api.run();
    expect(JSON.stringify(report)).toContain('"code":"duplicates"');
    const dump = await api.dump();
    expect(dump.flaws).toEqual([]);
    const ids = dump.tables
      .get('items')
      ?.slice(1)
      .map((row) => (JSON.parse(row) as { id: string }).id);
    expect(ids?.length).toBe(new Set(ids).size);
    expect(report.resources[0]?.rows).toBeGreaterThanOrEqual(ids?.length ?? 0);
    api.heal();
    await api.run();
    expect((await api.dump()).tables.get('items')).toHaveLength(46);
  });

  const totals = (list: readonly number[]) => {
    let requests = 0;
    const reply = (request: Parameters<typeof wellPage>[0]) => {
      const { json } = wellPage(request) as { json: object };
      return { json: { ...json, total: list[requests++] ?? 45 } };
    };
    return faultyApi({ paginator: { type: 'offset', limit: 10, total_path: 'total' }, route: { reply } });
  };

  it('whose total grows: all pages are asked for that it then has', async () => {
    await using api = await totals([20, 45]);
    expect(await api.run()).toMatchObject({ complete: true, resources: [{ pages: 5, rows: 45 }] });
    expect(api.asked().toSorted()).toEqual(['0', '10', '20', '30', '40']);
    expect(await undisturbed(api)).toEqual([]);
  });

  it('whose total shrinks: the next run brings what that one lacks', async () => {
    await using api = await totals([45, 20]);
    expect(await api.run()).toMatchObject({ complete: false, incomplete_reasons: [{ resource: 'items', code: 'total_shrank' }] });
    expect((await api.dump()).flaws).toEqual([]);
    api.heal();
    await api.run();
    expect((await api.dump()).tables.get('items')).toHaveLength(46);
  });
});

describe('a cursor that comes again', () => {
  it('is an error instead of a walk without end, and the next run is right once the API is', async () => {
    const cursorPage = (next: (start: number) => number | null) => (request: Parameters<typeof wellPage>[0]) => {
      const start = Number(request.query.get('cursor') ?? 0);
      return { json: { next: next(start), data: ROWS.slice(start, start + 10) } };
    };
    const right = cursorPage((start) => (start + 10 < ROWS.length ? start + 10 : null));
    let isWell = false;
    await using api = await faultyApi({
      paginator: { type: 'cursor', cursor_path: 'next', cursor_param: 'cursor' },
      route: { reply: (request) => (isWell ? right : cursorPage((start) => (start === 20 ? 10 : start + 10)))(request) },
    });
    await expect(api.run()).rejects.toMatchObject({ code: 'pagination_loop' });
    expect(api.asked().length).toBeLessThanOrEqual(4);
    isWell = true;
    expect(await api.run()).toMatchObject({ complete: true });
    expect(await undisturbed(api)).toEqual([]);
  });
});
