import type { RateLimit } from './config-client.ts';

/** Share of a span that lateness may take of each request on average: the price of being sure. */
const SHARE = 0.025;
/** What there is from the start for each request of a span: a stall hits many of them at once. */
const RESERVE = 0.1;
/** Answers after which the quickest one says how long the way takes at least; before, it takes nothing. */
const ENOUGH = 10;

/** Estimates how long after it was sent a request may have reached the API. */
export interface Lateness {
  /** Milliseconds for a request whose answer began `took` milliseconds after it was sent, where `limit` holds. */
  of(kind: string, took: number, limit: RateLimit): number;
}

/**
 * What an answer took longer than the quickest one of its kind may have passed on the way to the API:
 * a stall of the network or of the API's machine. An API that is simply slow at times looks the same,
 * so lateness has a budget that each request adds to.
 */
export function createLateness(): Lateness {
  const known = new Map<string, { answers: number; quickest: number }>();
  /** In spans. */
  let budget: number | undefined;
  return {
    of(kind, took, { requests, per }) {
      const { answers, quickest } = known.get(kind) ?? { answers: 0, quickest: Infinity };
      known.set(kind, { answers: answers + 1, quickest: Math.min(quickest, took) });
      const excess = answers < ENOUGH ? took : Math.max(0, took - quickest);
      const reserve = RESERVE * requests;
      budget ??= reserve;
      const used = Math.min(excess / (per * 1000), budget);
      budget = Math.min(budget - used + SHARE, Math.max(reserve, 1));
      return used * per * 1000;
    },
  };
}
