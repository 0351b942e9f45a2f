import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLateness } from './rate-limit-lateness.ts';
import { createRateLog } from './rate-limit-log.ts';

describe('createRateLog', () => {
  it('opens when a span has room, with a margin, whatever order lateness brings', () => {
    const script = fc.array(fc.record({ wait: fc.nat(400), late: fc.nat(300) }), { maxLength: 80 });
    fc.assert(
      fc.property(script, fc.integer({ min: 1, max: 6 }), fc.constantFrom(0.5, 1), (steps, requests, per) => {
        const log = createRateLog([{ requests, per }]);
        const arrivals: number[] = [];
        let now = 0;
        for (const { wait, late } of steps) {
          now = Math.max(now + wait, log.opensAt(0));
          log.sent(now);
          log.late(now, late);
          arrivals.push(now + late);
          for (const end of arrivals) {
            const within = arrivals.filter((at) => at > end - per * 1000 && at <= end && end <= now);
            expect(within.length).toBeLessThanOrEqual(requests);
          }
        }
      }),
    );
  });

  it('counts those that are about to go', () => {
    const log = createRateLog([{ requests: 2, per: 1 }]);
    expect(log.opensAt(1)).toBe(-Infinity);
    expect(log.opensAt(2)).toBe(Infinity);
    log.sent(50);
    expect(log.opensAt(0)).toBe(-Infinity);
    expect(log.opensAt(1)).toBe(1070);
  });

  it('adds at most a tenth of a second', () => {
    const log = createRateLog([{ requests: 1, per: 60 }]);
    log.sent(0);
    expect(log.opensAt(0)).toBe(60_100);
  });

  it('has what was sent when a limit is adopted', () => {
    const log = createRateLog([]);
    for (let at = 0; at < 5000; at += 1) log.sent(at);
    expect(log.opensAt(9)).toBe(-Infinity);
    log.adopt([{ requests: 100, per: 10 }]);
    expect(log.opensAt(0)).toBe(15_000);
  });
});

describe('createLateness', () => {
  it('is what an answer took longer than the quickest of its kind', () => {
    const lateness = createLateness();
    const limit = { requests: 50, per: 1 };
    // Little is known of the first ones: all of it counts.
    for (let nth = 0; nth < 10; nth += 1) expect(lateness.of('a', 20 + nth, limit)).toBeCloseTo(20 + nth);
    expect(lateness.of('a', 60, limit)).toBeCloseTo(40);
    expect(lateness.of('a', 20, limit)).toBe(0);
    expect(lateness.of('b', 100, limit)).toBeCloseTo(100);
  });

  it('takes no more than its share in the long run', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5000), { maxLength: 300 }), fc.integer({ min: 1, max: 40 }), (times, requests) => {
        const lateness = createLateness();
        const sum = times.reduce((total, took) => total + lateness.of('a', took, { requests, per: 1 }), 0);
        expect(sum).toBeLessThanOrEqual(100 * requests + 25 * times.length + 1e-6);
      }),
    );
  });
});
