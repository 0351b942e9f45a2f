import { cp, readdir, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { extractNew, newDir, pagesIn, readingOf, recordsOf, resume } from '../../test/made-up-log.ts';
import { resourcesOf, type Shape } from '../../test/made-up-source.ts';
import { indexLog } from './index-log.ts';
import { segmentPath } from './segment.ts';

const GOLDEN = join(import.meta.dirname, '../../test/golden/page-logs/version-1');

/** The source that the golden log was made from. */
const shapes: Shape[] = [
  { name: 'a', pages: () => [2, 0, 1] },
  { name: 'b', parent: 'a', pages: (id) => (id.endsWith('0') ? [1, 2] : [0]) },
  { name: 'c', parent: 'b', pages: () => [3] },
  { name: 'e', pages: () => [1, 1, 1, 1], exhaustedAt: 2 },
];

describe('a page log of version 1', () => {
  it('is read as what it was', async () => {
    expect((await indexLog(GOLDEN))?.end.version).toBe(1);
    expect(await readingOf(GOLDEN, shapes)).toEqual(await readingOf(await extractNew(resourcesOf(shapes)), shapes));
  });

  it('goes on in a segment of this version, wherever it ended', async () => {
    const size = (await readFile(segmentPath(GOLDEN, 1))).length;
    for (let cut = 280; cut < size; cut += 97) {
      const dir = newDir();
      await cp(GOLDEN, dir, { recursive: true });
      await truncate(segmentPath(dir, 1), cut);
      const whole = await pagesIn(dir);
      const asked: string[] = [];
      await resume(dir, resourcesOf(shapes, asked));
      expect(asked.filter((page) => whole.includes(page))).toEqual([]);
      expect(await readdir(dir)).toHaveLength(2);
      expect(await readingOf(dir, shapes)).toEqual(await readingOf(GOLDEN, shapes));
      expect((await recordsOf(dir)).at(-1)).toEqual({ kind: 'complete' });
    }
  });
});
