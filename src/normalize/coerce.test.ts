import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateOf, daysOf } from '../core/calendar.ts';
import { decimalSize } from '../core/decimal-size.ts';
import { parseIsoDatetime } from '../core/iso-datetime.ts';
import { epochMicros } from '../core/iso-value.ts';
import { JsonFloat, type Json, type JsonObject } from '../core/json.ts';
import { parseJson } from '../core/parse-json.ts';
import { printJson } from '../core/print-json.ts';
import { pythonFloat, pythonStr } from '../core/python-text.ts';
import type { DataType } from '../core/schema.ts';
import { type Coerced, coerce } from './coerce.ts';
import { decimalOf } from './decimal.ts';

const golden = (name: string) =>
  readFileSync(new URL(`../../test/golden/${name}`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => parseJson(line) as JsonObject);

const codeUnit = fc.nat(0xffff).map((code) => String.fromCharCode(code));

/** Values that dlt coerces and a destination then cannot hold: ours go to a variant column. */
const NOT_STORABLE = ['bigint of 1e+22', "decimal of 'NaN'", "wei of 'NaN'", "decimal of 'Infinity'", "wei of 'Infinity'"];

/** What dlt's result is as a column holds it. `t` is its Python type, `v` its text. */
function stored(to: DataType, { t, v }: { [key: string]: Json }): Coerced | undefined {
  if (to === 'json') return v === null ? null : printJson(v as Json);
  const text = pythonStr(v as Json);
  switch (t) {
    case 'decimal':
    case 'wei':
      return decimalOf(text, { ...decimalSize({ data_type: to }), exact: false });
    case 'datetime':
    case 'date':
    case 'time':
      return moment(to, text);
    case 'bytes':
      return Buffer.from(text, 'hex');
    case 'float':
      return v instanceof JsonFloat ? v.value : (v as Coerced);
    case 'nan':
      return Number.NaN;
    default:
      return v as Coerced;
  }
}

function moment(to: DataType, text: string): Coerced | undefined {
  const parsed = parseIsoDatetime(text);
  if (parsed?.kind === 'time') return parsed.micros;
  if (!parsed) return undefined;
  return to === 'date' ? parsed.days : epochMicros(parsed);
}

/** A coerced value as the golden file writes it. */
function printed(to: string, value: Coerced | undefined): Json {
  if (value === undefined) return 'VARIANT';
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (to === 'double') return pythonFloat(value as number);
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : value;
}

describe('coerce', () => {
  it('does what dlt does with 532 values', () => {
    for (const vector of golden('coercions.jsonl')) {
      const [to, value] = [vector['to'] as DataType, vector['value'] as Json];
      const label = `${to} of ${vector['value_py'] as string}`;
      const expected = vector['variant'] === true || NOT_STORABLE.includes(label) ? undefined : stored(to, vector['ok'] as JsonObject);
      const result = coerce(value, { name: 'c', data_type: to });
      expect({ label, result: result instanceof Uint8Array ? Buffer.from(result) : result }).toEqual({ label, result: expected });
    }
  });

  it('does what dlt does at the edges', () => {
    for (const { to, value, result } of golden('coercion_edge_cases.jsonl') as { to: string; value: string; result: Json }[]) {
      const coerced = coerce(parseJson(value), { name: 'c', data_type: to as DataType });
      expect({ to, value, result: printed(to, coerced) }).toEqual({ to, value, result });
    }
  });

  it('makes null of numbers that are too large for a double', () => {
    for (const type of ['double', 'text', 'bool', 'decimal', 'timestamp'] as const) {
      expect(coerce(parseJson('-1e400'), { name: 'c', data_type: type })).toBeNull();
    }
    expect(coerce(parseJson('{"a": 1e400}'), { name: 'c', data_type: 'json' })).toBe('{"a":null}');
    expect(coerce('1e400', { name: 'c', data_type: 'json' })).toBeUndefined();
  });

  it('rounds to the scale that a hint asks for, and never a big integer', () => {
    expect(coerce(parseJson('1.005'), { name: 'c', data_type: 'decimal', precision: 10, scale: 2 })).toBe(101n);
    expect(coerce(parseJson('1.5'), { name: 'c', data_type: 'decimal', precision: 38, scale: 0 })).toBeUndefined();
    expect(coerce(parseJson('15.0'), { name: 'c', data_type: 'decimal', precision: 38, scale: 0 })).toBe(15n);
    expect(coerce('1.5', { name: 'c', data_type: 'wei' })).toBe(2n);
  });

  it.each([
    [8, '127', 127],
    [8, '128', undefined],
    [16, '-32769', undefined],
    [32, '2147483647.0', 2147483647],
    [32, '2147483648', undefined],
    [20, '2147483647', 2147483647],
    [64, '9223372036854775808', undefined],
    [128, '9223372036854775808', 9223372036854775808n],
    [128, '1e22', 10n ** 22n],
  ])('keeps a bigint of %d bits to its range: %s', (precision, json, expected) => {
    expect(coerce(parseJson(json), { name: 'c', data_type: 'bigint', precision })).toBe(expected);
  });

  it('takes the offset of a time off, round the clock', () => {
    const hour = 3_600_000_000;
    const times = ['10:30:00+02:00', '01:00+02', '23:00-02:00'].map((text) => coerce(text, { name: 'c', data_type: 'time' }));
    expect(times).toEqual([8.5 * hour, 23 * hour, hour]);
  });

  it('gives the day in UTC for a date column', () => {
    const day = coerce('2024-01-01T23:00:00-05:00', { name: 'c', data_type: 'date' }) as number;
    expect(dateOf(day)).toEqual({ year: 2024, month: 1, day: 2 });
    expect(coerce('2024-01-02', { name: 'c', data_type: 'date' })).toBe(daysOf(2024, 1, 2));
  });

  it('removes NUL from text, as dlt does', () => {
    expect(coerce('a\0b', { name: 'c', data_type: 'text' })).toBe('ab');
  });

  it('never throws', () => {
    const types: DataType[] = ['text', 'double', 'bool', 'timestamp', 'bigint', 'binary', 'json', 'decimal', 'wei', 'date', 'time'];
    const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.bigInt());
    const value = fc.oneof(fc.string({ unit: codeUnit }), number, number.map(String), fc.jsonValue());
    fc.assert(
      fc.property(
        value,
        fc.constantFrom(...types),
        fc.option(fc.integer({ min: 0, max: 200 }), { nil: undefined }),
        (v, type, precision) => {
          const column = { name: 'c', data_type: type, ...(precision === undefined ? {} : { precision }) };
          expect(() => coerce(v as Json, column)).not.toThrow();
        },
      ),
    );
  });
});
