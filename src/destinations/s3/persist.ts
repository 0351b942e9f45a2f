import { setTimeout as sleep } from 'node:timers/promises';
import { isPassing } from './failure.ts';

const FIRST_PAUSE_MS = 200;

/** Does again what failed for a reason that passes, after pauses: the SDK sends no body of a stream twice. */
export async function persist(tries: number, signal: AbortSignal, action: () => Promise<void>): Promise<void> {
  for (let done = 1; ; done += 1) {
    try {
      return await action();
    } catch (error) {
      if (done >= tries || signal.aborted || !isPassing(error)) throw error;
    }
    await sleep(FIRST_PAUSE_MS * 4 ** (done - 1), undefined, { signal });
  }
}
