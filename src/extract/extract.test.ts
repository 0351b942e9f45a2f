import { cp, mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunEvent } from '../core/events.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { parseJson } from '../core/parse-json.ts';
import type { Resource, WalkedPage, WalkPlan } from '../core/source.ts';
import { FRAME_HEAD_BYTES, HEADER_BYTES } from '../page-log/frame.ts';
import { indexLog } from '../page-log/index-log.ts';
import { PageLog } from '../page-log/page-log.ts';
import { readLog } from '../page-log/read-log.ts';
import { encodeRecord, type LogRecord, type RunRecord } from '../page-log/records.ts';
import { segmentPath } from '../page-log/segment.ts';
import { extract, type ExtractOptions } from './extract.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'syncline-extract-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));
let folders = 0;
const newDir = (): string => join(root, `p${(folders += 1)}`, 'run');

const run: RunRecord = {
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

/** A resource of a made-up API: `pages` tells how many rows each page of a walk has. */
interface Shape {
  readonly name: string;
  readonly parent?: string;
  readonly pages: (parentId: string) => readonly number[];
  /** The walk is over, by `row_order`, with this page. */
  readonly exhaustedAt?: number;
  readonly extra?: Partial<WalkedPage>;
  readonly body?: string;
}

/** Resources over shapes. Every page that is asked for is added to `asked`. */
function resourcesOf(shapes: readonly Shape[], asked: string[] = []): Resource[] {
  return shapes.map(({ name, parent, pages, exhaustedAt, extra, body }) => ({
    name,
    selected: true,
    ...(parent !== undefined && { parent }),
    hints: {},
    stopsEarly: exhaustedAt !== undefined,
    plan: ({ state, parentRow }) => ({
      values: { id: parentRow === undefined ? name : ((parentRow as JsonObject)['id'] as Json), state: (state?.['seen'] ?? null) as Json },
    }),
    async *walk(plan: WalkPlan, options = {}) {
      const id = plan.values?.['id'] as string;
      const counts = pages(id);
      const start = (options.after?.cursor as number | undefined) ?? 0;
      expect(options.index ?? 0).toBe(start);
      for (let index = start; index < counts.length; index += 1) {
        options.signal?.throwIfAborted();
        asked.push(`${name} ${id}/${index}`);
        await Promise.resolve();
        const rows = Array.from({ length: counts[index] ?? 0 }, (_, row) => ({ id: `${id}-${index}${name}${row}`, page: index }));
        const last = index + 1 === counts.length;
        yield {
          index,
          url: `https://api/${id}/${index}`,
          selector: '$',
          body: Buffer.from(body ?? JSON.stringify(rows)),
          rowCount: rows.length,
          ...(last ? { stop: 'next_missing' } : { next: { cursor: index + 1 } }),
          ...extra,
        } satisfies WalkedPage;
      }
    },
    reader() {
      let last = -1;
      return {
        read({ body }) {
          const rows = parseJson(Buffer.from(body).toString()) as JsonObject[];
          for (const row of rows) last = Math.max(last, row['page'] as number);
          return rows;
        },
        get exhausted() {
          return exhaustedAt !== undefined && last >= exhaustedAt;
        },
        progress: () => undefined,
      };
    },
    advance: () => undefined,
  }));
}

type Options = Omit<ExtractOptions, 'resources' | 'log' | 'state' | 'index'>;

async function extractNew(resources: readonly Resource[], options: Options = {}): Promise<string> {
  const dir = newDir();
  await using log = await PageLog.create(dir, run);
  await extract({ resources, log, state: {}, ...options });
  return dir;
}

async function resume(dir: string, resources: readonly Resource[], options: Options = {}): Promise<void> {
  const index = await indexLog(dir);
  if (!index) throw new Error('the log has no first record');
  await using log = await PageLog.resume(dir, index.end);
  await extract({ resources, log, index, state: {}, ...options });
}

async function recordsOf(dir: string): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  for await (const { record } of readLog(dir)) records.push(record);
  return records;
}

const threeLevels: Shape[] = [
  { name: 'a', pages: () => [2, 0, 1] },
  { name: 'b', parent: 'a', pages: (id) => (id.endsWith('0') ? [1, 2] : [0]) },
  { name: 'c', parent: 'b', pages: () => [3] },
  { name: 'd', parent: 'a', pages: () => [1] },
  { name: 'e', pages: () => [1, 1, 1, 1], exhaustedAt: 2 },
];

describe('extract', () => {
  it('walks depth first, a child for each row, and ends each walk with its reason', async () => {
    const asked: string[] = [];
    const events: RunEvent[] = [];
    const dir = await extractNew(resourcesOf(threeLevels, asked), { emit: (event) => events.push(event) });
    expect(asked.slice(0, 6)).toEqual(['a a/0', 'b a-0a0/0', 'c a-0a0-0b0/0', 'b a-0a0/1', 'c a-0a0-1b0/0', 'c a-0a0-1b1/0']);
    const records = await recordsOf(dir);
    const ends = records.flatMap((record) => (record.kind === 'end' ? [record.reason] : []));
    expect(ends.filter((reason) => reason === 'row_order')).toHaveLength(1);
    expect(ends).toHaveLength(records.filter(({ kind }) => kind === 'walk').length);
    // What is below a page is forgotten by the index once it has ended.
    expect(
      records.filter((record) => record.kind === 'settled' && record.walk === 0).map((record) => 'page' in record && record.page),
    ).toEqual([0, 1, 2]);
    expect(records.at(-1)).toEqual({ kind: 'complete' });
    expect(asked).not.toContain('e e/3');
    expect(events.filter(({ type }) => type === 'page')).toHaveLength(asked.length);
    expect(events.filter(({ type }) => type === 'walk_ended')).toHaveLength(ends.length);
  });

  it('cut at any byte, goes on to the same log and asks for no page that was whole', async () => {
    const shape = fc.array(fc.nat(2), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(
        shape,
        shape,
        shape,
        fc.nat(1_000_000).map((n) => n / 1_000_000),
        fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
        async (a, b, c, where, limit) => {
          const shapes: Shape[] = [
            { name: 'a', pages: () => a },
            { name: 'b', parent: 'a', pages: () => b },
            { name: 'c', parent: 'b', pages: (id) => (id.endsWith('1') ? c : [1]) },
            { name: 'e', pages: () => [1, 1, 1, 1], exhaustedAt: 2 },
          ];
          const asked: string[] = [];
          const dir = await extractNew(resourcesOf(shapes, asked), { limit });
          const records = await recordsOf(dir);
          const size = (await indexLog(dir))?.end.position.offset ?? 0;
          const cutDir = newDir();
          await cp(dir, cutDir, { recursive: true });
          const runBytes = HEADER_BYTES + FRAME_HEAD_BYTES + Buffer.byteLength(encodeRecord(run));
          await truncate(segmentPath(cutDir, 1), Math.floor(runBytes + where * (size - runBytes)));
          const kept = (await recordsOf(cutDir)).filter(({ kind }) => kind === 'page').length;
          const askedAgain: string[] = [];
          await resume(cutDir, resourcesOf(shapes, askedAgain), { limit });
          expect(await recordsOf(cutDir)).toEqual(records);
          expect(askedAgain).toEqual(asked.slice(kept));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('resumes a finished log without asking for anything', async () => {
    const dir = await extractNew(resourcesOf(threeLevels));
    const records = await recordsOf(dir);
    const asked: string[] = [];
    await resume(dir, resourcesOf(threeLevels, asked));
    expect(asked).toEqual([]);
    expect(await recordsOf(dir)).toEqual(records);
  });

  it('stops at the limit of pages a resource, and says so for walks that never began', async () => {
    const asked: string[] = [];
    const dir = await extractNew(resourcesOf(threeLevels, asked), { limit: 2 });
    const records = await recordsOf(dir);
    const pages = (name: string): number => {
      const walks = records.flatMap((r) => (r.kind === 'walk' && r.resource === name ? [r.walk] : []));
      return records.filter((r) => r.kind === 'page' && walks.includes(r.walk)).length;
    };
    expect([pages('a'), pages('b'), pages('c'), pages('e')]).toEqual([2, 2, 2, 2]);
    expect(records.filter((r) => r.kind === 'end' && r.reason === 'limit_reached').length).toBeGreaterThan(2);
  });

  it('plans walks from the state that it is given', async () => {
    const dir = newDir();
    await using log = await PageLog.create(dir, run);
    await extract({ resources: resourcesOf([{ name: 'a', pages: () => [1] }]), log, state: { a: { seen: 7 } } });
    expect((await recordsOf(dir)).find(({ kind }) => kind === 'walk')).toMatchObject({ plan: { values: { state: 7 } } });
  });

  it('stops between pages when it is told to, and goes on later', async () => {
    const controller = new AbortController();
    const asked: string[] = [];
    const dir = newDir();
    {
      await using log = await PageLog.create(dir, run);
      const emit = (event: RunEvent): void => {
        if (event.type === 'page' && asked.length === 3) controller.abort(new Error('enough'));
      };
      await expect(
        extract({ resources: resourcesOf(threeLevels, asked), log, state: {}, emit, signal: controller.signal }),
      ).rejects.toThrow('enough');
    }
    expect(asked).toHaveLength(3);
    await resume(dir, resourcesOf(threeLevels, asked));
    expect(new Set(asked).size).toBe(asked.length);
    expect(await recordsOf(dir)).toEqual(await recordsOf(await extractNew(resourcesOf(threeLevels))));
  });

  describe('a data selector that never matched', () => {
    const missed: Shape = {
      name: 'a',
      pages: () => [0, 0],
      extra: { selectorMissed: true, selector: 'data' },
      body: '{"items":[],"next":"secret-value"}',
    };

    it('is an error that names the keys, and the walk is asked for again', async () => {
      const dir = newDir();
      {
        await using log = await PageLog.create(dir, run);
        const failure = extract({ resources: resourcesOf([missed]), log, state: {} });
        await expect(failure).rejects.toMatchObject({
          code: 'selector_never_matched',
          message: expect.stringContaining('`items`, `next`') as unknown,
        });
        await expect(failure).rejects.not.toMatchObject({ message: expect.stringContaining('secret-value') as unknown });
      }
      const asked: string[] = [];
      await resume(dir, resourcesOf([{ name: 'a', pages: () => [1] }], asked));
      expect(asked).toEqual(['a a/0']);
    });

    it('is judged again when the run died just before', async () => {
      const dir = newDir();
      {
        await using log = await PageLog.create(dir, run);
        await log.append({ kind: 'walk', walk: 0, resource: 'a', plan: {} });
        await log.append(
          {
            kind: 'page',
            walk: 0,
            index: 0,
            url: 'https://api/',
            selector: 'data',
            rowCount: 0,
            selectorMissed: true,
            stop: 'single_page',
          },
          Buffer.from('{"k":1}'),
        );
      }
      await expect(resume(dir, resourcesOf([missed]))).rejects.toMatchObject({ code: 'selector_never_matched' });
    });

    it.each([
      ['an empty body', { ...missed, body: '' }],
      ['a total of zero', { ...missed, extra: { ...missed.extra, total: 0 } }],
      ['a page that matched', { ...missed, extra: {} }],
    ])('is none with %s', async (_name, shape) => {
      const records = await recordsOf(await extractNew(resourcesOf([shape])));
      expect(records.at(-1)).toEqual({ kind: 'complete' });
    });

    it('is none for a dependent resource', async () => {
      const dir = await extractNew(
        resourcesOf([
          { name: 'p', pages: () => [1] },
          { ...missed, parent: 'p' },
        ]),
      );
      expect((await recordsOf(dir)).at(-1)).toEqual({ kind: 'complete' });
    });
  });
});
