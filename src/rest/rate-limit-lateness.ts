/** Share of a span that lateness may take of each request on average: the price of being sure. */
const SHARE = 0.015;
/** Spans that are there to be used from the start, and at most. */
const INITIAL = 0.25;
const MOST = 1;

/** Estimates how long after it was sent a request may have reached the API. */
export interface Lateness {
  /** Milliseconds for a request whose answer began `took` milliseconds after it was sent, where limits are for `spanMs`. */
  of(kind: string, took: number, spanMs: number): number;
}

/**
 * What an answer took longer than the quickest one of its kind may have passed on the way to the API:
 * a stall of the network or of the API's machine. An API that is simply slow at times looks the same,
 * so lateness has a budget that each request adds to.
 */
export function createLateness(): Lateness {
  const quickest = new Map<string, number>();
  let budget = INITIAL;
  return {
    of(kind, took, spanMs) {
      const least = Math.min(quickest.get(kind) ?? 0, took);
      quickest.set(kind, Math.min(quickest.get(kind) ?? took, took));
      const share = Math.min((took - least) / spanMs, budget);
      budget = Math.min(budget - share + SHARE, MOST);
      return share * spanMs;
    },
  };
}
