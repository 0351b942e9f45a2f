import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { Resource } from '../src/core/source.ts';
import { extract, type Extracted, type ExtractOptions } from '../src/extract/extract.ts';
import { indexLog } from '../src/page-log/index-log.ts';
import { PageLog } from '../src/page-log/page-log.ts';
import { readLog } from '../src/page-log/read-log.ts';
import type { LogRecord, RunRecord } from '../src/page-log/records.ts';
import { readLogRows } from '../src/pipeline/read-log-rows.ts';
import { createTally } from '../src/pipeline/run-tally.ts';
import { resourcesOf, type Shape } from './made-up-source.ts';

const root = mkdtempSync(join(tmpdir(), 'syncline-extract-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
/** A folder that is not there yet. */
export const newDir = (): string => join(root, `p${(folders += 1)}`, 'run');

/** The first record of the logs. */
export const run: RunRecord = {
  kind: 'run',
  loadId: '1.1',
  pipeline: 'p',
  dataset: 'd',
  destination: 'x',
  source: 's',
  fingerprint: 'f',
  startedAt: '2026-01-01T00:00:00.000Z',
  idSeed: '',
  resources: [],
  fullRefresh: false,
  state: {},
};

type Options = Omit<ExtractOptions, 'resources' | 'log' | 'state' | 'index'>;

/** Extracts into a new log and returns its folder. */
export async function extractNew(resources: readonly Resource[], options: Options = {}): Promise<string> {
  const dir = newDir();
  await using log = await PageLog.create(dir, run);
  await extract({ resources, log, state: {}, ...options });
  return dir;
}

/** Goes on with a log. */
export async function resume(dir: string, resources: readonly Resource[], options: Options = {}): Promise<Extracted> {
  const index = await indexLog(dir);
  if (!index) throw new Error('the log has no first record');
  await using log = await PageLog.resume(dir, index.end);
  return await extract({ resources, log, index, state: {}, ...options });
}

/** All records of a log. */
export async function recordsOf(dir: string): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  for await (const { record } of readLog(dir)) records.push(record);
  return records;
}

/** What a log comes to for whoever reads it: the rows in their order, the counts, and how far the cursors are. */
export async function readingOf(dir: string, shapes: readonly Shape[], keepBytes?: number): Promise<unknown> {
  const walked = resourcesOf(shapes);
  const tally = createTally(walked, new Set(walked.map(({ name }) => name)));
  const rows: unknown[] = [];
  const voided = (await indexLog(dir))?.voided ?? new Set<number>();
  const { progress } = await readLogRows(
    { dir, walked, voided, tally, ...(keepBytes !== undefined && { keepBytes }) },
    (resource, page) => {
      rows.push([resource.name, ...page]);
    },
  );
  return { rows, progress, resources: tally.resources };
}

/** Pages that are whole in a log, as the made-up API names them when they are asked for. */
export async function pagesIn(dir: string): Promise<string[]> {
  const names = new Map<number, string>();
  const pages: string[] = [];
  for (const record of await recordsOf(dir)) {
    if (record.kind === 'walk') names.set(record.walk, record.resource);
    if (record.kind === 'page') pages.push(`${names.get(record.walk)} ${record.url.slice('https://api/'.length)}`);
  }
  return pages;
}
