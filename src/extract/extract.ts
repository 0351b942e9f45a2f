import type { Emit } from '../core/events.ts';
import type { StopReason } from '../core/paginator.ts';
import type { PageBody, Resource, Row, RowReader, WalkedPage, WalkPlan } from '../core/source.ts';
import type { ResourceState } from '../core/state.ts';
import { addSelectorFacts, childKey, type LogIndex, type OpenPage, type SelectorFacts, type WalkIndex } from '../page-log/index-log.ts';
import type { PageLog } from '../page-log/page-log.ts';
import { readPage } from '../page-log/read-log.ts';
import type { ParentPosition } from '../page-log/records.ts';
import { neverMatched, selectorNeverMatched } from './selector-verdict.ts';

/** What to extract, and where to go on. */
export interface ExtractOptions {
  /** Resources to walk: parents before their children, each with all its ancestors. */
  readonly resources: readonly Resource[];
  /** State that walks are planned from, by resource. The same whenever a run is resumed. */
  readonly state: Readonly<Record<string, ResourceState>>;
  readonly log: PageLog;
  /** What the log holds already: no page of it is asked for again. */
  readonly index?: LogIndex | undefined;
  /** Pages of each resource at most; its walks then end with `limit_reached`. */
  readonly limit?: number | undefined;
  readonly emit?: Emit | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Walks the resources and appends every page to the log as it comes: first a page, then everything
 * below its rows, then the next page. When it rejects, the log has all pages that came, and a later
 * call with the log's index goes on at the next one (invariant 3).
 */
export async function extract(options: ExtractOptions): Promise<Extracted> {
  const extraction = new Extraction(options);
  for (const resource of options.resources) if (resource.parent === undefined) await extraction.top(resource);
  if (!options.index?.complete) await options.log.append({ kind: 'complete' });
  await options.log.flush();
  return { limited: extraction.limited };
}

/** What an extraction came to. */
export interface Extracted {
  /** Resources with a walk that ended with `limit_reached`. */
  readonly limited: ReadonlySet<string>;
}

/** A walk as it goes on. */
interface OngoingWalk {
  readonly walk: number;
  readonly resource: Resource;
  readonly plan: WalkPlan;
  readonly children: readonly Resource[];
  /** Reads rows where something depends on them. */
  readonly reader: RowReader | undefined;
  readonly selector: SelectorFacts;
  /** The last page that came, for what may have to be said of it. */
  lastPage: (PageBody & { readonly url: string }) | undefined;
}

/** Where a walk starts, or goes on. */
interface WalkStart {
  readonly known: WalkIndex | undefined;
  readonly parent?: ParentPosition;
  readonly parentRow?: Row;
}

class Extraction {
  readonly #options: ExtractOptions;
  readonly #pages: Map<string, number>;
  readonly limited: Set<string>;
  #nextWalk: number;

  constructor(options: ExtractOptions) {
    this.#options = options;
    this.limited = new Set(options.index?.limited);
    this.#pages = new Map(options.index?.pages);
    this.#nextWalk = options.index?.nextWalk ?? 0;
  }

  async top(resource: Resource): Promise<void> {
    const known = this.#options.index?.walks.get(resource.name);
    if (known !== 'ended') await this.#walk(resource, { known });
  }

  async #walk(resource: Resource, { known, parent, parentRow }: WalkStart): Promise<void> {
    const { log, emit } = this.#options;
    const walk = known ? this.#ongoing(known.walk, resource, known) : await this.#begin(resource, parent, parentRow);
    if (known?.lastPage) {
      const { record, body } = await readPage(log.dir, known.lastPage);
      walk.lastPage = { ...record, body };
    }
    emit?.({ type: 'walk_started', resource: resource.name });
    for (const open of known?.open ?? []) await this.#settleAgain(walk, open);
    const reason = known?.stop ?? (await this.#ask(walk, known));
    if (parent === undefined) await this.#judge(walk);
    await log.append({ kind: 'end', walk: walk.walk, reason });
    if (reason === 'limit_reached') this.limited.add(resource.name);
    emit?.({ type: 'walk_ended', resource: resource.name, reason });
  }

  async #begin(resource: Resource, parent: ParentPosition | undefined, parentRow: Row | undefined): Promise<OngoingWalk> {
    const state = this.#options.state[resource.name];
    const plan = resource.plan({ state, ...(parentRow !== undefined && { parentRow }) });
    const walk = this.#ongoing(this.#nextWalk, resource, { plan, selector: { missed: 0, matched: 0, empty: false } });
    this.#nextWalk += 1;
    const branches = walk.children.length > 0;
    await this.#options.log.append({
      kind: 'walk',
      walk: walk.walk,
      resource: resource.name,
      plan,
      ...(parent && { parent }),
      ...(branches && { branches }),
    });
    return walk;
  }

  #ongoing(walk: number, resource: Resource, { plan, selector }: Pick<WalkIndex, 'plan' | 'selector'>): OngoingWalk {
    const children = this.#options.resources.filter(({ parent }) => parent === resource.name);
    const reader = children.length > 0 || resource.stopsEarly ? resource.reader(plan) : undefined;
    return { walk, resource, plan, children, reader, selector, lastPage: undefined };
  }

  /** Asks for the pages that the log lacks. Every way out is a reason (invariant 5). */
  async #ask(walk: OngoingWalk, known: WalkIndex | undefined): Promise<StopReason> {
    const { signal, emit } = this.#options;
    const { resource, plan } = walk;
    if (known && walk.lastPage && (await this.#isExhausted(walk, walk.lastPage))) return 'row_order';
    if (this.#limitReached(resource)) return 'limit_reached';
    const pages = resource.walk(plan, {
      index: known?.pages ?? 0,
      ...(known?.next && { after: known.next }),
      ...(emit && { emit }),
      ...(signal && { signal }),
    });
    for await (const page of pages) {
      await this.#addPage(walk, page);
      if (page.next === undefined) return page.stop ?? 'next_missing';
      if (resource.stopsEarly && walk.reader?.exhausted) return 'row_order';
      if (this.#limitReached(resource)) return 'limit_reached';
      signal?.throwIfAborted();
    }
    throw new Error(`The walk of ${resource.name} ended without a last page.`);
  }

  async #addPage(walk: OngoingWalk, page: WalkedPage): Promise<void> {
    const { log, emit } = this.#options;
    const { body, ...facts } = page;
    await log.append({ kind: 'page', walk: walk.walk, ...facts }, body);
    const { name } = walk.resource;
    this.#pages.set(name, (this.#pages.get(name) ?? 0) + 1);
    addSelectorFacts(walk.selector, page, body.length);
    walk.lastPage = page;
    emit?.({ type: 'page', resource: name, rows: page.rowCount, bytes: body.length });
    await this.#settle(walk, page.index, walk.reader?.read(page) ?? []);
  }

  /** Walks below a page that an earlier process logged. */
  async #settleAgain(walk: OngoingWalk, open: OpenPage): Promise<void> {
    const { record, body } = await readPage(this.#options.log.dir, open.position);
    await this.#settle(walk, open.page, walk.reader?.read({ ...record, body }) ?? [], open.children);
  }

  /** Walks everything below the rows of a page, but for what has ended already. */
  async #settle(walk: OngoingWalk, page: number, rows: readonly Row[], begun?: OpenPage['children']): Promise<void> {
    if (walk.children.length === 0) return;
    for (const [row, parentRow] of rows.entries()) {
      for (const child of walk.children) {
        const known = begun?.get(childKey(row, child.name));
        if (known === 'ended') continue;
        this.#options.signal?.throwIfAborted();
        await this.#walk(child, { known, parent: { walk: walk.walk, page, row }, parentRow });
      }
    }
    await this.#options.log.append({ kind: 'settled', walk: walk.walk, page });
  }

  /** Whether a page that an earlier process logged was the last one by `row_order`. */
  async #isExhausted({ resource, plan }: OngoingWalk, page: PageBody): Promise<boolean> {
    if (!resource.stopsEarly) return false;
    const reader = resource.reader(plan);
    reader.read(page);
    return reader.exhausted;
  }

  #limitReached({ name }: Resource): boolean {
    const { limit } = this.#options;
    return limit !== undefined && (this.#pages.get(name) ?? 0) >= limit;
  }

  /** A top-level resource whose selector never matched was not understood: its walk is taken back, to be asked again. */
  async #judge({ walk, resource, selector, lastPage }: OngoingWalk): Promise<void> {
    if (!lastPage || !neverMatched(selector)) return;
    await this.#options.log.append({ kind: 'void', walk });
    throw selectorNeverMatched(resource.name, lastPage);
  }
}
