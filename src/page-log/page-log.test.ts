import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JsonFloat } from '../core/json.ts';
import { FORMAT_VERSION, HEADER_BYTES } from './frame.ts';
import { indexLog } from './index-log.ts';
import { PageLog, type PageLogOptions } from './page-log.ts';
import { readPage } from './entry-reader.ts';
import type { LogEntry } from './log-entry.ts';
import { type LogEnd, readLog } from './read-log.ts';
import type { LogRecord, RunRecord } from './records.ts';
import { segmentPath } from './segment.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'syncline-log-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

let folders = 0;
const newDir = (): string => join(root, `p${(folders += 1)}`, 'run');

const run: RunRecord = {
  kind: 'run',
  loadId: '1700000000.000001',
  pipeline: 'p',
  dataset: 'd',
  destination: 'duckdb:x.duckdb',
  source: 's',
  fingerprint: 'f',
  startedAt: '2026-01-01T00:00:00.000Z',
  idSeed: 'AAAAAAAAAAAAAAAAAAAAAA==',
  resources: ['a'],
  fullRefresh: false,
  state: {},
};

const page = (walk: number, index: number, extra: object = {}): LogRecord => ({
  kind: 'page',
  walk,
  index,
  url: 'https://x/',
  selector: '$',
  rowCount: 1,
  next: { cursor: index + 1 },
  ...extra,
});

async function readAll(dir: string): Promise<{ readonly entries: LogEntry[]; readonly end: LogEnd }> {
  const entries: LogEntry[] = [];
  let end: LogEnd = { position: { segment: 0, offset: 0 }, torn: 0, version: undefined };
  for await (const entry of readLog(dir, (at) => (end = at))) entries.push(entry);
  return { entries, end };
}

async function writeLog(bodies: readonly Uint8Array[], options?: PageLogOptions): Promise<string> {
  const dir = newDir();
  await using log = await PageLog.create(dir, run, options);
  await log.append({ kind: 'walk', walk: 0, resource: 'a', plan: {} });
  for (const [i, body] of bodies.entries()) await log.append(page(0, i), body);
  return dir;
}

const bodiesOf = (entries: readonly LogEntry[]): Buffer[] => entries.filter(({ record }) => record.kind === 'page').map(({ body }) => body);

describe('page log', () => {
  it('gives back every record and body, with every digit', async () => {
    const dir = newDir();
    const walk: LogRecord = {
      kind: 'walk',
      walk: 0,
      resource: 'a',
      plan: { values: { 'resources.p.id': 12345678901234567890n, f: new JsonFloat(1), lone: '\ud800', ['__proto__']: 1 } },
      parent: { walk: 1, page: 2, row: 3 },
    };
    const records: LogRecord[] = [
      walk,
      page(0, 0, { next: undefined, stop: 'next_missing' }),
      { kind: 'end', walk: 0, reason: 'next_missing' },
      { kind: 'complete' },
    ];
    const body = Buffer.from('{"data":[]}');
    {
      await using log = await PageLog.create(dir, run);
      for (const record of records) await log.append(record, record.kind === 'page' ? body : undefined);
    }
    const { entries, end } = await readAll(dir);
    expect(entries.map(({ record }) => record)).toEqual([run, ...records].map((r) => JSON.parse(JSON.stringify(r, keep), revive)));
    expect(bodiesOf(entries)).toEqual([body]);
    expect(end.torn).toBe(0);
    expect((await readPage(dir, entries[2]?.position ?? end.position)).body).toEqual(body);
  });

  it('is readable by the owner only', async () => {
    const dir = await writeLog([Buffer.from('x')]);
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
    expect((await stat(segmentPath(dir, 1))).mode & 0o777).toBe(0o600);
  });

  it('has a header with the version of the format, and refuses newer and foreign files', async () => {
    const dir = await writeLog([]);
    const bytes = await readFile(segmentPath(dir, 1));
    expect(bytes.subarray(0, 8).toString()).toBe('SYNCLOG\n');
    expect(bytes.readUInt32LE(8)).toBe(FORMAT_VERSION);
    bytes.writeUInt32LE(FORMAT_VERSION + 1, 8);
    bytes.writeUInt32LE(crc32(bytes.subarray(0, 12)), 12);
    await writeFile(segmentPath(dir, 1), bytes);
    await expect(readAll(dir)).rejects.toMatchObject({ code: 'page_log_version' });
    await writeFile(segmentPath(dir, 1), 'something that is not ours');
    await expect(readAll(dir)).rejects.toMatchObject({ code: 'page_log_corrupt' });
  });

  it('cut anywhere gives exactly the whole records before, and goes on from there', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 8 }),
        fc.nat(1_000_000).map((n) => n / 1_000_000),
        async (bodies, where) => {
          const dir = await writeLog(bodies);
          const file = segmentPath(dir, 1);
          const { entries, end } = await readAll(dir);
          const size = end.position.offset;
          const cut = Math.floor(where * size);
          await truncate(file, cut);
          const ends = [...entries.slice(1).map(({ position }) => position.offset), size];
          const whole = ends.filter((offset) => offset <= cut).length;
          const after = await readAll(dir);
          expect(after.entries).toEqual(entries.slice(0, whole));
          expect(after.end.torn).toBe(cut - (whole > 0 ? (ends[whole - 1] as number) : cut < HEADER_BYTES ? 0 : HEADER_BYTES));
          {
            await using log = await PageLog.resume(dir, after.end);
            await log.append({ kind: 'complete' });
          }
          const resumed = await readAll(dir);
          expect(resumed.entries.map(({ record }) => record)).toEqual([
            ...entries.slice(0, whole).map(({ record }) => record),
            { kind: 'complete' },
          ]);
          expect(resumed.end.torn).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('never gives a record one bit of which has changed', async () => {
    const dir = await writeLog([Buffer.from('first body'), Buffer.from('second body')]);
    const { entries } = await readAll(dir);
    const good = await readFile(segmentPath(dir, 1));
    for (let bit = HEADER_BYTES * 8; bit < good.length * 8; bit += 7) {
      const bad = Buffer.from(good);
      bad.writeUInt8(bad.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      await writeFile(segmentPath(dir, 1), bad);
      const before = entries.filter(
        ({ position }, i) => (entries[i + 1]?.position.offset ?? good.length) <= bit >> 3 && position.offset < bit >> 3,
      );
      expect((await readAll(dir)).entries).toEqual(before);
    }
  });

  it('goes on in new segments, reads them as one, and calls damage before the last one by its name', async () => {
    const bodies = Array.from({ length: 30 }, (_, i) => Buffer.alloc(100, i));
    const dir = newDir();
    {
      await using log = await PageLog.create(dir, run, { segmentBytes: 500 });
      await log.append({ kind: 'walk', walk: 0, resource: 'a', plan: {} });
      for (const [i, body] of bodies.entries()) {
        await log.append(page(0, i), body);
        await log.flush();
      }
    }
    expect((await readdir(dir)).length).toBeGreaterThan(5);
    const { entries } = await readAll(dir);
    expect(bodiesOf(entries)).toEqual(bodies);
    await truncate(segmentPath(dir, 2), 300);
    await expect(readAll(dir)).rejects.toMatchObject({ code: 'page_log_corrupt' });
    await rm(segmentPath(dir, 2));
    await expect(readAll(dir)).rejects.toMatchObject({ code: 'page_log_corrupt' });
  });

  it('writes bodies that are larger than its queue and its chunks', async () => {
    const bodies = [Buffer.alloc(3_000_000, 1), Buffer.alloc(0), Buffer.alloc(1_000_000, 2)];
    const dir = await writeLog(bodies, { queueBytes: 1000 });
    const read = bodiesOf((await readAll(dir)).entries);
    expect(read.map((body, i) => body.equals(bodies[i] ?? Buffer.alloc(0)))).toEqual([true, true, true]);
  });

  it('rejects every call after a failed write and keeps what is there', async () => {
    const dir = newDir();
    const log = await PageLog.create(dir, run, { segmentBytes: 100 });
    // The next segment cannot be made: its name is taken by a folder.
    await mkdir(segmentPath(dir, 2));
    await log.append({ kind: 'complete' });
    await expect(log.flush()).rejects.toMatchObject({ code: 'page_log_write', retryable: true });
    await expect(log.append({ kind: 'complete' })).rejects.toMatchObject({ code: 'page_log_write' });
    await expect(log.close()).rejects.toMatchObject({ code: 'page_log_write' });
    await rm(segmentPath(dir, 2), { recursive: true });
    expect((await readAll(dir)).entries.map(({ record }) => record)).toEqual([run]);
  });
});

describe('index of a page log', () => {
  const index = async (records: readonly (LogRecord | [LogRecord, string])[]) => {
    const dir = newDir();
    {
      await using log = await PageLog.create(dir, run);
      for (const entry of records) {
        const [record, body] = Array.isArray(entry) ? entry : [entry, '{}'];
        await log.append(record, record.kind === 'page' ? Buffer.from(body) : undefined);
      }
    }
    return { dir, index: await indexLog(dir) };
  };
  const walk = (walk: number, resource: string, extra: object = {}): LogRecord => ({ kind: 'walk', walk, resource, plan: {}, ...extra });

  it('knows where each walk goes on, at any depth', async () => {
    const { dir, index: found } = await index([
      walk(0, 'a', { branches: true }),
      page(0, 0),
      walk(1, 'b', { parent: { walk: 0, page: 0, row: 0 } }),
      page(1, 0, { next: undefined, stop: 'single_page' }),
      { kind: 'end', walk: 1, reason: 'single_page' },
      { kind: 'settled', walk: 0, page: 0 },
      [page(0, 1, { next: undefined, stop: 'next_missing' }), 'second'],
      walk(2, 'b', { parent: { walk: 0, page: 1, row: 0 } }),
      { kind: 'end', walk: 2, reason: 'limit_reached' },
      walk(3, 'b', { parent: { walk: 0, page: 1, row: 4 } }),
      page(3, 0),
      page(3, 1),
    ]);
    expect(found).toMatchObject({ run, nextWalk: 4, complete: false });
    expect(found?.pages).toEqual(new Map(Object.entries({ a: 2, b: 3 })));
    const a = found?.walks.get('a');
    if (a === undefined || a === 'ended') throw new Error('walk a is open');
    expect(a).toMatchObject({ walk: 0, pages: 2, next: undefined, stop: 'next_missing' });
    expect(a.open.map(({ page }) => page)).toEqual([1]);
    expect([...(a.open[0]?.children ?? [])]).toMatchObject([
      ['0 b', 'ended'],
      ['4 b', { walk: 3, pages: 2, next: { cursor: 2 } }],
    ]);
    expect((await readPage(dir, a.open[0]?.position ?? { segment: 0, offset: 0 })).body.toString()).toBe('second');
  });

  it('forgets what has ended and what is void', async () => {
    const { index: found } = await index([
      walk(0, 'a'),
      page(0, 0, { next: undefined, stop: 'empty_page' }),
      { kind: 'end', walk: 0, reason: 'empty_page' },
      walk(1, 'b'),
      [page(1, 0, { next: undefined, stop: 'single_page', selectorMissed: true }), '{"x":1}'],
      { kind: 'void', walk: 1 },
      { kind: 'complete' },
    ]);
    expect([...(found?.walks ?? [])]).toEqual([['a', 'ended']]);
    expect(found).toMatchObject({ complete: true, voided: new Set([1]), nextWalk: 2 });
    expect(found?.pages.get('b')).toBe(0);
  });

  it('is undefined for a log without a whole first record', async () => {
    const { dir } = await index([]);
    await truncate(segmentPath(dir, 1), 30);
    expect(await indexLog(dir)).toBeUndefined();
  });
});

/** `toEqual` on what JSON text can hold, for records with bigints and floats. */
const keep = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? { big: String(value) } : value instanceof JsonFloat ? { float: value.value } : value;
const revive = (_key: string, value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if ('big' in value) return BigInt(value.big as string);
  return 'float' in value ? new JsonFloat(value.float as number) : value;
};
