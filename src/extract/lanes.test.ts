import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { HeadStart } from './head-start.ts';
import { Lanes, type Leave } from './lanes.ts';

/** Asks for so many lanes and notes who got one. */
function ask(lanes: Lanes, count: number): Map<number, Leave> {
  const inside = new Map<number, Leave>();
  for (let number = 0; number < count; number += 1) void lanes.enter().then((leave) => inside.set(number, leave));
  return inside;
}

describe('lanes', () => {
  it('let so many in at once, in the order in which they asked', async () => {
    const inside = ask(new Lanes({ width: 2, spread: Infinity }), 5);
    await turn();
    expect([...inside.keys()]).toEqual([0, 1]);
    inside.get(1)?.();
    await turn();
    expect([...inside.keys()]).toEqual([0, 1, 2]);
  });

  it('let nobody in who is too far behind the oldest', async () => {
    const inside = ask(new Lanes({ width: 2, spread: 3 }), 5);
    await turn();
    for (const number of [1, 2]) {
      inside.get(number)?.();
      await turn();
    }
    expect([...inside.keys()]).toEqual([0, 1, 2]);
    inside.get(0)?.();
    await turn();
    expect([...inside.keys()]).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('a head start', () => {
  it('is bounded for all but the first that has not ended', async () => {
    const start = new HeadStart(3, 2);
    const passed: number[] = [];
    for (const resource of [0, 1, 2]) for (const _record of [1, 2]) start.count(resource);
    for (const resource of [2, 1, 0]) void start.room(resource).then(() => passed.push(resource));
    await turn();
    expect(passed).toEqual([0]);
    start.end(0);
    await turn();
    expect(passed).toEqual([0, 1]);
    start.end(1);
    await turn();
    expect(passed).toEqual([0, 1, 2]);
  });

  it('goes to the next that has not ended', async () => {
    const start = new HeadStart(3, 0);
    start.end(1);
    const passed: number[] = [];
    void start.room(2).then(() => passed.push(2));
    await turn();
    expect(passed).toEqual([]);
    start.end(0);
    await turn();
    expect(passed).toEqual([2]);
  });
});
