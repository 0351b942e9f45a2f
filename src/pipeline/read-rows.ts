import type { Emit } from '../core/events.ts';
import type { Resource, Row, Source, WalkedPage } from '../core/source.ts';
import type { ResourceState } from '../core/state.ts';
import { neverMatched, selectorNeverMatched } from '../extract/selector-verdict.ts';
import { addSelectorFacts } from '../page-log/walk-facts.ts';
import { toPlain } from '../rest/plain-row.ts';
import { selectResources } from './select-resources.ts';

/** What is read of a source. */
export interface ReadRowsOptions {
  /** Rows of these resources only. */
  readonly resources?: readonly string[];
  /** Where the incremental cursors start, by resource; from the beginning when left out. */
  readonly state?: Readonly<Record<string, ResourceState>>;
  /** Pages of each resource at most. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
  readonly emit?: Emit;
}

/** One row and the resource that it is of. */
export interface ReadRow<T> {
  readonly resource: string;
  /** As JavaScript reads JSON, but integers beyond 2^53 are bigints. */
  readonly row: T;
}

/**
 * The rows of a source without any destination, as they come: a row of a parent before those that depend
 * on it. Nothing is stored, so nothing can be resumed.
 */
export async function* readRows<T = Record<string, unknown>>(
  source: Source,
  options: ReadRowsOptions = {},
): AsyncGenerator<ReadRow<T>, void> {
  const { walked, loaded } = selectResources(source, options.resources);
  const pages = new Map<string, number>();
  const isFull = ({ name }: Resource): boolean => options.limit !== undefined && (pages.get(name) ?? 0) >= options.limit;

  async function* rowsOf(resource: Resource, parentRow?: Row): AsyncGenerator<ReadRow<T>, void> {
    if (isFull(resource)) return;
    const plan = resource.plan({ state: options.state?.[resource.name], ...(parentRow !== undefined && { parentRow }) });
    const reader = resource.reader(plan);
    const children = walked.filter(({ parent }) => parent === resource.name);
    const selector = { missed: 0, matched: 0, empty: false };
    let last: WalkedPage | undefined;
    for await (const page of resource.walk(plan, {
      sequential: true,
      ...(options.signal && { signal: options.signal }),
      ...(options.emit && { emit: options.emit }),
    })) {
      last = page;
      pages.set(resource.name, (pages.get(resource.name) ?? 0) + 1);
      addSelectorFacts(selector, page, page.body.length);
      for (const row of reader.read(page)) {
        if (loaded.has(resource.name)) yield { resource: resource.name, row: toPlain(row) as T };
        for (const child of children) yield* rowsOf(child, row);
      }
      if ((resource.stopsEarly && reader.exhausted) || isFull(resource)) break;
    }
    if (resource.parent === undefined && last && neverMatched(selector)) throw selectorNeverMatched(resource.name, last);
  }

  for (const resource of walked) if (resource.parent === undefined) yield* rowsOf(resource);
}
