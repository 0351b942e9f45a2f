import { setTimeout as sleep } from 'node:timers/promises';
import { isPassing } from './failure.ts';

/** How long to wait before each new try. */
const PAUSES_MS = [200, 1_000, 5_000];

/** Does again what failed for a reason that passes, where the SDK does not: it sends no stream twice, and reads no errors in answers. */
export async function persist(action: () => Promise<void>, signal?: AbortSignal): Promise<void> {
  for (const pause of PAUSES_MS) {
    try {
      return await action();
    } catch (error) {
      if (signal?.aborted || !isPassing(error)) throw error;
    }
    await sleep(pause, undefined, { ...(signal && { signal }) });
  }
  await action();
}
