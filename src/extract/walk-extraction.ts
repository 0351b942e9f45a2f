import type { Json } from '../core/json.ts';
import type { StopReason } from '../core/paginator.ts';
import type { PageStep, RowReader, WalkedPage, WalkPlan } from '../core/source.ts';
import type { WalkIndex } from '../page-log/index-log.ts';
import { gapsOf } from '../page-log/walk-gaps.ts';
import { addPage, noPages, type WalkPages } from '../page-log/walk-pages.ts';
import { bodyOf, type PagePlace, RowsBelow } from './rows-below.ts';
import { neverMatched, selectorNeverMatched } from './selector-verdict.ts';
import type { WalkContext, WalkStart } from './walk-context.ts';

/** Walks, from the beginning or where the log ends, and resolves to true when the walk and all below it have ended. */
export async function extractWalk(context: WalkContext, start: WalkStart): Promise<boolean> {
  const { known, resource } = start;
  const branches = context.resources.some(({ parent }) => parent === resource.name);
  const walk = known ?? (await beginWalk(context, start, branches));
  context.emit?.({ type: 'walk_started', resource: resource.name });
  return await new WalkExtraction(context, start, walk).run();
}

async function beginWalk(context: WalkContext, start: WalkStart, branches: boolean): Promise<WalkIndex> {
  const { resource, parent, parentRow } = start;
  const { name } = resource;
  const plan = resource.plan({ state: context.state[name], ...(parentRow !== undefined && { parentRow }) });
  const walk = context.newWalk();
  await context.log.append({ kind: 'walk', walk, resource: name, plan, ...(parent && { parent }), ...(branches && { branches }) });
  return { walk, resource: name, plan, parent, branches, snapshot: undefined, open: [], ...noPages() };
}

class WalkExtraction {
  readonly #context: WalkContext;
  readonly #start: WalkStart;
  readonly #walk: number;
  readonly #plan: WalkPlan;
  readonly #snapshot: Json | undefined;
  readonly #pages: WalkPages<PagePlace>;
  readonly #have: ReadonlyMap<number, PageStep>;
  /** Reads rows where something depends on them. */
  readonly #reader: RowReader | undefined;
  readonly #below: RowsBelow | undefined;
  readonly #sequential: boolean;

  constructor(context: WalkContext, start: WalkStart, index: WalkIndex) {
    const { resource, tree } = start;
    const { walk, plan, ahead, facts, snapshot } = index;
    this.#context = context;
    this.#start = start;
    this.#walk = walk;
    this.#plan = plan;
    this.#snapshot = snapshot;
    this.#pages = { ...index, ahead: new Map(ahead), facts: structuredClone(facts) };
    this.#have = new Map(Array.from(ahead, ([at, { page }]) => [at, stepOf(page)]));
    this.#sequential = context.sequential || resource.stopsEarly === true;
    const children = context.resources.filter(({ parent }) => parent === resource.name);
    if (children.length === 0 && !resource.stopsEarly) return;
    const reader = resource.reader(plan, snapshot);
    this.#reader = reader;
    this.#below = new RowsBelow({ context, walk, tree, reader, children, pace: resource.stopsEarly ? 'read' : 'queue' });
    const again = resource.reader(plan);
    for (const { page, position, isRead, children: begun } of index.open) {
      this.#below.add({ index: page, place: position, begun, ...(isRead && { reader: again }) });
    }
  }

  async run(): Promise<boolean> {
    const { log, emit } = this.#context;
    const { resource, parent } = this.#start;
    let reason: StopReason | undefined;
    let settled = true;
    try {
      await this.#below?.room();
      reason = this.#pages.stop ?? (await this.#ask());
    } catch (error) {
      this.#context.fail(error);
      throw error;
    } finally {
      settled = (await this.#below?.end()) ?? true;
    }
    if (reason === undefined || !settled) return false;
    if (parent === undefined) await this.#judge();
    const gaps = gapsOf(this.#pages, reason);
    await log.append({ kind: 'end', walk: this.#walk, reason, pages: this.#pages.pages, ...(gaps.length > 0 && { gaps }) });
    this.#context.noteGaps(resource, gaps);
    emit?.({ type: 'walk_ended', resource: resource.name, reason });
    return true;
  }

  /** Asks for the pages that the log lacks. Every way out is a reason (invariant 5), or `undefined` when nothing new is to be asked for. */
  async #ask(): Promise<StopReason | undefined> {
    const { resource, tree } = this.#start;
    const context = this.#context;
    if (await this.#isExhausted()) return 'row_order';
    if (context.limitReached(resource)) return 'limit_reached';
    if (context.paused()) return undefined;
    for await (const page of this.#walkedPages()) {
      await this.#addPage(page);
      await this.#below?.room();
      await context.room(tree);
      context.signal.throwIfAborted();
      // Only what comes one by one can be left: else, more is under way.
      if (!this.#sequential || this.#pages.stop !== undefined) continue;
      if (resource.stopsEarly && this.#reader?.exhausted) return 'row_order';
      if (context.limitReached(resource)) return 'limit_reached';
      if (context.paused()) return undefined;
    }
    if (this.#pages.stop === undefined && !context.paused()) throw new Error(`The walk of ${resource.name} ended without a last page.`);
    return this.#pages.stop;
  }

  #walkedPages(): AsyncIterable<WalkedPage> {
    const { emit, signal } = this.#context;
    const { pages, next } = this.#pages;
    return this.#start.resource.walk(this.#plan, {
      index: pages,
      ...(next && { after: next }),
      have: this.#have,
      sequential: this.#sequential,
      paused: () => this.#context.paused(),
      signal,
      ...(emit && { emit }),
    });
  }

  async #addPage(page: WalkedPage): Promise<void> {
    const { log, emit } = this.#context;
    const { body, ...facts } = page;
    await log.append({ kind: 'page', walk: this.#walk, ...facts }, body);
    this.#context.countPage(this.#start);
    emit?.({ type: 'page', resource: this.#start.resource.name, rows: page.rowCount, bytes: body.length });
    for (const { page: joined, place } of addPage(this.#pages, { page, bodyBytes: body.length, place: page })) {
      this.#below?.add({ index: joined.index, place });
    }
  }

  /** Whether the last page that an earlier process logged was the last one by `row_order`. */
  async #isExhausted(): Promise<boolean> {
    const { resource } = this.#start;
    const { last } = this.#pages;
    if (!resource.stopsEarly || !last) return false;
    const reader = resource.reader(this.#plan, this.#snapshot);
    reader.read(await bodyOf(last, this.#context.log.dir));
    return reader.exhausted;
  }

  /** A top-level resource whose selector never matched was not understood: its walk is taken back, to be asked again. */
  async #judge(): Promise<void> {
    const { last, facts } = this.#pages;
    if (!last || !neverMatched(facts.selector)) return;
    const { log } = this.#context;
    await log.append({ kind: 'void', walk: this.#walk });
    throw selectorNeverMatched(this.#start.resource.name, await bodyOf(last, log.dir));
  }
}

function stepOf({ next, stop }: PageStep): PageStep {
  return { ...(next && { next }), ...(stop && { stop }) };
}
