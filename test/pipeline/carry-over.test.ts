import { cp, readdir, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPartial } from '../../src/core/gap.ts';
import type { WalkProgress } from '../../src/core/source.ts';
import { carryOver } from '../../src/page-log/carry-over.ts';
import { indexLog, type LogIndex } from '../../src/page-log/index-log.ts';
import { segmentPath } from '../../src/page-log/segment.ts';
import { readLogRows } from '../../src/pipeline/read-log-rows.ts';
import { createTally } from '../../src/pipeline/run-tally.ts';
import { extractNew, newDir, pagesIn, resume, run } from '../made-up-log.ts';
import { randomNumbers, resourcesOf, type Shape } from '../made-up-source.ts';

const counts = fc.array(fc.nat(2), { minLength: 1, maxLength: 4 });
const few = fc.integer({ min: 1, max: 4 });

const sources = fc
  .record({ a: counts, b: counts, c: counts, window: few, overshoot: fc.nat(2), concurrency: few })
  .map(({ a, b, c, window, overshoot, concurrency }): Shape[] => [
    { name: 'a', pages: () => a, window, overshoot },
    { name: 'b', parent: 'a', pages: (id) => (id.endsWith('1') ? [0] : b), window, concurrency },
    { name: 'c', parent: 'b', pages: () => c, overshoot, concurrency },
    { name: 'd', pages: () => [1, 1], window, extra: { total: 3 } },
    { name: 'e', pages: () => [1, 1, 1, 1], exhaustedAt: 2 },
    { name: 'f', parent: 'a', pages: () => [1, 0, 1], exhaustedAt: 0, concurrency },
  ]);

/** What the rows of one or more logs are, one after the other. */
class Parts {
  readonly rows: string[] = [];
  readonly progress: [string, WalkProgress][] = [];
  pages = 0;

  /** Reads a log and returns what is needed to go on. */
  async read(dir: string, shapes: readonly Shape[]) {
    const walked = resourcesOf(shapes);
    const tally = createTally(walked, new Set());
    const reading = await readLogRows({ dir, walked, voided: new Set(), tally }, ({ name }, rows) => {
      for (const row of rows) this.rows.push(`${name} ${JSON.stringify(row)}`);
    });
    for (const [name, ofResource] of reading.progress) for (const moved of ofResource) this.progress.push([name, moved]);
    this.pages += tally.resources.reduce((sum, { pages }) => sum + pages, 0);
    return reading.snapshots;
  }

  get sorted() {
    const progress = this.progress.map((moved) => JSON.stringify(moved)).toSorted();
    return { rows: this.rows.toSorted(), progress, pages: this.pages };
  }
}

async function undisturbed(shapes: readonly Shape[]) {
  const whole = new Parts();
  const dir = await extractNew(resourcesOf(shapes));
  await whole.read(dir, shapes);
  return { parts: whole.sorted, gaps: (await indexed(dir)).gaps };
}

async function indexed(dir: string): Promise<LogIndex> {
  const index = await indexLog(dir);
  if (!index) throw new Error('the log has no first record');
  return index;
}

function inOrder(values: readonly unknown[]): unknown[] {
  return values.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** What two logs that say the same agree in: not where it is written, and by whom it was read. */
function comparable(index: LogIndex): unknown {
  const places = new Set(['position', 'last', 'place', 'isRead', 'snapshot', 'run', 'end', 'voided', 'bodyBytes']);
  return JSON.parse(
    JSON.stringify(index, (key, value: unknown) => {
      if (places.has(key)) return undefined;
      if (value instanceof Map) return inOrder([...(value as Map<unknown, unknown>)]);
      return value;
    }),
  );
}

describe('a run in several loads', () => {
  it('carries over what is open: nothing is asked for again, lost or doubled', async () => {
    await fc.assert(
      fc.asyncProperty(sources, fc.integer(), fc.integer({ min: 3, max: 20 }), fc.nat(2), async (shapes, seed, most, kills) => {
        const random = randomNumbers(seed);
        const asked: string[] = [];
        const parts = new Parts();
        let rounds = 0;
        let dir = await extractNew(resourcesOf(shapes, asked, random), { paused: () => asked.length >= most });
        for (let index = await indexed(dir); !index.complete; index = await indexed(dir)) {
          const snapshots = await parts.read(dir, shapes);
          const next = newDir();
          await carryOver({ dir, index, newDir: next, run: { ...run, loadId: `2.${asked.length}` }, snapshots });
          expect(await readdir(dirname(next))).toEqual(['run']);
          const carried = await indexed(next);
          expect(carried.run.continues).toBe(index.run.loadId);
          expect(comparable(carried)).toEqual(comparable(index));
          dir = next;
          const before = asked.length;
          await resume(dir, resourcesOf(shapes, asked, random), { paused: () => asked.length >= before + most });
          if ((rounds += 1) <= kills) dir = await killed(dir, carried, { random, asked });
        }
        await parts.read(dir, shapes);
        const whole = await undisturbed(shapes);
        expect(new Set(asked).size).toBe(asked.length);
        expect(parts.sorted).toEqual(whole.parts);
        const partial = ({ gaps }: Pick<LogIndex, 'gaps'>) =>
          inOrder([...gaps].flatMap(([name, all]) => all.flatMap((gap) => (isPartial(gap.code) ? [[name, gap]] : []))));
        expect(partial(await indexed(dir))).toEqual(partial(whole));
      }),
      { numRuns: 30 },
    );
  });
});

/** A copy of the log that is cut anywhere behind what was carried over; pages that are lost count as not asked for. */
async function killed(dir: string, carried: LogIndex, { random, asked }: { random: () => number; asked: string[] }): Promise<string> {
  const copy = newDir();
  await cp(dir, copy, { recursive: true });
  const from = carried.end.position.offset;
  const to = (await indexed(dir)).end.position.offset;
  await truncate(segmentPath(copy, 1), Math.floor(from + random() * (to - from)));
  const kept = new Set(await pagesIn(copy));
  const lost = (await pagesIn(dir)).filter((page) => !kept.has(page));
  for (const page of lost) asked.splice(asked.indexOf(page), 1);
  return copy;
}
