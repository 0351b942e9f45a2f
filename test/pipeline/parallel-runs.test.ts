import { describe, expect, it } from 'vitest';
import type { Source } from '../../src/core/source.ts';
import { duckdb } from '../../src/destinations/duckdb.ts';
import { pipeline } from '../../src/pipeline/pipeline.ts';
import { randomNumbers, resourcesOf, type Shape } from '../made-up-source.ts';
import { newWorkFolder } from './work-folder.ts';

const shapes: Shape[] = [
  { name: 'users', pages: () => [3, 2, 0, 3, 1], window: 4, overshoot: 2 },
  { name: 'posts', parent: 'users', pages: (id) => (id.includes('0') ? [2, 1, 2] : [1]), window: 3, concurrency: 3 },
  { name: 'words', parent: 'posts', pages: () => [1], concurrency: 2 },
  { name: 'places', pages: () => [2, 2, 2, 2, 2, 2], window: 4 },
];

/** Loads the source and returns all tables, ids included, in the order in which their rows were written. */
async function tablesOf(random: () => number, limit?: number): Promise<unknown> {
  const place = newWorkFolder();
  const source: Source = {
    name: 'api',
    fingerprint: 'one',
    resources: resourcesOf(shapes, [], random).map((resource) => ({ ...resource, advance: (state) => state })),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  await using pipe = pipeline({
    name: 'p',
    destination: duckdb(place.file),
    dataset: 'data',
    workDir: place.workDir,
    now: () => 1_700_000_000_000,
    randomBytes: (size) => new Uint8Array(size).fill(7),
  });
  const report = await pipe.run(source, { limit });
  expect(report).toMatchObject({ complete: true });
  const tables: Record<string, unknown> = {};
  for (const { name } of shapes) tables[name] = await place.query(`SELECT * FROM data.${name} ORDER BY rowid`);
  return { tables, resources: report.resources, rows: report.tables };
}

describe('a run side by side', () => {
  it('makes the same tables as one in order, ids included, whatever the order of the answers', async () => {
    const inOrder = await tablesOf(() => 0, 1_000_000);
    for (const seed of [1, 2, 3]) expect(await tablesOf(randomNumbers(seed))).toEqual(inOrder);
  });
});
