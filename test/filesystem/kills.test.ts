import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dataset, LoadInfo } from '../../src/core/destination.ts';
import { newSchema } from '../../src/core/schema-hash.ts';
import { filesystem } from '../../src/destinations/filesystem.ts';
import { batchOf } from '../../src/testing/index.ts';
import { filesBelow, loadIds } from '../dataset-files.ts';
import { events, load, schemaOf, visible, withoutTime } from './file-load.ts';
import { stopFiles } from './stopping-files.ts';

const root = mkdtempSync(join(tmpdir(), 'syncline-kills-'));
afterAll(() => rmSync(root, { recursive: true }));
let count = 0;

const place = (): string => join(root, String((count += 1)));
const open = (folder: string): Promise<Dataset> => filesystem(folder, { format: 'jsonl', compression: 'none' }).open('data');

/** All paths of a dataset; the times of schema versions are not the same twice. */
function layout(folder: string): string[] {
  return filesBelow(join(folder, 'data')).map(withoutTime);
}

async function undisturbed(loads: readonly number[]): Promise<string> {
  const folder = place();
  await using dataset = await open(folder);
  for (const number of loads) await load(dataset, number);
  return folder;
}

/** Folders in which the second load was killed, at one of its changes each. */
const killed: string[] = [];

beforeAll(async () => {
  const base = await undisturbed([1]);
  for (let at = 1; ; at += 1) {
    const folder = copyOf(base);
    const dataset = await open(folder);
    using files = stopFiles(at);
    if (!(await Promise.race([files.stopped.then(() => true), load(dataset, 2).then(() => false)]))) break;
    killed.push(folder);
  }
}, 60_000);

function copyOf(folder: string): string {
  const copy = place();
  cpSync(folder, copy, { recursive: true });
  return copy;
}

/** As if the processes that left something in a folder had been dead for long. */
function silence(folder: string): void {
  const staging = join(folder, 'data', '_syncline_staging');
  const long = new Date(Date.now() - 120_000);
  for (const name of existsSync(staging) ? readdirSync(staging) : []) {
    utimesSync(join(staging, name), long, long);
    if (existsSync(join(staging, name, 'owner'))) utimesSync(join(staging, name, 'owner'), long, long);
  }
}

describe('a load into files that is killed', { timeout: 60_000 }, () => {
  it('is seen whole or not at all, and nothing of it twice', async () => {
    const seen = new Set<string>();
    for (const folder of killed) {
      const rows = JSON.stringify([visible(join(folder, 'data'), 'events'), visible(join(folder, 'data'), 'settings')]);
      await using dataset = await open(folder);
      const restored = await dataset.restore('p', 'api');
      const run = await dataset.findRun('p', 'run 1700000002.5');
      seen.add(`${rows} ${restored?.lastLoadId} ${restored?.state?._state_version} ${restored?.parentCursors?.length} ${run?.runId}`);
    }
    expect([...seen].toSorted()).toEqual([
      '[[1,2],[1,2]] 1700000002.5 2 2 run 1700000002.5',
      '[[1,2],[2]] 1700000002.5 2 2 run 1700000002.5',
      '[[1],[1]] 1700000001.5 1 1 undefined',
    ]);
    expect(killed.length).toBeGreaterThan(30);
  });

  it('is done again by the same load, and leaves nothing behind', async () => {
    const want = await undisturbed([1, 2]);
    for (const folder of killed.map(copyOf)) {
      await using dataset = await open(folder);
      if (!(await dataset.isCommitted('1700000002.5'))) await load(dataset, 2);
      expect(visible(join(folder, 'data'), 'events')).toEqual([1, 2]);
      expect(visible(join(folder, 'data'), 'settings')).toEqual([2]);
      expect((await dataset.restore('p', 'api'))?.schema?.version_hash).toBe(schemaOf('1700000002.5').version_hash);
      expect(layout(folder)).toEqual(layout(want));
    }
  });

  it('is completed by whoever asks for its run and finds it', async () => {
    const want = layout(await undisturbed([1, 2]));
    const done = killed.filter((folder) => loadIds(join(folder, 'data')).has('1700000002.5'));
    expect(done.length).toBeGreaterThan(2);
    for (const folder of done.map(copyOf)) {
      await using dataset = await open(folder);
      expect(await dataset.findRun('p', 'run 1700000002.5')).toMatchObject({ loadId: '1700000002.5' });
      expect(layout(folder)).toEqual(want);
    }
  });

  it('is cleared away by the next load once its process is silent', async () => {
    const [with2, without2] = [await undisturbed([1, 2, 3]), await undisturbed([1, 3])];
    for (const folder of killed.filter((_, index) => index % 3 === 0).map(copyOf)) {
      silence(folder);
      const had2 = loadIds(join(folder, 'data')).has('1700000002.5');
      await using dataset = await open(folder);
      await load(dataset, 3);
      expect(layout(folder)).toEqual(layout(had2 ? with2 : without2));
      expect(visible(join(folder, 'data'), 'settings')).toEqual([3]);
    }
  });

  it('leaves nothing behind either when it was the first one and made the dataset', async () => {
    const want = layout(await undisturbed([2]));
    for (let at = 1; at <= 16; at += 1) {
      const folder = place();
      const dataset = await open(folder);
      {
        using files = stopFiles(at);
        await Promise.race([files.stopped, load(dataset, 1)]);
      }
      silence(folder);
      await using next = await open(folder);
      await load(next, 2);
      expect(layout(folder)).toEqual(want);
    }
  });

  it('is left alone by another load while its process lives', async () => {
    const folder = place();
    const waiting = await open(folder);
    const info: LoadInfo = { loadId: '1700000002.5', pipeline: 'p', startedAt: new Date(0), schema: newSchema('api'), replaced: [] };
    const transaction = await waiting.begin(info);
    await transaction.migrate([{ kind: 'create_table', table: events, columns: Object.values(events.columns) }]);
    await transaction.write(batchOf(events, [{ id: 2, _dlt_load_id: '1700000002.5', _dlt_id: 'a' }]));
    await using other = await open(folder);
    await load(other, 1);
    await transaction.commit({ schema: schemaOf('1700000002.5'), state: undefined });
    await waiting[Symbol.asyncDispose]();
    expect(visible(join(folder, 'data'), 'events')).toEqual([1, 2]);
    expect(existsSync(join(folder, 'data', '_syncline_staging'))).toBe(false);
  });

  it('cannot commit any more when it was only frozen, and another load took it for killed', async () => {
    const folder = place();
    const frozen = await open(folder);
    const info: LoadInfo = {
      loadId: '1700000002.5',
      pipeline: 'p',
      startedAt: new Date(0),
      schema: newSchema('api'),
      replaced: ['settings'],
    };
    const transaction = await frozen.begin(info);
    const owner = join(folder, 'data', '_syncline_staging', '1700000002.5', 'owner');
    const long = new Date(Date.now() - 120_000);
    utimesSync(owner, long, long);
    await using other = await open(folder);
    await load(other, 1);
    await expect(transaction.commit({ schema: schemaOf('1700000002.5'), state: undefined })).rejects.toMatchObject({
      code: 'load_cleared',
      retryable: true,
    });
    await frozen[Symbol.asyncDispose]();
    expect(layout(folder)).toEqual(layout(await undisturbed([1])));
  });
});
