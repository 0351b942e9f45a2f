import { cp, truncate } from 'node:fs/promises';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extractNew, newDir, pagesIn, readingOf, recordsOf, resume, run } from '../../test/made-up-log.ts';
import { resourcesOf, type Shape } from '../../test/made-up-source.ts';
import type { RunEvent } from '../core/events.ts';
import { hasPartial } from '../core/gap.ts';
import { FRAME_HEAD_BYTES, HEADER_BYTES } from '../page-log/frame.ts';
import { indexLog } from '../page-log/index-log.ts';
import { PageLog } from '../page-log/page-log.ts';
import { encodeRecord } from '../page-log/records.ts';
import { segmentPath } from '../page-log/segment.ts';
import { extract } from './extract.ts';

const threeLevels: Shape[] = [
  { name: 'a', pages: () => [2, 0, 1] },
  { name: 'b', parent: 'a', pages: (id) => (id.endsWith('0') ? [1, 2] : [0]) },
  { name: 'c', parent: 'b', pages: () => [3] },
  { name: 'd', parent: 'a', pages: () => [1] },
  { name: 'e', pages: () => [1, 1, 1, 1], exhaustedAt: 2 },
];

describe('extract', () => {
  it('walks depth first with a limit, a child for each row, and ends each walk with its reason', async () => {
    const asked: string[] = [];
    const events: RunEvent[] = [];
    const dir = await extractNew(resourcesOf(threeLevels, asked), { limit: 1000, emit: (event) => events.push(event) });
    expect(asked.slice(0, 6)).toEqual(['a a/0', 'b a-0a0/0', 'c a-0a0-0b0/0', 'b a-0a0/1', 'c a-0a0-1b0/0', 'c a-0a0-1b1/0']);
    const records = await recordsOf(dir);
    const ends = records.flatMap((record) => (record.kind === 'end' ? [record.reason] : []));
    expect(ends.filter((reason) => reason === 'row_order')).toHaveLength(1);
    expect(ends).toHaveLength(records.filter(({ kind }) => kind === 'walk').length);
    // What is below a page is forgotten by the index once it has ended.
    expect(
      records.filter((record) => record.kind === 'settled' && record.walk === 0).map((record) => 'page' in record && record.page),
    ).toEqual([0, 1, 2]);
    expect(records.at(-1)).toEqual({ kind: 'complete' });
    expect(asked).not.toContain('e e/3');
    expect(events.filter(({ type }) => type === 'page')).toHaveLength(asked.length);
    expect(events.filter(({ type }) => type === 'walk_ended')).toHaveLength(ends.length);
  });

  it('with a limit, cut at any byte, goes on to the same log and asks for no page that was whole', async () => {
    const shape = fc.array(fc.nat(2), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(
        shape,
        shape,
        shape,
        fc.nat(1_000_000).map((n) => n / 1_000_000),
        fc.constantFrom(1, 2, 3, 4, 1000),
        async (a, b, c, where, limit) => {
          const shapes: Shape[] = [
            { name: 'a', pages: () => a },
            { name: 'b', parent: 'a', pages: () => b },
            { name: 'c', parent: 'b', pages: (id) => (id.endsWith('1') ? c : [1]) },
            { name: 'e', pages: () => [1, 1, 1, 1], exhaustedAt: 2 },
          ];
          const asked: string[] = [];
          const dir = await extractNew(resourcesOf(shapes, asked), { limit });
          const records = await recordsOf(dir);
          const size = (await indexLog(dir))?.end.position.offset ?? 0;
          const cutDir = newDir();
          await cp(dir, cutDir, { recursive: true });
          const runBytes = HEADER_BYTES + FRAME_HEAD_BYTES + Buffer.byteLength(encodeRecord(run));
          await truncate(segmentPath(cutDir, 1), Math.floor(runBytes + where * (size - runBytes)));
          const kept = (await recordsOf(cutDir)).filter(({ kind }) => kind === 'page').length;
          const askedAgain: string[] = [];
          await resume(cutDir, resourcesOf(shapes, askedAgain), { limit });
          expect(await recordsOf(cutDir)).toEqual(records);
          expect(askedAgain).toEqual(asked.slice(kept));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('resumes a finished log without asking for anything', async () => {
    const dir = await extractNew(resourcesOf(threeLevels));
    const records = await recordsOf(dir);
    const asked: string[] = [];
    await resume(dir, resourcesOf(threeLevels, asked));
    expect(asked).toEqual([]);
    expect(await recordsOf(dir)).toEqual(records);
  });

  it('stops at the limit of pages a resource, and says so for walks that never began', async () => {
    const asked: string[] = [];
    const dir = await extractNew(resourcesOf(threeLevels, asked), { limit: 2 });
    const records = await recordsOf(dir);
    const pages = (name: string): number => {
      const walks = records.flatMap((r) => (r.kind === 'walk' && r.resource === name ? [r.walk] : []));
      return records.filter((r) => r.kind === 'page' && walks.includes(r.walk)).length;
    };
    expect([pages('a'), pages('b'), pages('c'), pages('e')]).toEqual([2, 2, 2, 2]);
    expect(records.filter((r) => r.kind === 'end' && r.reason === 'limit_reached').length).toBeGreaterThan(2);
    const { gaps } = await resume(dir, resourcesOf(threeLevels), { limit: 2 });
    const limited = [...gaps].filter(([, ofResource]) => ofResource.some(({ code }) => code === 'limit_reached'));
    expect(limited.map(([name]) => name).toSorted()).toEqual(['a', 'b', 'c', 'e']);
    expect(limited.every(([, ofResource]) => hasPartial(ofResource))).toBe(true);
  });

  it('plans walks from the state that it is given', async () => {
    const dir = newDir();
    await using log = await PageLog.create(dir, run);
    await extract({ resources: resourcesOf([{ name: 'a', pages: () => [1] }]), log, state: { a: { seen: 7 } } });
    expect((await recordsOf(dir)).find(({ kind }) => kind === 'walk')).toMatchObject({ plan: { values: { state: 7 } } });
  });

  it('stops between pages when it is told to, and goes on later', async () => {
    const controller = new AbortController();
    const asked: string[] = [];
    const dir = newDir();
    {
      await using log = await PageLog.create(dir, run);
      const emit = (event: RunEvent): void => {
        if (event.type === 'page' && asked.length >= 3) controller.abort(new Error('enough'));
      };
      await expect(
        extract({ resources: resourcesOf(threeLevels, asked), log, state: {}, emit, signal: controller.signal }),
      ).rejects.toThrow('enough');
    }
    const logged = await pagesIn(dir);
    const askedAgain: string[] = [];
    await resume(dir, resourcesOf(threeLevels, askedAgain));
    expect(askedAgain.filter((page) => logged.includes(page))).toEqual([]);
    expect(await readingOf(dir, threeLevels)).toEqual(await readingOf(await extractNew(resourcesOf(threeLevels)), threeLevels));
  });
});
