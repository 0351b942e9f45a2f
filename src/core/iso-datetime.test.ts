import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateOf, daysOf } from './calendar.ts';
import { parseIsoDatetime } from './iso-datetime.ts';
import { dayOfMicros, epochMicros, formatIso, timestampOf } from './iso-value.ts';

/** A text, what dlt 1.31 takes it for, and the value as `isoformat()` prints it. */
interface Vector {
  readonly value: string;
  readonly pendulum3: string;
  readonly parsed: string | null;
}

const vectors = (name: string) =>
  readFileSync(new URL(`../../test/golden/${name}`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Vector);

const read = (value: string) => {
  const parsed = parseIsoDatetime(value);
  return { value, pendulum3: parsed?.kind ?? 'text', parsed: parsed ? formatIso(parsed) : null };
};

describe('parseIsoDatetime', () => {
  it.each(['iso_detection.jsonl', 'iso_edge_cases.jsonl'])('reads what dlt reads: %s', (name) => {
    const expected = vectors(name).map(({ value, pendulum3, parsed }) => ({ value, pendulum3, parsed }));
    expect(expected.map(({ value }) => read(value))).toEqual(expected);
  });

  it('reads what JavaScript prints', () => {
    const moment = fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true });
    fc.assert(
      fc.property(moment, (date) => {
        const parsed = parseIsoDatetime(date.toISOString());
        expect(parsed?.kind === 'timestamp' && epochMicros(parsed)).toEqual(safe(BigInt(date.getTime()) * 1000n));
      }),
    );
  });
});

describe('iso values', () => {
  it('print and count moments far away without rounding', () => {
    const last = parseIsoDatetime('9999-12-31T23:59:59.999999+00:00');
    expect(last?.kind === 'timestamp' && epochMicros(last)).toBe(253402300799999999n);
    expect(formatIso(timestampOf(253402300799999999n))).toBe('9999-12-31T23:59:59.999999+00:00');
    expect(formatIso(timestampOf(-62135596800000000n))).toBe('0001-01-01T00:00:00+00:00');
    expect(formatIso(timestampOf(-1))).toBe('1969-12-31T23:59:59.999999+00:00');
    expect([dayOfMicros(-1), dayOfMicros(0), dayOfMicros(-62135596800000001n)]).toEqual([-1, 0, -719163]);
  });

  it('take the offset off', () => {
    const moments = ['2024-01-01T10:00:00+02:00', '2024-01-01T05:30:00-02:30', '2024-01-01T08:00:00'].map(parseIsoDatetime);
    expect(moments.map((m) => m?.kind === 'timestamp' && epochMicros(m))).toEqual([1704096000000000, 1704096000000000, 1704096000000000]);
  });

  it('have days that are dates and back', () => {
    const dates = ['0001-01-01', '1600-02-29', '1900-02-28', '2000-02-29', '2000-03-01', '2100-12-31', '9999-12-31'];
    expect(dates.map((date) => read(date).parsed)).toEqual(dates);
    fc.assert(
      fc.property(fc.integer({ min: -719_162, max: 2_932_896 }), (days) => {
        const { year, month, day } = dateOf(days);
        expect(daysOf(year, month, day)).toBe(days);
        expect(new Date(days * 86_400_000).toISOString().slice(0, 10)).toBe(formatIso({ kind: 'date', days }));
      }),
    );
  });
});

const safe = (value: bigint) => (Number.isSafeInteger(Number(value)) ? Number(value) : value);
