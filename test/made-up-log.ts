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
