import { addGaps, type Gap } from '../core/gap.ts';
import type { Resource } from '../core/source.ts';
import type { ExtractOptions } from './extract-options.ts';
import { HeadStart } from './head-start.ts';
import { Lanes, type Leave } from './lanes.ts';
import { TaskGroup } from './task-group.ts';
import type { WalkContext, WalkStart } from './walk-context.ts';
import { extractWalk } from './walk-extraction.ts';

/** Top-level resources that are walked side by side, at least. */
const TOP_LANES = 4;
/** Walks of a resource that may begin while the oldest one goes on. */
const MOST_SPREAD = 1000;
/** Records that a top-level resource may be ahead of its turn. */
const MOST_AHEAD = 100_000;

/** The schedule of the walks: which begin when, what they share, and what stops them all. */
export class Extraction implements WalkContext {
  readonly log: WalkContext['log'];
  readonly resources: readonly Resource[];
  readonly state: WalkContext['state'];
  readonly emit: WalkContext['emit'];
  readonly sequential: boolean;
  /** What walks that have ended lack, by resource. */
  readonly gaps: Map<string, readonly Gap[]>;
  readonly #options: ExtractOptions;
  readonly #pages: Map<string, number>;
  readonly #lanes = new Map<string, Lanes>();
  readonly #headStart: HeadStart;
  readonly #stopping = new AbortController();
  #nextWalk: number;
  #isPaused = false;
  #isWhole = true;

  constructor(options: ExtractOptions) {
    const { log, resources, state, emit, index } = options;
    this.log = log;
    this.resources = resources;
    this.state = state;
    this.emit = emit;
    this.sequential = options.limit !== undefined;
    this.gaps = new Map(index?.gaps);
    this.#options = options;
    this.#pages = new Map(index?.pages);
    this.#nextWalk = index?.nextWalk ?? 0;
    this.#headStart = new HeadStart(this.#top.length, MOST_AHEAD);
  }

  /** Resolves to true when all walks have ended. */
  async run(): Promise<boolean> {
    const { signal } = this.#options;
    const abort = (): void => this.fail(signal?.reason);
    signal?.addEventListener('abort', abort);
    try {
      if (signal?.aborted) abort();
      const lanes = this.#lanesOf(Math.max(TOP_LANES, ...this.resources.map(({ concurrency }) => concurrency ?? 1)), Infinity);
      const tasks = new TaskGroup((error) => this.fail(error));
      for (const [tree, resource] of this.#top.entries()) tasks.add(this.#walkTop(resource, { lanes, tree }));
      await tasks.end();
      this.signal.throwIfAborted();
      return this.#isWhole;
    } catch {
      // The first failure in time: others may only be what it led to.
      throw this.signal.reason;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  paused(): boolean {
    this.#isPaused ||= this.#options.paused?.() ?? false;
    return this.#isPaused;
  }

  readonly fail = (error: unknown): void => {
    this.#stopping.abort(error);
  };

  newWalk(): number {
    const walk = this.#nextWalk;
    this.#nextWalk += 1;
    return walk;
  }

  countPage({ resource: { name }, tree }: WalkStart): void {
    this.#pages.set(name, (this.#pages.get(name) ?? 0) + 1);
    this.#headStart.count(tree);
  }

  noteGaps({ name }: Resource, gaps: readonly Gap[]): void {
    addGaps(this.gaps, name, gaps);
  }

  limitReached({ name }: Resource): boolean {
    const { limit } = this.#options;
    return limit !== undefined && (this.#pages.get(name) ?? 0) >= limit;
  }

  room(tree: number): Promise<void> {
    return this.#headStart.room(tree);
  }

  async enter({ name, concurrency }: Resource, tree: number): Promise<Leave | undefined> {
    let lanes = this.#lanes.get(name);
    if (!lanes) {
      lanes = this.#lanesOf(concurrency ?? 1, MOST_SPREAD);
      this.#lanes.set(name, lanes);
    }
    const leave = await lanes.enter();
    await this.#headStart.room(tree);
    if (!this.signal.aborted && !this.paused()) {
      this.#headStart.count(tree);
      return leave;
    }
    leave();
    return undefined;
  }

  walk(start: WalkStart): Promise<boolean> {
    return extractWalk(this, start);
  }

  get #top(): readonly Resource[] {
    return this.resources.filter(({ parent }) => parent === undefined);
  }

  #lanesOf(width: number, spread: number): Lanes {
    return new Lanes({ width: this.sequential ? 1 : width, spread });
  }

  async #walkTop(resource: Resource, { lanes, tree }: { readonly lanes: Lanes; readonly tree: number }): Promise<void> {
    const leave = await lanes.enter();
    try {
      this.signal.throwIfAborted();
      const known = this.#options.index?.walks.get(resource.name);
      if (known === 'ended') return;
      if (this.paused() || !(await this.walk({ resource, known, tree }))) this.#isWhole = false;
    } finally {
      this.#headStart.end(tree);
      leave();
    }
  }
}
