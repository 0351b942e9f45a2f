import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareCodePoints } from '../core/python-order.ts';
import { areAlike, compareInstants, readInstant } from './incremental-instant.ts';

const NOON = { seconds: Date.UTC(2024, 0, 31, 12) / 1000, fraction: '' };

describe('readInstant', () => {
  it.each([
    '2024-01-31T12:00:00Z',
    '2024-01-31T12:00:00.000Z',
    '2024-01-31 12:00:00',
    '2024-01-31T12:00',
    '2024-01-31T12Z',
    '2024-01-31t12:00:00z',
    '2024-01-31T14:00:00+02:00',
    '2024-01-31T06:30:00-0530',
    '2024-01-31 12:00:00 UTC',
    '2024-01-31 13:00:00 +0100',
    '2024-01-31T13:00:00,0+01',
    '20240131T120000Z',
    '20240131T1300+01',
    'Wed, 31 Jan 2024 12:00:00 GMT',
    'Wed, 31 Jan 2024 07:00:00 EST',
    '31 Jan 2024 12:00 +0000',
    'Wed, 31 Jan 24 14:00:00 +0200 (CEST)',
    'Wednesday, 31-Jan-24 12:00:00 GMT',
    'Wed Jan 31 12:00:00 2024',
    'Wed Jan 31 12:00:00 +0000 2024',
    '2024-01-31T11:59:60Z',
  ])('reads %s', (text) => expect(readInstant(text)).toEqual(NOON));

  it('reads days and their ends, years of two digits, and every digit of a fraction', () => {
    expect(readInstant('2024-01-31')).toEqual({ seconds: NOON.seconds - 43_200, fraction: '' });
    expect(readInstant('2024-01-31T24:00:00')).toEqual({ seconds: NOON.seconds + 43_200, fraction: '' });
    expect(readInstant('Sunday, 06-Nov-94 08:49:37 GMT')?.seconds).toBe(784_111_777);
    expect(readInstant('Sun Nov  6 08:49:37 1994')?.seconds).toBe(784_111_777);
    expect(readInstant('2024-01-31T12:00:00.1234567891200Z')).toEqual({ ...NOON, fraction: '12345678912' });
  });

  it.each([
    '',
    'soon',
    '2024',
    '2024-01',
    '20240131',
    '1706702400',
    '2024-02-30',
    '2024-13-01T00:00:00Z',
    '2024-01-31T25:00:00Z',
    '2024-01-31T24:00:01Z',
    '2024-01-31T12:60:00Z',
    '2024-01-31T12:00:00+24:00',
    '2024-01-31T12:00:00+01:60',
    '2024-01-31T12:00:00.Z',
    '2024-01-31T12:00:00Zulu',
    '2024-01-31#7',
    '31 Foo 2024 12:00:00 GMT',
    '31 Jan 2024 12:00:00 XYZ',
    '٢٠٢٤-01-31',
  ])('does not take %s for one', (text) => expect(readInstant(text)).toBeUndefined());

  it('agrees with JavaScript about what JavaScript can read', () => {
    const moment = fc.date({ min: new Date('0100-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true });
    const agrees = fc.property(moment, (date) => {
      const millis = Math.floor(date.getTime() / 1000);
      expect(readInstant(date.toISOString())?.seconds).toBe(millis);
      expect(readInstant(date.toUTCString())?.seconds).toBe(millis);
    });
    fc.assert(agrees);
  });
});

describe('areAlike', () => {
  it.each([
    ['2024-01-31', '2024-02-29', true],
    ['2024-01-31T12:00:00Z', '2023-01-31T12:00:01Z', true],
    ['2024-01-31 12:00:00.123', '2023-01-31 12:00:00.999', true],
    ['2024-01-31T12:00:00+02:00', '2023-01-31T12:00:01+02:00', true],
    ['2024-01-31T12:00:00+02:00', '2023-01-31T12:00:01+03:00', false],
    ['2024-01-31T12:00:00Z', '2024-01-31T12:00:00.1Z', false],
    ['2024-01-31T12:00:00Z', '2024-01-31 12:00:00Z', false],
    ['2024-01-31T12:00:00Z', '2024-02-30T12:00:00Z', false],
    ['2024-01-31T12:00:00Z', '2024-02-20T24:00:00Z', false],
    ['2024-01-31T12:00:00Z', '2024-02-20T12:00:60Z', false],
    ['abcdefghij', 'abcdefghik', false],
    ['', '', false],
  ])('%s and %s: %s', (a, b, expected) => expect(areAlike(a, b)).toBe(expected));

  it('holds only for texts that are ordered as their moments', () => {
    const digit = (max: number) => fc.integer({ min: 0, max }).map((value) => String(value).padStart(2, '0'));
    const year = fc.constantFrom('0000', '0001', '2023', '2024');
    const text = fc
      .tuple(
        year,
        digit(13),
        digit(32),
        fc.constantFrom('T', ' '),
        digit(24),
        digit(60),
        digit(61),
        fc.constantFrom('', '.5', '.50', '.x'),
        fc.constantFrom('', 'Z', '+02:00', '+03:00', '-00:61'),
      )
      .map(
        ([y, month, day, separator, hour, minute, second, fraction, zone]) =>
          `${y}-${month}-${day}${separator}${hour}:${minute}:${second}${fraction}${zone}`,
      );
    const holds = fc.property(text, text, (a, b) => {
      if (!areAlike(a, b)) return;
      const [left, right] = [readInstant(a), readInstant(b)];
      expect(left && right && Math.sign(compareInstants(left, right))).toBe(Math.sign(compareCodePoints(a, b)));
    });
    fc.assert(holds, { numRuns: 5000 });
  });
});
