import duckdb from '@duckdb/node-bindings';
import type { Column } from '../../core/column-batch.ts';
import { columnType } from './column-type.ts';
import { narrowIntegers, outOfRange, type IntegerArray, type IntegerRange } from './narrow-integers.ts';
import type { Rows } from './text-views.ts';

/** Copies rows of a column into a vector. Returns the first row whose value the type cannot hold. */
export type ValueCopy = (vector: duckdb.Vector, column: Column, rows: Rows) => number | undefined;

const MICROS_PER_SECOND = 1_000_000n;
const MICROS_PER_MILLI = 1000n;
const INT64: IntegerRange = bits(64n);

/** How values other than texts get into vectors of a type, as `columnType` spells it. */
function valueCopy(type: string): ValueCopy {
  switch (type) {
    case 'TINYINT':
      return narrow(bits(8n), (n) => new Int8Array(n));
    case 'SMALLINT':
      return narrow(bits(16n), (n) => new Int16Array(n));
    case 'INTEGER':
      return narrow(bits(32n), (n) => new Int32Array(n));
    case 'TIMESTAMP_S':
      return narrow({ ...INT64, convert: (micros) => rounded(micros, MICROS_PER_SECOND) }, (n) => new BigInt64Array(n));
    case 'TIMESTAMP_MS':
      return narrow({ ...INT64, convert: (micros) => rounded(micros, MICROS_PER_MILLI) }, (n) => new BigInt64Array(n));
    case 'TIMESTAMP_NS':
      return narrow({ ...INT64, convert: (micros) => micros * 1000n }, (n) => new BigInt64Array(n));
    default:
      return type.startsWith('DECIMAL') ? decimalCopy(Number(/\d+/.exec(type)?.[0])) : plain;
  }
}

/** The copy for a column of the schema. */
export function copyOf(column: Column['schema']): ValueCopy {
  return valueCopy(columnType(column));
}

/** Decimals of up to 4, 9, 18 digits are int16, int32, int64 in DuckDB. */
function decimalCopy(precision: number): ValueCopy {
  const highest = 10n ** BigInt(precision) - 1n;
  const range = { lowest: -highest, highest };
  if (precision <= 4) return narrow(range, (n) => new Int16Array(n));
  if (precision <= 9) return narrow(range, (n) => new Int32Array(n));
  if (precision <= 18) return narrow(range, (n) => new BigInt64Array(n));
  return (vector, column, rows) => {
    const { data, validity } = column;
    if (data.kind !== 'int128') return undefined;
    plain(vector, column, rows);
    return outOfRange({ words: data.values, width: 4, validity, ...rows }, range);
  };
}

function narrow(range: IntegerRange, allocate: (count: number) => IntegerArray): ValueCopy {
  return (vector, { data, validity }, rows) => {
    if (data.kind !== 'int64' && data.kind !== 'int128') return undefined;
    const target = allocate(rows.count);
    const wrong = narrowIntegers({ words: data.values, width: data.kind === 'int64' ? 2 : 4, validity, ...rows }, range, target);
    duckdb.copy_data_to_vector(vector, 0, target.buffer as ArrayBuffer, 0, target.byteLength);
    return wrong;
  };
}

const BYTES_PER_ROW = { bool: 1, days: 4, int64: 8, double: 8, int128: 16 } as const;

/** The values as they lie in the batch. */
const plain: ValueCopy = (vector, { data }, { start, count }) => {
  if (data.kind === 'bytes') return undefined;
  const size = BYTES_PER_ROW[data.kind];
  duckdb.copy_data_to_vector(vector, 0, data.values.buffer as ArrayBuffer, data.values.byteOffset + start * size, count * size);
  return undefined;
};

function bits(count: bigint): IntegerRange {
  const highest = 2n ** (count - 1n) - 1n;
  return { lowest: -highest - 1n, highest };
}

/** Half away from zero, as DuckDB rounds when it reads a timestamp with more digits. */
function rounded(value: bigint, unit: bigint): bigint {
  const half = unit / 2n;
  return (value < 0n ? value - half : value + half) / unit;
}
