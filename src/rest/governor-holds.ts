import type { Quota } from './rate-limit-headers.ts';

/** What the API asked for: to be left alone for a while, or to be asked no more than so often until then. */
export interface Holds {
  /** Nothing is sent before that time. */
  pause(until: number): void;
  /** Takes what an answer says is left. `onTheWay` are requests that it may not count yet. */
  quota(quota: Quota, answer: { readonly nth: number; readonly now: number; readonly onTheWay: number }): void;
  /** A request went out. */
  sent(): void;
  /** When one more may go at `now`, while `ahead` others are about to; `now` or before where nothing is asked for. */
  opensAt(now: number, ahead: number): number;
}

/** No holds. Times are milliseconds of any one clock. */
export function createHolds(): Holds {
  let pausedUntil = -Infinity;
  let left = Infinity;
  let leftUntil = -Infinity;
  let newest = 0;
  return {
    pause(until) {
      pausedUntil = Math.max(pausedUntil, until);
    },
    quota({ remaining, resetMs }, { nth, now, onTheWay }) {
      // Answers may overtake each other: the count that was made last is the one that holds.
      if (nth < newest) return;
      newest = nth;
      left = remaining - onTheWay;
      leftUntil = now + resetMs;
    },
    sent() {
      left -= 1;
    },
    opensAt(now, ahead) {
      return now < leftUntil && left <= ahead ? Math.max(pausedUntil, leftUntil) : pausedUntil;
    },
  };
}
