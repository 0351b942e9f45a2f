import type { Row, Source, WalkedPage } from '../../src/core/source.ts';
import { parseJson } from '../../src/core/parse-json.ts';
import type { ResourceHints } from '../../src/core/source.ts';

/** A resource whose pages are written down. `pages` may look at the parent's row, and may throw. */
export interface PagedResource {
  readonly name: string;
  readonly parent?: string;
  readonly selected?: boolean;
  readonly hints?: ResourceHints;
  readonly pages: (parentRow: unknown) => readonly (readonly unknown[])[];
  /** Called before a page is given. */
  readonly before?: (index: number) => void | Promise<void>;
  readonly selectorMissed?: boolean;
  /** What else a page says. */
  readonly extra?: (index: number) => Partial<WalkedPage>;
}

/** A source without HTTP. What is asked for is added to `asked`. */
export function pagedSource(resources: readonly PagedResource[], asked: string[] = [], fingerprint = 'one'): Source {
  return {
    name: 'api',
    fingerprint,
    resources: resources.map(({ name, parent, selected = true, hints = {}, pages, before, selectorMissed, extra }) => ({
      name,
      selected,
      hints,
      ...(parent !== undefined && { parent }),
      plan: ({ parentRow }) => ({ values: { row: parentRow ?? null } }),
      async *walk(plan, options = {}) {
        const all = pages(plan.values?.['row']);
        for (let index = (options.after?.cursor as number | undefined) ?? 0; index < all.length; index += 1) {
          options.signal?.throwIfAborted();
          await before?.(index);
          asked.push(`${name} ${JSON.stringify(plan.values?.['row'])} ${index}`);
          options.emit?.({ type: 'request', resource: name });
          const rows = all[index] ?? [];
          yield {
            index,
            url: `https://api/${name}?page=${index}`,
            selector: '$',
            body: Buffer.from(JSON.stringify(rows)),
            rowCount: rows.length,
            ...(selectorMissed && { selectorMissed }),
            ...(index + 1 < all.length ? { next: { cursor: index + 1 } } : { stop: 'next_missing' }),
            ...extra?.(index),
          } satisfies WalkedPage;
        }
      },
      reader: () => ({
        read: ({ body }) => parseJson(Buffer.from(body).toString()) as Row[],
        exhausted: false,
        progress: () => undefined,
        snapshot: () => undefined,
      }),
      advance: () => undefined,
    })),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
