import { decimalSize } from '../core/decimal-size.ts';
import { dayOfMicros } from '../core/iso-value.ts';
import { JsonFloat, type Json } from '../core/json.ts';
import { parseJson } from '../core/parse-json.ts';
import { printJson } from '../core/print-json.ts';
import { pythonFloatOf, pythonHexInt, pythonInt } from '../core/python-number.ts';
import { pythonStrip } from '../core/python-space.ts';
import { pythonFloat } from '../core/python-text.ts';
import type { ColumnSchema } from '../core/schema.ts';
import { bytesOfInteger, bytesOfText } from './coerce-binary.ts';
import { microsOfNumber, microsOfText, timeOfText } from './coerce-time.ts';
import { type DecimalTarget, decimalOf, decimalOfInteger } from './decimal.ts';

/**
 * A value as a column holds it: text and json as a string; bigint, timestamp and time (µs) as a
 * number, or a bigint beyond safe integers; decimal and wei as the unscaled bigint; date as days
 * since 1970; double as a number. `null` is SQL's null.
 */
export type Coerced = string | number | bigint | boolean | Uint8Array | null;

/**
 * Makes a value fit a column that has a type, as dlt does. `undefined` when it does not: the value
 * then goes to a variant column. Never throws. A number too large for a double is null.
 */
export function coerce(value: Json, column: ColumnSchema): Coerced | undefined {
  if (value === null || isInfinite(value)) return null;
  switch (column.data_type) {
    case 'text':
      return toText(value);
    case 'bigint':
      return toBigint(value, column.precision ?? 64);
    case 'double':
      return toDouble(value);
    case 'bool':
      return toBool(value);
    case 'timestamp':
      return toMicros(value);
    case 'date': {
      const micros = toMicros(value);
      return micros === undefined ? undefined : dayOfMicros(micros);
    }
    case 'time':
      return typeof value === 'string' ? timeOfText(value) : undefined;
    case 'decimal':
    case 'wei':
      return toDecimal(value, column);
    case 'binary':
      return toBinary(value);
    case 'json':
      return toJson(value);
    default:
      return undefined;
  }
}

/** True for a number that is too large for a double (`1e400`): it is stored as null. */
function isInfinite(value: Json): boolean {
  return value instanceof JsonFloat && !Number.isFinite(value.value);
}

/** Text as it is stored, without NUL. Encoding it as UTF-8 makes U+FFFD of lone surrogates. */
function toText(value: Exclude<Json, null>): string {
  switch (typeof value) {
    case 'string':
      return value.includes('\0') ? value.replaceAll('\0', '') : value;
    case 'boolean':
      return value ? 'True' : 'False';
    case 'bigint':
      return String(value);
    case 'number':
      return Number.isInteger(value) ? String(value) : pythonFloat(value);
    default:
      return value instanceof JsonFloat ? pythonFloat(value.value) : printJson(value);
  }
}

function toBigint(value: Json, bits: number): number | bigint | undefined {
  let integer: number | bigint | undefined;
  if (typeof value === 'number' || typeof value === 'bigint') integer = value;
  else if (value instanceof JsonFloat) integer = value.value === 0 ? 0 : value.value;
  else if (typeof value === 'string') {
    const text = pythonStrip(value);
    integer = text.startsWith('0x') ? pythonHexInt(text.slice(2)) : pythonInt(text);
  }
  if (integer === undefined || (typeof integer === 'number' && !Number.isInteger(integer))) return undefined;
  if (bits === 64 && Number.isSafeInteger(integer)) return integer;
  const exact = BigInt(integer);
  if (exact !== BigInt.asIntN(widthOf(bits), exact)) return undefined;
  return Number.isSafeInteger(Number(exact)) ? Number(exact) : exact;
}

/** The integer width that a `precision` hint of so many bits is stored in. */
function widthOf(bits: number): number {
  return [8, 16, 32, 64].find((width) => bits <= width) ?? 128;
}

function toDouble(value: Json): number | undefined {
  if (typeof value === 'number') return value;
  if (value instanceof JsonFloat) return value.value;
  let double: number | undefined;
  if (typeof value === 'bigint') double = Number(value);
  else if (typeof value === 'string') {
    const text = pythonStrip(value);
    if (!text.startsWith('0x')) return pythonFloatOf(text);
    const integer = pythonHexInt(text.slice(2));
    double = integer === undefined ? undefined : Number(integer);
  }
  return double === undefined || !Number.isFinite(double) ? undefined : double;
}

const TRUE: ReadonlySet<string> = new Set(['yes', 'true', 't', 'y', '1']);
const FALSE: ReadonlySet<string> = new Set(['no', 'false', 'f', 'n', '0']);

function toBool(value: Json): boolean | undefined {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'number':
      return value !== 0;
    case 'bigint':
      return true;
    case 'string': {
      if (value.length > 5) return undefined;
      const word = value.toLowerCase();
      return TRUE.has(word) ? true : FALSE.has(word) ? false : undefined;
    }
    default:
      return value instanceof JsonFloat ? value.value !== 0 : undefined;
  }
}

function toMicros(value: Json): number | bigint | undefined {
  if (typeof value === 'string') return microsOfText(value);
  if (typeof value === 'number') return microsOfNumber(value);
  return value instanceof JsonFloat ? microsOfNumber(value.value) : undefined;
}

function toDecimal(value: Json, column: ColumnSchema): bigint | undefined {
  const { precision, scale } = decimalSize(column);
  // The type of integers beyond 64 bits: those that follow keep all their digits, too.
  const target: DecimalTarget = { precision, scale, exact: column.data_type === 'decimal' && precision === 38 && scale === 0 };
  if (typeof value === 'bigint') return decimalOfInteger(value, target);
  if (typeof value === 'number') {
    return Number.isInteger(value) ? decimalOfInteger(value, target) : decimalOf(pythonFloat(value), target);
  }
  if (value instanceof JsonFloat) return decimalOf(pythonFloat(value.value), target);
  if (typeof value !== 'string') return undefined;
  const text = pythonStrip(value);
  if (!text.startsWith('0x')) return decimalOf(text, target);
  const integer = pythonHexInt(text.slice(2));
  return integer === undefined ? undefined : decimalOfInteger(integer, target);
}

function toBinary(value: Json): Uint8Array | undefined {
  if (typeof value === 'string') return bytesOfText(value);
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))) return bytesOfInteger(value);
  return undefined;
}

function toJson(value: Json): string | null | undefined {
  if (typeof value === 'string') {
    try {
      const parsed = parseJson(value);
      if (isInfinite(parsed)) return undefined;
      return parsed === null ? null : printJson(parsed);
    } catch {
      return undefined;
    }
  }
  return typeof value === 'object' && !(value instanceof JsonFloat) ? printJson(value) : undefined;
}
