import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ColumnBatch } from '../../core/column-batch.ts';
import type { ColumnSchema, TableSchema } from '../../core/schema.ts';
import { batchOf } from '../../testing/batch-of.ts';
import { BatchReader } from './batch-reader.ts';
import { Session } from './session.ts';

const folder = mkdtempSync(join(tmpdir(), 'syncline-batches-'));
const N: ColumnSchema = { name: 'n', data_type: 'bigint' };
const V: ColumnSchema = { name: 'v', data_type: 'text' };
const columns = [N, V];
const table: TableSchema = { name: 't', columns: { n: N, v: V } };
let instance: DuckDBInstance;
let sessions: Session[];
let readers: BatchReader[];

beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  sessions = await Promise.all([1, 2].map(() => Session.open(instance, 'memory')));
  readers = sessions.map((session, index) => new BatchReader(session, `rows_${index}`));
});
afterAll(async () => {
  for (const session of sessions) await session.close();
  instance.closeSync();
  rmSync(folder, { recursive: true });
});

/** Batches with so many rows each, numbered from 0; every third text is null, and the last batch has none. */
function numbered(...counts: readonly number[]) {
  let first = 0;
  return counts.map((count, index) => {
    const text = (n: number) => (n % 3 === 0 || index === counts.length - 1 ? null : `a text that is not short ${n}`);
    const rows = Array.from({ length: count }, (_, i) => ({ n: first + i, v: text(first + i) }));
    first += count;
    return batchOf(table, rows);
  });
}

const read = (path: string) => sessions[0]?.rows(`SELECT n, v FROM '${path}'`) as Promise<[bigint, string | null][]>;

describe('batches that a statement reads', () => {
  it('come in their order and whole, from several statements at once', async () => {
    const counts = [1, 5000, 0, 2048, 3, 100];
    const paths = readers.map((_, index) => join(folder, `${index}.parquet`));
    await Promise.all(
      readers.map((reader, index) =>
        reader.run({ table: 't', columns, batches: numbered(...counts) }, (rows) => `COPY (SELECT * FROM ${rows}) TO '${paths[index]}'`),
      ),
    );
    for (const path of paths) {
      const rows = await read(path);
      expect(rows.map(([n]) => Number(n))).toEqual(Array.from({ length: 7152 }, (_, n) => n));
      for (const [n, v] of rows) expect(v).toBe(Number(n) % 3 === 0 || n >= 7052n ? null : `a text that is not short ${n}`);
    }
  });

  it('may be read again by another statement, with other columns', async () => {
    const [reader] = readers;
    const path = join(folder, 'again.parquet');
    await reader?.run({ table: 't', columns: [V, { name: 'new', data_type: 'double' }], batches: numbered(2, 2) }, (rows) => {
      return `COPY (SELECT * FROM ${rows}) TO '${path}'`;
    });
    expect(await sessions[0]?.rows(`SELECT * FROM '${path}'`)).toEqual([
      [null, null],
      ['a text that is not short 1', null],
      [null, null],
      [null, null],
    ]);
  });

  it('are refused where a value does not fit its column', async () => {
    const narrow: ColumnSchema = { ...N, precision: 8 };
    const batches = [batchOf(table, [{ n: 1 }, { n: 300 }])];
    await expect(
      readers[0]?.run({ table: 't', columns: [narrow], batches }, (rows) => `CREATE TABLE x AS FROM ${rows}`),
    ).rejects.toMatchObject({ code: 'value_out_of_range', context: { table: 't', column: 'n' } });
  });

  it('are given up when the session is closed', async () => {
    const session = await Session.open(instance, 'memory');
    const reader = new BatchReader(session, 'endless');
    const [batch] = numbered(2048) as [ColumnBatch];
    const batches = Array.from({ length: 1_000_000 }, () => batch);
    const begun = new Promise<void>((resolve) => {
      batches[1] = Object.defineProperty({ ...batch }, 'rowCount', { get: () => (resolve(), 2048) });
    });
    const running = reader.run({ table: 't', columns, batches }, (rows) => `CREATE TABLE y AS SELECT count(*) FROM ${rows}`);
    await Promise.all([
      expect(running).rejects.toMatchObject({ message: expect.stringMatching(/interrupted/i) }),
      begun.then(() => session.close()),
    ]);
  });
});

it.each([
  ['process.exit(3)', ''],
  [`throw new Error('nobody caught this')`, 'nobody caught this'],
])(
  'does not keep a process from ending: %s',
  async (end, told) => {
    const program = `import { createJiti } from 'jiti';
    const jiti = createJiti(${JSON.stringify(import.meta.filename)});
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const { Session } = await jiti.import('./session.ts');
    const { BatchReader } = await jiti.import('./batch-reader.ts');
    const { batchOf } = await jiti.import('../../testing/batch-of.ts');
    const session = await Session.open(await DuckDBInstance.create(':memory:', { threads: '1' }), 'memory');
    const columns = [{ name: 'n', data_type: 'bigint' }];
    const batch = batchOf({ name: 't', columns: { n: columns[0] } }, [{ n: 1 }]);
    const batches = Array.from({ length: 1_000_000 }, () => batch);
    new BatchReader(session, 'rows').run({ table: 't', columns, batches }, (rows) => 'SELECT count(*) FROM ' + rows);
    setTimeout(() => { ${end} }, 100);`;
    const ended = await new Promise((resolve) => {
      execFile(process.execPath, ['--input-type=module', '-e', program], { cwd: import.meta.dirname }, (error, _, stderr) =>
        resolve({ signal: error?.signal, stderr }),
      );
    });
    expect(ended).toEqual({ signal: 'SIGKILL', stderr: expect.stringContaining(told) });
  },
  30_000,
);
