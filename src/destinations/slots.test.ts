import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Slots } from './slots.ts';

it('lets so many go on at the same time, each in a slot that is free', async () => {
  const slots = new Slots(2);
  const taken = new Set<number>();
  let most = 0;
  for (let i = 0; i < 7; i += 1) {
    await slots.begin(async (slot) => {
      expect(taken.has(slot)).toBe(false);
      taken.add(slot);
      most = Math.max(most, taken.size);
      await turn();
      taken.delete(slot);
    });
  }
  expect(taken.size).toBeGreaterThan(0);
  await slots.settled();
  expect([most, taken.size]).toEqual([2, 0]);
});

it('tells the first failure to whoever begins the next, or waits for all', async () => {
  const slots = new Slots(2);
  const failing = async (what: string): Promise<void> => {
    await turn();
    throw new Error(what);
  };
  await slots.begin(() => failing('first'));
  await slots.begin(() => failing('second'));
  let isBegun = false;
  const next = slots.begin(async () => {
    isBegun = true;
  });
  await expect(next).rejects.toThrow('first');
  await expect(slots.settled()).rejects.toThrow('first');
  expect(isBegun).toBe(false);
  await slots.ended();
});
