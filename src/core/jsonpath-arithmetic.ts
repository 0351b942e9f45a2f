import { type Json, JsonFloat } from './json.ts';
import type { ArithmeticOperator } from './jsonpath-ast.ts';

/** Longest text or list that a repetition may make. */
const LONGEST = 1_000_000;

/** `a operator b` as Python calculates it, integers exactly; `undefined` where Python raises a TypeError. */
export function calculate(a: Json, operator: ArithmeticOperator, b: Json): Json | undefined {
  const left = integerOf(a);
  const right = integerOf(b);
  if (left !== undefined && right !== undefined) return fromInteger(exact(left, operator, right));
  if (isNumeric(a) && isNumeric(b)) return fromFloat(rounded(floatOf(a), operator, floatOf(b)));
  if (operator === '*') return left === undefined ? repeat(a, right) : repeat(b, left);
  if (operator === '-') return undefined;
  if (typeof a === 'string' && typeof b === 'string') return a + b;
  return Array.isArray(a) && Array.isArray(b) ? [...a, ...b] : undefined;
}

function exact(a: bigint, operator: ArithmeticOperator, b: bigint): bigint {
  return operator === '+' ? a + b : operator === '-' ? a - b : a * b;
}

function rounded(a: number, operator: ArithmeticOperator, b: number): number {
  return operator === '+' ? a + b : operator === '-' ? a - b : a * b;
}

function repeat(value: Json, times: bigint | undefined): Json | undefined {
  if (times === undefined || (typeof value !== 'string' && !Array.isArray(value))) return undefined;
  const count = Math.max(0, Number(times));
  if (count * value.length > LONGEST) return undefined;
  return typeof value === 'string' ? value.repeat(count) : Array.from({ length: count }, () => value).flat();
}

function integerOf(value: Json): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : undefined;
}

function isNumeric(value: Json): value is number | bigint | boolean | JsonFloat {
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' || value instanceof JsonFloat;
}

function floatOf(value: number | bigint | boolean | JsonFloat): number {
  return value instanceof JsonFloat ? value.value : Number(value);
}

function fromInteger(value: bigint): Json {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function fromFloat(value: number): Json {
  return Number.isInteger(value) || !Number.isFinite(value) ? new JsonFloat(value) : value;
}
