import { open, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { newDir, run } from '../../test/made-up-log.ts';
import { OrderedLog } from './ordered-log.ts';
import { PageLog } from './page-log.ts';
import { packPosition, PositionQueue, unpackPosition } from './position-queue.ts';
import type { LogRecord, ParentPosition } from './records.ts';
import { segmentPath } from './segment.ts';

const walk = (number: number, resource: string, parent?: ParentPosition): LogRecord => ({
  kind: 'walk',
  walk: number,
  resource,
  plan: {},
  ...(parent && { parent }),
});
const page = (number: number, index: number): LogRecord => ({
  kind: 'page',
  walk: number,
  index,
  url: '',
  selector: '$',
  rowCount: 1,
  next: { cursor: index + 1 },
});
const end = (number: number): LogRecord => ({ kind: 'end', walk: number, reason: 'next_missing' });

async function logOf(records: readonly LogRecord[]): Promise<string> {
  const dir = newDir();
  await using log = await PageLog.create(dir, run, { segmentBytes: 300 });
  for (const [at, record] of records.entries()) {
    await log.append(record, record.kind === 'page' ? Buffer.from(`body ${at}`) : undefined);
    await log.flush();
  }
  return dir;
}

describe('a log in the wanted order', () => {
  it.each([0, 1_000_000])('gives what was passed before its turn, with %i bytes to keep it', async (keepBytes) => {
    const dir = await logOf([walk(0, 'a'), walk(1, 'b'), page(1, 1), page(0, 1), end(1), page(0, 0), page(1, 0), end(0)]);
    await using log = new OrderedLog({ dir, voided: new Set(), keepBytes });
    expect((await log.walk('a'))?.walk).toBe(0);
    expect(String((await log.page(0, 0))?.body)).toBe('body 5');
    expect(String((await log.page(0, 1))?.body)).toBe('body 3');
    expect(await log.end(0)).toMatchObject({ kind: 'end', walk: 0 });
    expect((await log.walk('b'))?.walk).toBe(1);
    expect(String((await log.page(1, 0))?.body)).toBe('body 6');
    expect(String((await log.page(1, 1))?.body)).toBe('body 2');
    expect(await log.page(1, 2)).toBeUndefined();
    expect(await log.end(1)).toMatchObject({ walk: 1 });
  });

  it('is read front to back where it was written so: nothing behind the wanted is looked at', async () => {
    const dir = await logOf([walk(0, 'a'), page(0, 0), page(0, 1), end(0), walk(1, 'b'), page(1, 0), end(1)]);
    await using log = new OrderedLog({ dir, voided: new Set(), keepBytes: 0 });
    expect((await log.walk('a'))?.walk).toBe(0);
    await log.page(0, 0);
    // What was given is not needed any more: its file may be gone.
    const bytes = await readFile(segmentPath(dir, 1));
    await (await open(segmentPath(dir, 1), 'w')).close();
    expect(bytes.length).toBeGreaterThan(0);
    expect(String((await log.page(0, 1))?.body)).toBe('body 2');
    expect(await log.page(0, 2)).toBeUndefined();
    expect(await log.end(0)).toMatchObject({ walk: 0 });
    expect((await log.walk('b'))?.walk).toBe(1);
  });

  it('lacks walks of a page that is settled, walks that are void and what was never written', async () => {
    const below = { walk: 0, page: 0, row: 0 };
    const dir = await logOf([
      walk(0, 'a'),
      page(0, 0),
      walk(2, 'b', { ...below, row: 1 }),
      walk(3, 'x'),
      { kind: 'void', walk: 3 },
      walk(4, 'x'),
      { kind: 'settled', walk: 0, page: 0 },
      page(0, 1),
    ]);
    await using log = new OrderedLog({ dir, voided: new Set([3]) });
    expect((await log.walk('a'))?.walk).toBe(0);
    expect((await log.page(0, 0))?.record.index).toBe(0);
    expect(await log.walk('b', below)).toBeUndefined();
    expect((await log.walk('b', { ...below, row: 1 }))?.walk).toBe(2);
    expect((await log.walk('x'))?.walk).toBe(4);
    expect((await log.page(0, 1))?.record.index).toBe(1);
    expect(await log.page(0, 2)).toBeUndefined();
    expect(await log.end(0)).toBeUndefined();
    expect(await log.walk('y')).toBeUndefined();
  });
});

describe('positions in a queue', () => {
  it('come out by index, however they were put in', () => {
    const queue = new PositionQueue();
    for (const index of [5, 3, 7]) queue.set(index, index * 10);
    expect([3, 4, 5, 6, 7, 8].map((index) => queue.take(index))).toEqual([30, undefined, 50, undefined, 70, undefined]);
    for (let index = 8; index < 5000; index += 1) queue.set(index, index);
    for (let index = 8; index < 5000; index += 1) expect(queue.take(index)).toBe(index);
  });

  it('keep segment and offset exactly', () => {
    const position = { segment: 100_000, offset: 2 ** 36 - 1 };
    expect(unpackPosition(packPosition(position))).toEqual(position);
  });
});
