import { describe, expect, it } from 'vitest';
import { retryPolicy } from './config-client.ts';
import { askedWait, createRetryBudget } from './retry.ts';

const now = Date.UTC(2024, 5, 1, 12);

describe('askedWait', () => {
  it.each([
    [{}, undefined],
    [{ 'retry-after': '120' }, 120_000],
    [{ 'retry-after': ' 0 ' }, 0],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after': 'Sat, 01 Jun 2024 12:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Saturday, 01-Jun-24 12:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Sat Jun  1 12:00:30 2024' }, 30_000],
    [{ 'retry-after': '2024-06-01T12:00:30Z' }, 30_000],
    [{ 'retry-after': 'Sat, 01 Jun 2024 11:59:00 GMT' }, -60_000],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '-5' }, undefined],
    [{ 'retry-after': 'soon', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '9' }, 9000],
    [{ 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': '9' }, undefined],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now / 1000 + 60) }, 60_000],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now + 60_000) }, 60_000],
    [{ 'ratelimit-remaining': '0', 'ratelimit-reset': '2024-06-01T12:01:00Z' }, 60_000],
    [{ ratelimit: '"minute";r=0;t=30' }, 30_000],
    [{ ratelimit: '"minute";r=3;t=30' }, undefined],
  ])('reads %j', (headers, wait) => {
    expect(askedWait(headers, now)).toBe(wait);
  });
});

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
