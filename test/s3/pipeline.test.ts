import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDestination } from '../../src/destinations/built-in.ts';
import type { RunReport } from '../../src/index.ts';
import { pipeline } from '../../src/pipeline/pipeline.ts';
import { pagedSource } from '../pipeline/paged-source.ts';
import { setS3Credentials } from './s3-credentials.ts';
import { type Line, S3Server } from './s3-server.ts';

const work = mkdtempSync(join(tmpdir(), 'syncline-s3-runs-'));
const server = new S3Server();
/** What the server refuses. */
let refusing = '';
let line: Line;

beforeAll(async () => {
  setS3Credentials();
  line = await server.line(({ action }) => (action === refusing ? { status: 403 } : undefined));
});
afterAll(async () => {
  await line[Symbol.asyncDispose]();
  rmSync(work, { recursive: true });
});

/** Runs as a new process would, from the address alone. */
async function run(workDir: string, asked: string[] = []): Promise<RunReport> {
  const destination = await openDestination(`s3://lake/raw data?endpoint=${line.endpoint}&format=jsonl&compression=none`);
  await using opened = pipeline({ name: 'p', destination, dataset: 'data', workDir: join(work, workDir) });
  const pages = () => [[{ id: 1, tags: ['a'] }, { id: 2 }]];
  const hints = { write_disposition: 'append' } as const;
  return opened.run(pagedSource([{ name: 'items', pages, hints }], asked));
}

it('keeps its pages when object storage refuses the load, and loads them with the next run', async () => {
  const asked: string[] = [];
  await expect(run('first', asked)).rejects.toMatchObject({ code: 'bucket_missing' });
  server.bucket('lake');
  refusing = 'copy';
  await expect(run('first', asked)).rejects.toMatchObject({ code: 'bucket_access_denied' });
  refusing = '';
  expect(rowsInBucket()).toEqual([]);
  expect(await run('first', asked)).toMatchObject({ complete: true, resumed: true });
  expect(asked).toHaveLength(1);
  expect(rowsInBucket()).toEqual([2]);
});

it('goes on from what is in the bucket, without a work directory', async () => {
  const report = await run('second');
  expect(report).toMatchObject({
    complete: true,
    destination: expect.stringMatching(/^s3:\/\/lake\/raw data\?endpoint=http:/),
    schema_changes: [],
  });
  expect(rowsInBucket()).toEqual([2, 2]);
  const keys = [...server.bucket('lake').keys()];
  expect(keys.filter((key) => key.includes('_dlt_version/'))).toHaveLength(1);
  expect(keys.filter((key) => key.includes('_syncline_staging/'))).toEqual([]);
});

/** How many rows each file of the table has. */
function rowsInBucket(): number[] {
  const files = [...server.bucket('lake')].filter(([key]) => key.startsWith('raw data/data/items/'));
  return files.map(([, { body }]) => body.toString('utf8').trim().split('\n').length);
}
