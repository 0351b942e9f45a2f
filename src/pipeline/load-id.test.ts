import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newLoadId } from './load-id.ts';

describe('load id', () => {
  it('is the time in seconds with a fraction', () => {
    expect(newLoadId(1_795_476_692_845.5)).toBe('1795476692.845500');
    expect(newLoadId(1_795_476_692_000)).toBe('1795476692.000000');
  });

  it('is greater than those that are there when the clock stands or goes back', () => {
    expect(newLoadId(1_700_000_000_000, ['1795476692.8453891'])).toBe('1795476692.845391');
    expect(newLoadId(1_795_476_692_845, ['1795476692.845000', '1795476692.1'])).toBe('1795476692.845001');
    expect(newLoadId(1_795_476_692_000, ['1795476692', 'something else'])).toBe('1795476692.000001');
  });

  it('is greater as a number and as text', () => {
    const id = fc
      .tuple(fc.integer({ min: 1_000_000_000, max: 4_000_000_000 }), fc.stringMatching(/^\d{1,9}$/))
      .map((parts) => parts.join('.'));
    fc.assert(
      fc.property(id, fc.integer({ min: 1_000_000_000, max: 4_000_000_000 }), (present, seconds) => {
        const next = newLoadId(seconds * 1000, [present]);
        expect(next > present).toBe(true);
        expect(Number(next)).toBeGreaterThanOrEqual(Number(present));
      }),
    );
  });
});
