import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { rowsOf } from '../../../test/duckdb-rows.ts';
import { comparableRows, goldenMerges, replayMerge } from '../../../test/replay-merge.ts';
import { duckdb } from '../duckdb.ts';

const folder = mkdtempSync(join(tmpdir(), 'merge-golden-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('merges come to the tables of dlt', () => {
  it.each(goldenMerges)('as in %s', async (name) => {
    const file = join(folder, `${name}.duckdb`);
    await using destination = duckdb(file);
    await using dataset = await destination.open('gold_data');
    await replayMerge(name, dataset, async (table, rows) => {
      const got = comparableRows(await rowsOf(file, 'gold_data', table.name), table);
      expect(got, table.name).toEqual(comparableRows(rows, table));
    });
  });
});
