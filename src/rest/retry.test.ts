import { describe, expect, it } from 'vitest';
import { retryPolicy } from './config-client.ts';
import { createRetryBudget } from './retry.ts';

const now = Date.UTC(2024, 5, 1, 12);

describe('createRetryBudget', () => {
  it('ends asked waits after an hour in all', () => {
    const budget = createRetryBudget(retryPolicy({ max_wait: 1000, jitter: false }), { now: () => now, random: () => 0 });
    const waits = Array.from({ length: 7 }, () => budget.failed({ 'retry-after': '900' }));
    expect(waits).toEqual([
      ...Array.from({ length: 4 }, () => ({ waitMs: 900_000 })),
      { waitMs: 2000 },
      { waitMs: 4000 },
      { waitMs: 8000 },
    ]);
    expect(budget.failed({ 'retry-after': '900' })).toEqual({ giveUp: 'no_tries_left' });
  });
});
