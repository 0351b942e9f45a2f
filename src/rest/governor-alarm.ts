/** One wake-up call at a time, on a clock that agrees with it. */
export interface Alarm {
  /** Milliseconds, never less than what was slept until. */
  now(): number;
  /** Calls then, instead of at the time that was set before; `Infinity` is never. */
  set(at: number): void;
}

/** Clock and sleep of an {@link Alarm}, and whom it wakes. */
export interface AlarmOptions {
  readonly elapsed: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly wake: () => void;
}

/** Longest sleep that timers take. */
const LONGEST_MS = 86_400_000;

/** An alarm that is not set. */
export function createAlarm({ elapsed, sleep, wake }: AlarmOptions): Alarm {
  let current: { readonly at: number; readonly abort: AbortController } | undefined;
  let sleptUntil = -Infinity;
  // Timers may wake a little early: a sleep that is over is over.
  const now = () => Math.max(elapsed(), sleptUntil);
  return {
    now,
    set(at) {
      if (current?.at === at) return;
      current?.abort.abort();
      current = undefined;
      if (at === Infinity) return;
      const abort = new AbortController();
      current = { at, abort };
      const start = now();
      const until = Math.min(at, start + LONGEST_MS);
      const over = () => {
        if (abort.signal.aborted) return;
        current = undefined;
        sleptUntil = until;
        wake();
      };
      void sleep(until - start, abort.signal).then(over, over);
    },
  };
}
