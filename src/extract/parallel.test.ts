import { cp, truncate } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extractNew, newDir, pagesIn, readingOf, recordsOf, resume, run } from '../../test/made-up-log.ts';
import { randomNumbers, resourcesOf, type Shape } from '../../test/made-up-source.ts';
import type { WalkPlan } from '../core/source.ts';
import { FRAME_HEAD_BYTES, HEADER_BYTES } from '../page-log/frame.ts';
import { indexLog } from '../page-log/index-log.ts';
import { PageLog } from '../page-log/page-log.ts';
import { encodeRecord } from '../page-log/records.ts';
import { segmentPath } from '../page-log/segment.ts';
import { extract } from './extract.ts';

const counts = fc.array(fc.nat(2), { minLength: 1, maxLength: 4 });
const window = fc.integer({ min: 1, max: 4 });
const part = fc.nat(1_000_000).map((n) => n / 1_000_000);

/** Three levels with pages and walks side by side, one that stops early and one that does not depend on others. */
const sources = fc
  .record({ a: counts, b: counts, c: counts, d: counts, window, overshoot: fc.nat(3), concurrency: window })
  .map(({ a, b, c, d, window, overshoot, concurrency }): Shape[] => [
    { name: 'a', pages: () => a, window, overshoot },
    { name: 'b', parent: 'a', pages: (id) => (id.endsWith('1') ? [0] : b), window, concurrency },
    { name: 'c', parent: 'b', pages: (id) => (id.endsWith('1') ? c : [1]), overshoot, concurrency },
    { name: 'd', pages: () => d, window, overshoot },
    { name: 'e', pages: () => [1, 1, 1, 1], exhaustedAt: 2, window },
    { name: 'f', parent: 'a', pages: () => [1, 0, 1], exhaustedAt: 0, concurrency },
  ]);

/** What the source comes to when everything is asked for in order. */
async function undisturbed(shapes: readonly Shape[]): Promise<unknown> {
  return await readingOf(await extractNew(resourcesOf(shapes), { limit: 1_000_000 }), shapes);
}

describe('extract side by side', () => {
  it('brings the same as in order, whatever the order of the answers', async () => {
    await fc.assert(
      fc.asyncProperty(sources, fc.integer(), async (shapes, seed) => {
        const dir = await extractNew(resourcesOf(shapes, [], randomNumbers(seed)));
        const reading = await undisturbed(shapes);
        expect(await readingOf(dir, shapes)).toEqual(reading);
        expect(await readingOf(dir, shapes, 0)).toEqual(reading);
      }),
      { numRuns: 30 },
    );
  });

  it('cut at any byte, asks for no page again that was whole and brings the same', async () => {
    await fc.assert(
      fc.asyncProperty(sources, fc.integer(), fc.array(part, { minLength: 1, maxLength: 3 }), async (shapes, seed, cuts) => {
        const random = randomNumbers(seed);
        let dir = await extractNew(resourcesOf(shapes, [], random));
        for (const where of cuts) {
          dir = await cutCopy(dir, where);
          const whole = new Set(await pagesIn(dir));
          const asked: string[] = [];
          await resume(dir, resourcesOf(shapes, asked, random));
          expect(asked.filter((page) => whole.has(page))).toEqual([]);
          expect(new Set(asked).size).toBe(asked.length);
        }
        expect(await readingOf(dir, shapes)).toEqual(await undisturbed(shapes));
      }),
      { numRuns: 50 },
    );
  });

  it('paused anywhere, ends what is under way and goes on later', async () => {
    await fc.assert(
      fc.asyncProperty(sources, fc.integer(), fc.integer({ min: 1, max: 12 }), async (shapes, seed, pages) => {
        const random = randomNumbers(seed);
        const asked: string[] = [];
        const dir = await extractNew(resourcesOf(shapes, asked, random), { paused: () => asked.length >= pages });
        for (let paused = true, rounds = 0; paused; rounds += 1) {
          expect(await pagesIn(dir)).toHaveLength(asked.length);
          const before = asked.length;
          ({ paused } = await resume(dir, resourcesOf(shapes, asked, random), { paused: () => asked.length >= before + pages }));
          expect((await recordsOf(dir)).some(({ kind }) => kind === 'complete')).toBe(!paused);
          expect(rounds).toBeLessThan(500);
        }
        expect(new Set(asked).size).toBe(asked.length);
        expect(await readingOf(dir, shapes)).toEqual(await undisturbed(shapes));
      }),
      { numRuns: 30 },
    );
  });

  it('counts no page past the end, and walks nothing below it', async () => {
    const shapes: Shape[] = [
      { name: 'a', pages: () => [1, 1], window: 4, overshoot: 3 },
      { name: 'b', parent: 'a', pages: () => [1] },
    ];
    const dir = await extractNew(resourcesOf(shapes));
    const records = await recordsOf(dir);
    expect(records.filter((record) => record.kind === 'page' && record.walk === 0).length).toBeGreaterThan(2);
    expect(records.find((record) => record.kind === 'end' && record.walk === 0)).toMatchObject({ reason: 'next_missing', pages: 2 });
  });

  it('has walks of a resource side by side, at most as many as it allows', async () => {
    let going = 0;
    let most = 0;
    const shapes: Shape[] = [
      { name: 'a', pages: () => [9] },
      { name: 'b', parent: 'a', pages: () => [1], concurrency: 3 },
    ];
    const emit = ({ type }: { type: string }): void => {
      if (type === 'walk_started') most = Math.max(most, (going += 1));
      if (type === 'walk_ended') going -= 1;
    };
    await extractNew(
      resourcesOf(shapes, [], () => 0.9),
      { emit },
    );
    // And the walk above them.
    expect(most).toBe(4);
  });

  it('stops everything when one walk fails, and keeps what came', async () => {
    const asked: string[] = [];
    const [a, b] = resourcesOf(
      [
        { name: 'a', pages: () => [1, 1, 1, 1, 1, 1] },
        { name: 'b', pages: () => [1] },
      ],
      asked,
      () => 0.9,
    );
    if (!a || !b) throw new Error('no resources');
    const down = { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('down')) }) };
    const failing = { ...b, walk: () => down };
    await expect(extractNew([a, failing])).rejects.toThrow('down');
    expect(asked.length).toBeLessThan(3);
  });

  it('does not reject before the walks that are under way have ended', async () => {
    const [a, b] = resourcesOf([
      { name: 'a', pages: () => [9] },
      { name: 'b', parent: 'a', pages: () => [1], concurrency: 2 },
    ]);
    if (!a || !b) throw new Error('no resources');
    let going = 0;
    const next = async (id: string): Promise<never> => {
      going += 1;
      for (let turns = id === 'a-0a0' ? 1 : 20; turns > 0; turns -= 1) await turn();
      going -= 1;
      throw new Error(`${id} is down`);
    };
    const walk = ({ values }: WalkPlan) => ({ [Symbol.asyncIterator]: () => ({ next: () => next(values?.['id'] as string) }) });
    await using log = await PageLog.create(newDir(), run);
    await expect(extract({ resources: [a, { ...b, walk }], log, state: {} })).rejects.toThrow('a-0a0 is down');
    expect(going).toBe(0);
  });
});

async function cutCopy(dir: string, where: number): Promise<string> {
  const copy = newDir();
  await cp(dir, copy, { recursive: true });
  const size = (await indexLog(dir))?.end.position.offset ?? 0;
  const runBytes = HEADER_BYTES + FRAME_HEAD_BYTES + Buffer.byteLength(encodeRecord(run));
  await truncate(segmentPath(copy, 1), Math.floor(runBytes + where * (size - runBytes)));
  return copy;
}
