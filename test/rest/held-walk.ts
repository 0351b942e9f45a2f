import type { WalkedPage, WalkOptions } from '../../src/core/source.ts';
import type { HeldPages } from './held-pages.ts';
import type { OpenWalk } from './open-walk.ts';

/** A walk over an API that holds its answers back. */
export interface HeldWalk {
  readonly api: HeldPages;
  readonly walk: OpenWalk;
  /** Picks, over and over, which of the held answers comes next. */
  readonly order: readonly number[];
  readonly options?: WalkOptions;
  /** Sees each page; `settleOne` lets another one come meanwhile. */
  readonly onPage?: (page: WalkedPage, settleOne: () => Promise<void>) => Promise<void> | void;
}

/** What came of it. */
export interface Collected {
  readonly pages: readonly WalkedPage[];
  /** What the walk failed with. */
  readonly error?: unknown;
}

/** Walks to the end while answers come in the order of the script. */
export async function collect({ api, walk, order, options, onPage }: HeldWalk): Promise<Collected> {
  const pages: WalkedPage[] = [];
  const walked = walk.walk({ sequential: false, ...options });
  let turn = 0;
  const settleOne = async (): Promise<void> => {
    while (api.held().length !== walk.underWay()) await nextTurn();
    const held = api.held();
    if (held.length > 0) api.release(held[(order[turn++ % order.length] ?? 0) % held.length] ?? 0);
    while (held.length > 0 && walk.underWay() === held.length) await nextTurn();
    await nextTurn();
  };
  try {
    for (;;) {
      const state = { settled: false };
      const next = walked.next().finally(() => (state.settled = true));
      next.catch(() => {});
      await nextTurn();
      while (!state.settled) await settleOne();
      const { done, value } = await next;
      if (done) return { pages };
      pages.push(value);
      await onPage?.(value, settleOne);
    }
  } catch (error) {
    return { pages, error };
  }
}

/** What is ready to run has run then. */
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
