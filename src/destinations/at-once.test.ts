import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { eachAtOnce } from './at-once.ts';

it('does all, and no more at once than it may', async () => {
  const done: number[] = [];
  let running = 0;
  let most = 0;
  await eachAtOnce(3, [1, 2, 3, 4, 5, 6, 7], async (item) => {
    most = Math.max(most, (running += 1));
    await turn();
    running -= 1;
    done.push(item);
  });
  expect(done.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(most).toBe(3);
});

it('begins nothing after a failure, and waits for what is under way', async () => {
  const begun: number[] = [];
  let ended = 0;
  const all = eachAtOnce(2, [1, 2, 3, 4], async (item) => {
    begun.push(item);
    if (item === 1) throw new Error('refused');
    await turn();
    ended += 1;
  });
  await expect(all).rejects.toThrow('refused');
  expect([begun, ended]).toEqual([[1, 2], 1]);
});
