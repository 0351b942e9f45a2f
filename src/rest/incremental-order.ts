import { epochMicros } from '../core/iso-value.ts';
import { parseIsoDatetime } from '../core/iso-datetime.ts';
import { type Json, JsonFloat } from '../core/json.ts';
import { compareCodePoints, pythonCompare, pythonEquals } from '../core/python-order.ts';
import { readTyped } from '../core/typed-json.ts';
import { callConfigured } from './incremental-function.ts';
import type { IncrementalOptions } from './incremental-options.ts';

/** Two cursor values that have no order: a text and a number. */
export class CursorOrderError extends Error {
  override readonly name = 'CursorOrderError';
}

/** How cursor values are ordered and compared. */
export interface CursorOrder {
  /** dlt's `last_value_func((value, other))`: the value that is further on; the first when none is. Throws a CursorOrderError. */
  pick(value: Json, other: Json): Json;
  /** dlt's `last_value_func((value,))`. */
  alone(value: Json): Json;
  equals(a: Json, b: Json): boolean;
}

/** The order that `last_value_func` names; `max` when it is left out. */
export function cursorOrder({
  last_value_func: func,
  cursor_path: cursorPath,
}: Pick<IncrementalOptions, 'last_value_func' | 'cursor_path'>): CursorOrder {
  if (typeof func === 'function') {
    const call = (values: Json[]) =>
      callConfigured({ key: 'last_value_func', cursorPath }, values, (plain) => func(plain as Parameters<typeof func>[0]));
    return { pick: (value, other) => call([value, other]), alone: (value) => call([value]), equals: cursorEquals };
  }
  const sign = func === 'min' ? -1 : 1;
  return {
    pick: (value, other) => (compareOrThrow(other, value) * sign > 0 ? other : value),
    alone: (value) => value,
    equals: cursorEquals,
  };
}

function compareOrThrow(a: Json, b: Json): number {
  const order = compareCursors(a, b);
  if (order === undefined) throw new CursorOrderError(`${kindOf(b)} and ${kindOf(a)} have no order`);
  return order;
}

function cursorEquals(a: Json, b: Json): boolean {
  if (!isTyped(a) && !isTyped(b)) return pythonEquals(a, b);
  return compareCursors(a, b) === 0;
}

/**
 * Texts compare as texts, dates in them too, as in dlt. A typed date of a state that dlt wrote
 * compares by its instant, with a text as well when that is a date.
 */
function compareCursors(a: Json, b: Json): number | undefined {
  const typed = isTyped(a) || isTyped(b);
  if (!typed) return typeof a === 'string' && typeof b === 'string' ? compareCodePoints(a, b) : pythonCompare(a, b);
  return pythonCompare(untyped(a), untyped(b));
}

/** True for what dlt stores as a string but takes for a date or number. */
export function isTyped(value: Json): value is string {
  return typeof value === 'string' && readTyped(value) !== undefined;
}

/** Dates as microseconds, decimals as numbers. */
function untyped(value: Json): Json {
  if (typeof value !== 'string') return value;
  const read = readTyped(value);
  if (read && (read.kind === 'decimal' || read.kind === 'wei')) return new JsonFloat(Number(read.text));
  const moment = parseIsoDatetime(read?.text ?? value);
  return moment === undefined || moment.kind === 'time' ? value : epochMicros(moment);
}

/** What a value is, for messages that must not show it. */
export function kindOf(value: Json): string {
  if (value === null) return 'null';
  if (isTyped(value)) return `a ${readTyped(value)?.kind}`;
  if (typeof value === 'string') return 'a text';
  if (typeof value === 'boolean') return 'a boolean';
  if (typeof value === 'object' && !(value instanceof JsonFloat)) return Array.isArray(value) ? 'a list' : 'an object';
  return 'a number';
}
