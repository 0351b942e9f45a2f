import { setTimeout as delay } from 'node:timers/promises';
import type { OpenOptions } from '../../core/destination.ts';
import { DestinationError } from '../../core/errors.ts';

const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 1_000;

/**
 * Waits a moment when another process has the file, each time a bit longer. Rejects with the refusal
 * when it is another one, when the time is up, or when the dataset is being closed. Time is counted in
 * waits: clocks may be set.
 */
export function createPatience({ wait = 0, waiting, signal }: OpenOptions, closing: AbortSignal): (refusal: unknown) => Promise<void> {
  let waited = 0;
  let next = FIRST_PAUSE_MS;
  return async (refusal) => {
    if (!(refusal instanceof DestinationError) || refusal.code !== 'database_locked' || waited >= wait) throw refusal;
    signal?.throwIfAborted();
    if (waited === 0) waiting?.(`${refusal.message} Waiting for it to end.`);
    const pause = Math.min(next, wait - waited);
    await delay(pause, undefined, { signal: AbortSignal.any([closing, ...(signal ? [signal] : [])]) }).catch(() => {
      signal?.throwIfAborted();
      throw refusal;
    });
    waited += pause;
    next = Math.min(next * 2, LONGEST_PAUSE_MS);
  };
}
