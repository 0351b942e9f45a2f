import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Json, JsonObject } from '../src/core/json.ts';
import { parseJson } from '../src/core/parse-json.ts';
import type { PageStep, Resource, RowReader, WalkedPage, WalkOptions, WalkPlan } from '../src/core/source.ts';

/** A resource of a made-up API: `pages` tells how many rows each page of a walk has. */
export interface Shape {
  readonly name: string;
  readonly parent?: string;
  readonly pages: (parentId: string) => readonly number[];
  /** The walk is over, by `row_order`, with this page. */
  readonly exhaustedAt?: number;
  readonly extra?: Partial<WalkedPage>;
  readonly body?: string;
  /** Pages that are asked for side by side. */
  readonly window?: number;
  /** Pages past the end that may be asked for: the API does not say where it is. */
  readonly overshoot?: number;
  readonly concurrency?: number;
}

/** Random numbers from 0 to 1, the same for the same seed. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Resources over shapes. Every page that is asked for is added to `asked`; `random` tells how long each answer takes. */
export function resourcesOf(shapes: readonly Shape[], asked: string[] = [], random: () => number = () => 0): Resource[] {
  return shapes.map((shape) => ({
    name: shape.name,
    selected: true,
    ...(shape.parent !== undefined && { parent: shape.parent }),
    ...(shape.concurrency !== undefined && { concurrency: shape.concurrency }),
    hints: {},
    stopsEarly: shape.exhaustedAt !== undefined,
    plan: ({ state, parentRow }) => ({
      values: {
        id: parentRow === undefined ? shape.name : ((parentRow as JsonObject)['id'] as Json),
        state: (state?.['seen'] ?? null) as Json,
      },
    }),
    walk: (plan: WalkPlan, options: WalkOptions = {}) =>
      walkOf(shape, { id: plan.values?.['id'] as string, options, asked: (page) => asked.push(page), random }),
    reader: (plan, snapshot) => readerOf(shape, plan, snapshot),
    advance: () => undefined,
  }));
}

interface Walking {
  readonly id: string;
  readonly options: WalkOptions;
  readonly asked: (page: string) => void;
  readonly random: () => number;
}

/** Pages in the order of arrival, some asked for ahead. */
async function* walkOf(shape: Shape, { id, options, asked, random }: Walking): AsyncGenerator<WalkedPage> {
  const counts = shape.pages(id);
  const { have = new Map<number, PageStep>(), signal } = options;
  const start = (options.after?.cursor as number | undefined) ?? 0;
  expect(options.index ?? 0).toBe(start);
  const window = options.sequential === false ? (shape.window ?? 1) : 1;
  const beyond = counts.length + (window > 1 ? (shape.overshoot ?? 0) : 0);
  const flying = new Map<number, Promise<WalkedPage>>();
  let end = beyond;
  const answer = async (index: number): Promise<WalkedPage> => {
    asked(`${shape.name} ${id}/${index}`);
    for (let turns = Math.floor(random() * 4); turns > 0; turns -= 1) await turn();
    signal?.throwIfAborted();
    return pageOf(shape, { id, counts, index });
  };
  for (let next = start; ; ) {
    for (; next < end && flying.size < window && !options.paused?.(); next += 1) {
      const known = have.get(next);
      if (known) end = known.next ? end : Math.min(end, next);
      else flying.set(next, answer(next));
    }
    if (flying.size === 0) return;
    const page = await Promise.race(flying.values()).catch(async (error: unknown) => {
      await Promise.allSettled(flying.values());
      throw error;
    });
    flying.delete(page.index);
    if (page.next === undefined) end = Math.min(end, page.index);
    yield page;
  }
}

function pageOf({ name, body, extra }: Shape, at: { id: string; counts: readonly number[]; index: number }): WalkedPage {
  const { id, counts, index } = at;
  const rows = Array.from({ length: counts[index] ?? 0 }, (_, row) => ({ id: `${id}-${index}${name}${row}`, page: index }));
  return {
    index,
    url: `https://api/${id}/${index}`,
    selector: '$',
    body: Buffer.from(body ?? JSON.stringify(rows)),
    rowCount: rows.length,
    ...(index + 1 < counts.length ? { next: { cursor: index + 1 } } : { stop: index < counts.length ? 'next_missing' : 'empty_page' }),
    ...extra,
  };
}

/** Remembers the pages that it read, in order, and gives the rows of each once. */
function readerOf({ exhaustedAt }: Shape, plan: WalkPlan, snapshot: Json | undefined): RowReader {
  const read: number[] = [...((snapshot ?? []) as number[])];
  return {
    read({ body }) {
      const rows = parseJson(Buffer.from(body).toString()) as JsonObject[];
      const [first] = rows;
      if (!first || read.includes(first['page'] as number)) return [];
      read.push(first['page'] as number);
      return rows;
    },
    get exhausted() {
      return exhaustedAt !== undefined && (read.at(-1) ?? -1) >= exhaustedAt;
    },
    progress: () => ({
      parentKey: plan.values?.['id'] as string,
      incremental: { initial_value: null, last_value: [...read], unique_hashes: [], start_value: null },
    }),
    snapshot: () => [...read],
  };
}
