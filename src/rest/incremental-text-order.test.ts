import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { typed } from '../core/typed-json.ts';
import { compareTexts, type TextKind, textKind } from './incremental-text-order.ts';

const sorted = (texts: readonly string[], kind: TextKind) => texts.toSorted((a, b) => compareTexts(a, b, kind));

describe('textKind', () => {
  it.each([
    ['10', 'decimal'],
    ['-0.50', 'decimal'],
    ['0', 'decimal'],
    ['123456789012345678901234567890', 'decimal'],
    ['007', 'text'],
    ['1e3', 'text'],
    ['+1', 'text'],
    ['.5', 'text'],
    ['5.', 'text'],
    ['1.2.3', 'text'],
    ['12a4', 'text'],
    ['', 'text'],
    ['2024-01-31', 'instant'],
    ['20240131', 'decimal'],
    ['Wed, 31 Jan 2024 12:00:00 GMT', 'instant'],
    [typed('datetime', '2024-01-31T12:00:00+00:00'), 'instant'],
    [typed('decimal', '1'), 'text'],
    [5, 'text'],
    [null, 'text'],
  ])('%s is of kind %s', (value, kind) => expect(textKind(value)).toBe(kind));
});

describe('compareTexts', () => {
  it('orders numbers in texts by size, whatever their length', () => {
    const numbers = [
      '-10',
      '-9',
      '-0.5',
      '0',
      '0.05',
      '0.5',
      '1.5',
      '9',
      '10',
      '9007199254740993',
      '9007199254740993.1',
      '18446744073709551617',
    ];
    expect(sorted(numbers.toReversed(), 'decimal')).toEqual(numbers);
    expect(compareTexts('1.50', '1.5', 'decimal')).toBe(0);
    expect(compareTexts('-0', '0.00', 'decimal')).toBe(0);
  });

  it('orders identifiers of one width as texts, also where some are digits alone', () => {
    const ids = ['00a1', '0999', '1234', '12a4', '9999', 'a000', 'ffff'];
    for (const kind of ['decimal', 'text', 'instant'] as const) expect(sorted(ids.toReversed(), kind)).toEqual(ids);
  });

  it('orders dates by their moments, whatever their notation', () => {
    const dates = [
      '2024-01-01T01:00:00+02:00',
      'Sun, 31 Dec 2023 23:30:00 GMT',
      '2024-01-01',
      '2024-01-01T00:00:00.05Z',
      '2024-01-01T00:00:00.5Z',
      '2024-01-01 00:00:01',
      '2023-12-31T23:00:00-02:00',
    ];
    expect(sorted(dates.toReversed(), 'instant')).toEqual(dates);
    expect(compareTexts('2024-01-01', '2024-01-01T02:00:00+02:00', 'instant')).toBe(0);
    expect(compareTexts('2024-01-01T00:00:00Z', '2024-01-01T00:00:00.000Z', 'instant')).toBe(0);
  });

  it('orders other texts by code point, and puts them around dates as dates are texts', () => {
    expect(sorted(['zz', 'b', 'B', 'abc'], 'text')).toEqual(['B', 'abc', 'b', 'zz']);
    expect(sorted(['10', '9', '2024-01-01T00:00:00Z', '2024-01-01'], 'text')).toEqual(['10', '2024-01-01', '2024-01-01T00:00:00Z', '9']);
    const mixed = ['', '0', '9999', 'Fri, 05 Jan 2024 00:00:00 GMT', '2024-02-30T', 'n/a', '2024-01-06'];
    expect(sorted(mixed, 'instant')).toEqual(['', '0', '2024-02-30T', '9999', 'Fri, 05 Jan 2024 00:00:00 GMT', '2024-01-06', 'n/a']);
  });

  it('is a total preorder over texts of all kinds', () => {
    const text = fc.oneof(
      fc.constantFrom('10', '9', '9a', '1a', 'abc', '', '1.5', '1.50', '-1', '-1.5', '-a', '-0', '0', '007', '1.2.3', '￿', '😀'),
      fc.constantFrom(
        '2024-01-01',
        '2024-01-01T00:00:00Z',
        '2024-01-01T00:00:00.0Z',
        '2024-01-01T01:00:00+01:00',
        '2024-01-01T01:00:00-01:00',
      ),
      fc.constantFrom(
        'Mon, 01 Jan 2024 00:00:00 GMT',
        'Mon Jan  1 00:00:00 2024',
        '2024-02-30',
        '2024-02-30T00:00:00Z',
        '20240101T000000Z',
      ),
      fc.stringMatching(/^-?[0-9a]{1,3}(\.[0-9]{1,2})?$/),
    );
    const kind = fc.constantFrom<TextKind>('instant', 'decimal', 'text');
    const holds = fc.property(text, text, text, kind, (a, b, c, of) => {
      const [ab, bc, ac] = [compareTexts(a, b, of), compareTexts(b, c, of), compareTexts(a, c, of)].map(Math.sign) as [
        number,
        number,
        number,
      ];
      expect(Math.sign(compareTexts(b, a, of)) + ab).toBe(0);
      const isTransitive = (ab > 0 || bc > 0 || ac <= 0) && (ab !== 0 || ac === bc);
      expect(isTransitive).toBe(true);
    });
    fc.assert(holds, { numRuns: 5000 });
  });
});
