import { setImmediate as nextTurn } from 'node:timers/promises';

/** A clock that goes on only when `run` lets it, from one sleeper to the next. */
export interface FakeClock {
  readonly now: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Lets all that can happen happen, until nobody sleeps or the time is up. */
  run(until?: number): Promise<void>;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** A clock at 0. */
export function createFakeClock(): FakeClock {
  let time = 0;
  const sleepers: Sleeper[] = [];
  return {
    now: () => time,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { at: time + ms, wake: resolve };
        const place = sleepers.findIndex(({ at }) => at > sleeper.at);
        sleepers.splice(place === -1 ? sleepers.length : place, 0, sleeper);
        signal?.addEventListener('abort', () => {
          sleepers.splice(sleepers.indexOf(sleeper), sleepers.includes(sleeper) ? 1 : 0);
          reject(signal.reason as Error);
        });
      }),
    async run(until = Infinity) {
      for (;;) {
        await nextTurn();
        const [next] = sleepers;
        if (!next || next.at > until) break;
        sleepers.shift();
        time = Math.max(time, next.at);
        next.wake();
      }
      if (until < Infinity) time = Math.max(time, until);
    },
  };
}
