import { describe, expect, it } from 'vitest';
import { createAlarm } from './governor-alarm.ts';

describe('createAlarm', () => {
  it('takes a sleep that is over at its word, and never goes back', async () => {
    let time = 0;
    const woken: number[] = [];
    const alarm = createAlarm({
      elapsed: () => time,
      // A timer that wakes a millisecond early.
      sleep: async (ms) => void (time += ms - 1),
      wake: () => woken.push(alarm.now()),
    });
    alarm.set(1000);
    await Promise.resolve();
    expect([woken, time]).toEqual([[1000], 999]);
    time = 500;
    expect(alarm.now()).toBe(1000);
  });

  it('calls once, at the time that was set last', async () => {
    const calls: (readonly [number, AbortSignal | undefined])[] = [];
    const alarm = createAlarm({
      elapsed: () => 0,
      sleep: async (ms, signal) => void calls.push([ms, signal]),
      wake: () => undefined,
    });
    alarm.set(300);
    alarm.set(300);
    alarm.set(200);
    alarm.set(Infinity);
    expect(calls.map(([ms, signal]) => [ms, signal?.aborted])).toEqual([
      [300, true],
      [200, true],
    ]);
  });

  it('sleeps no longer at a time than timers can', () => {
    const slept: number[] = [];
    const alarm = createAlarm({ elapsed: () => 0, sleep: async (ms) => void slept.push(ms), wake: () => undefined });
    alarm.set(1e12);
    expect(slept).toEqual([86_400_000]);
  });
});
