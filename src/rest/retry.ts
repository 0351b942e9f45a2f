import type { RetryPolicy } from './config-client.ts';
import { askedWait } from './rate-limit-headers.ts';

/** Waits that the API asked for do not use up a try, but they end too. */
const MAX_ASKED_WAITS = 20;
const MAX_ASKED_TOTAL_MS = 3_600_000;
/** Jitter only lengthens a wait, by up to this share. */
const JITTER = 0.25;

/** What follows a failed try. `tooLong` is the wait in milliseconds that the API asks for and does not get. */
export type RetryStep =
  | { readonly waitMs: number }
  | { readonly giveUp: 'no_tries_left' }
  | { readonly giveUp: 'asked_too_long'; readonly tooLong: number };

/** Clock and chance of a {@link RetryBudget}. */
export interface RetryChance {
  readonly now: () => number;
  /** A number from 0 to below 1. */
  readonly random: () => number;
}

/** The tries of one request. */
export interface RetryBudget {
  /** Told of a failed try, with the headers of the response if one came. */
  failed(headers?: Readonly<Record<string, string>>): RetryStep;
}

/**
 * Starts the tries of one request. A `Retry-After` or rate limit header decides the wait and does
 * not use up a try; one that says "now" is waited for like a backoff, so that nobody spins.
 */
export function createRetryBudget(policy: RetryPolicy, chance: RetryChance): RetryBudget {
  let failures = 0;
  let askedWaits = 0;
  let askedTotal = 0;
  const backoff = (nth: number) => {
    const jitter = policy.jitter ? 1 + JITTER * chance.random() : 1;
    const seconds = policy.backoffFactor * 2 ** (nth - 1) * jitter;
    return Math.min(seconds, policy.maxWait) * 1000;
  };
  return {
    failed(headers) {
      const asked = headers && askedWait(headers, chance.now());
      if (asked !== undefined && policy.maxRetries > 0) {
        if (asked > policy.maxWait * 1000) return { giveUp: 'asked_too_long', tooLong: asked };
        const waitMs = asked > 0 ? asked : backoff(Math.min(askedWaits + 1, 3));
        if (askedWaits < MAX_ASKED_WAITS && askedTotal + waitMs <= MAX_ASKED_TOTAL_MS) {
          askedWaits += 1;
          askedTotal += waitMs;
          return { waitMs };
        }
      }
      failures += 1;
      return failures > policy.maxRetries ? { giveUp: 'no_tries_left' } : { waitMs: backoff(failures) };
    },
  };
}
