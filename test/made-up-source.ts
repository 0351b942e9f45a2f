import { expect } from 'vitest';
import type { Json, JsonObject } from '../src/core/json.ts';
import { parseJson } from '../src/core/parse-json.ts';
import type { Resource, WalkedPage, WalkPlan } from '../src/core/source.ts';

/** A resource of a made-up API: `pages` tells how many rows each page of a walk has. */
export interface Shape {
  readonly name: string;
  readonly parent?: string;
  readonly pages: (parentId: string) => readonly number[];
  /** The walk is over, by `row_order`, with this page. */
  readonly exhaustedAt?: number;
  readonly extra?: Partial<WalkedPage>;
  readonly body?: string;
}

/** Resources over shapes. Every page that is asked for is added to `asked`. */
export function resourcesOf(shapes: readonly Shape[], asked: string[] = []): Resource[] {
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
        snapshot: () => undefined,
      };
    },
    advance: () => undefined,
  }));
}
