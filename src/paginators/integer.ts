import { type Json, JsonFloat } from '../core/json.ts';

/** Python's `int(text)`: blanks around it, a sign, and underscores between digits. */
const INTEGER = /^\s*[+-]?\d+(?:_\d+)*\s*$/;

/** Python's `int()`, which dlt reads totals with: numbers lose their fraction, texts must be whole numbers. */
export function toInteger(value: Json): number | undefined {
  if (typeof value === 'boolean' || typeof value === 'bigint') return Number(value);
  if (typeof value === 'string') return INTEGER.test(value) ? Number(value.replaceAll('_', '')) : undefined;
  const number = value instanceof JsonFloat ? value.value : value;
  return typeof number === 'number' && Number.isFinite(number) ? Math.trunc(number) : undefined;
}
