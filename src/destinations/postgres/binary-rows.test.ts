import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnSchema } from '../../core/schema.ts';
import { batchOf, type BatchRow } from '../../testing/batch-of.ts';
import { binaryRows } from './binary-rows.ts';
import { columnType } from './column-type.ts';
import { wireType } from './wire-type.ts';

const SCHEMAS: Readonly<Record<string, ColumnSchema>> = Object.fromEntries(
  (
    [
      { name: 'flag', data_type: 'bool' },
      { name: 'small', data_type: 'bigint', precision: 16 },
      { name: 'middle', data_type: 'bigint', precision: 32 },
      { name: 'large', data_type: 'bigint' },
      { name: 'real', data_type: 'double' },
      { name: 'day', data_type: 'date' },
      { name: 'clock', data_type: 'time' },
      { name: 'at', data_type: 'timestamp' },
      { name: 'price', data_type: 'decimal' },
      { name: 'odd', data_type: 'decimal', precision: 38, scale: 6 },
      { name: 'whole', data_type: 'wei' },
      { name: 'text', data_type: 'text' },
      { name: 'doc', data_type: 'json' },
    ] satisfies ColumnSchema[]
  ).map((column) => [column.name, column]),
);

const signed = (bits: bigint) => fc.bigInt({ min: -(2n ** (bits - 1n)), max: 2n ** (bits - 1n) - 1n });
const decimal = fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n });
const optional = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null });

const rows: fc.Arbitrary<Record<string, BatchRow[string]>> = fc.record({
  flag: optional(fc.boolean()),
  small: optional(signed(16n)),
  middle: optional(signed(32n)),
  large: optional(signed(64n)),
  real: optional(fc.double()),
  day: optional(fc.integer({ min: -719_162, max: 2_932_896 })),
  clock: optional(fc.bigInt({ min: 0n, max: 86_399_999_999n })),
  at: optional(fc.bigInt({ min: -62_135_596_800_000_000n, max: 253_402_300_799_999_999n })),
  price: optional(decimal),
  odd: optional(decimal),
  whole: optional(decimal),
  text: optional(fc.string({ unit: 'grapheme', maxLength: 100 })),
  doc: optional(fc.constantFrom('{"a":1}', '[]', '"ż"')),
});

/** Reads what the server would, value by value. */
function decode(bytes: Buffer, names: readonly string[]): BatchRow[] {
  const decoded: BatchRow[] = [];
  let at = 19;
  expect(bytes.subarray(0, 19).toString('latin1')).toBe('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0');
  while (bytes.readInt16BE(at) !== -1) {
    expect(bytes.readInt16BE(at)).toBe(names.length);
    at += 2;
    const row: Record<string, BatchRow[string]> = {};
    for (const name of names) {
      const length = bytes.readInt32BE(at);
      at += 4;
      row[name] = length < 0 ? null : valueOf(SCHEMAS[name] as ColumnSchema, bytes.subarray(at, at + length));
      at += Math.max(length, 0);
    }
    decoded.push(row);
  }
  expect(at + 2).toBe(bytes.length);
  return decoded;
}

function valueOf(schema: ColumnSchema, bytes: Buffer): BatchRow[string] {
  switch (schema.data_type) {
    case 'bool':
      return bytes[0] === 1;
    case 'bigint':
      return bytes.length === 8 ? bytes.readBigInt64BE() : BigInt(bytes.readIntBE(0, bytes.length));
    case 'double':
      return bytes.readDoubleBE();
    case 'date':
      return bytes.readInt32BE() + 10_957;
    case 'time':
      return bytes.readBigInt64BE();
    case 'timestamp':
      return bytes.readBigInt64BE() + 946_684_800_000_000n;
    case 'decimal':
    case 'wei':
      return numericOf(bytes);
    case 'json':
      expect(bytes[0]).toBe(1);
      return bytes.toString('utf8', 1);
    default:
      return bytes.toString();
  }
}

/** The unscaled integer of a numeric. */
function numericOf(bytes: Buffer): bigint {
  const count = bytes.readInt16BE(0);
  const scale = bytes.readInt16BE(6);
  let value = 0n;
  for (let i = 0; i < count; i += 1) {
    const group = bytes.readInt16BE(8 + i * 2);
    expect(group).toBeLessThan(10_000);
    value = value * 10_000n + BigInt(group);
  }
  // Digits after the point that the groups have, against those that the value has.
  const power = scale - 4 * (count - 1 - bytes.readInt16BE(2));
  value = power >= 0 ? value * 10n ** BigInt(power) : value / 10n ** BigInt(-power);
  return bytes.readInt16BE(4) === 0x4000 ? -value : value;
}

function encode(list: readonly BatchRow[]): { bytes: Buffer; chunks: Buffer[]; names: string[] } {
  const batch = batchOf({ name: 't', columns: SCHEMAS }, list);
  const fields = batch.columns.map((column) => {
    const wire = wireType(column.schema, columnType(column.schema));
    if (wire === undefined) throw new Error(`no wire type of ${column.schema.name}`);
    return { column, wire };
  });
  const chunks = [...binaryRows({ fields, rowCount: batch.rowCount, refuse: (column) => new Error(column) })];
  for (const chunk of chunks) expect([chunk[0], chunk.readInt32BE(1)]).toEqual([0x64, chunk.length - 1]);
  return { bytes: Buffer.concat(chunks.map((chunk) => chunk.subarray(5))), chunks, names: batch.columns.map(({ schema }) => schema.name) };
}

describe('binary rows', () => {
  it('hold any values of any types', () => {
    fc.assert(
      fc.property(fc.array(rows, { minLength: 1, maxLength: 30 }), (list) => {
        const { bytes, names } = encode(list);
        const want = list.map((row) => Object.fromEntries(names.map((name) => [name, comparable(row[name])])));
        expect(
          decode(bytes, names).map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, comparable(value)]))),
        ).toEqual(want);
      }),
      { numRuns: 200 },
    );
  });

  it('come in chunks of bounded size, whole rows each, and a large row alone', () => {
    const list = Array.from({ length: 5000 }, (_, i) => ({
      large: BigInt(i),
      text: i === 2500 ? 'x'.repeat(1_000_000) : 'y'.repeat(i % 300),
    }));
    const { bytes, chunks, names } = encode(list);
    expect(decode(bytes, names)).toEqual(list);
    const sizes = chunks.map((chunk) => chunk.length);
    expect(sizes.filter((size) => size > 300_000)).toHaveLength(1);
    expect(Math.max(...sizes)).toBeLessThan(1_000_100);
  });

  it('leave NUL characters out of JSON, which jsonb cannot hold', () => {
    const texts = ['"a\\u0000b"', '"\\\\u0000"', '{"\\u0000k":"\\\\\\u0000"}', '"plain"'];
    const { bytes, names } = encode(texts.map((doc) => ({ doc })));
    expect(decode(bytes, names)).toEqual(['"ab"', '"\\\\u0000"', '{"k":"\\\\"}', '"plain"'].map((doc) => ({ doc })));
  });

  it('refuse an integer that its column cannot hold', () => {
    for (const bad of [{ small: 32_768n }, { small: -32_769n }, { middle: 2n ** 31n }, { middle: -(2n ** 31n) - 1n }, { small: 2n ** 40n }])
      expect(() => encode([{ large: 1n, ...bad }])).toThrow(Object.keys(bad)[0]);
  });
});

/** NaN is NaN, -0 is -0, and integers are bigints. */
function comparable(value: BatchRow[string]): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  return value === null || value === undefined ? 'null' : String(value);
}
