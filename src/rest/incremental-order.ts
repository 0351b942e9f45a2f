import { type Json, JsonFloat } from '../core/json.ts';
import { compareCodePoints, pythonCompare, pythonEquals } from '../core/python-order.ts';
import { readTyped } from '../core/typed-json.ts';
import { callConfigured } from './incremental-function.ts';
import type { IncrementalOptions } from './incremental-options.ts';
import { compareTexts, type TextKind } from './incremental-text-order.ts';
import { compareTyped } from './incremental-typed-order.ts';

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

/**
 * The order that `last_value_func` names; `max` when it is left out. Texts are ordered as those of `kind`
 * are. A function decides alone.
 */
export function cursorOrder(
  { last_value_func: func, cursor_path: cursorPath }: Pick<IncrementalOptions, 'last_value_func' | 'cursor_path'>,
  kind: TextKind = 'text',
): CursorOrder {
  if (typeof func === 'function') {
    const call = (values: Json[]) =>
      callConfigured({ key: 'last_value_func', cursorPath }, values, (plain) => func(plain as Parameters<typeof func>[0]));
    return { pick: (value, other) => call([value, other]), alone: (value) => call([value]), equals: (a, b) => equal(a, b, 'text') };
  }
  const sign = func === 'min' ? -1 : 1;
  return {
    pick(value, other) {
      const order = compareOrThrow(other, value, kind) || compareNotations(other, value);
      return order * sign > 0 ? other : value;
    },
    alone: (value) => value,
    equals: (a, b) => equal(a, b, kind),
  };
}

function compareOrThrow(a: Json, b: Json, kind: TextKind): number {
  const order = compareCursors(a, b, kind);
  if (order === undefined) throw new CursorOrderError(`${kindOf(b)} and ${kindOf(a)} have no order`);
  return order;
}

/** Of two texts for one value the further one counts, as in dlt, so that the state does not depend on which came first. */
function compareNotations(a: Json, b: Json): number {
  return isPlainText(a) && isPlainText(b) ? compareCodePoints(a, b) : 0;
}

function equal(a: Json, b: Json, kind: TextKind): boolean {
  if (isPlainText(a) && isPlainText(b)) return compareTexts(a, b, kind) === 0;
  return isTyped(a) || isTyped(b) ? compareTyped(a, b) === 0 : pythonEquals(a, b);
}

/** Typed dates and numbers of a state that dlt wrote compare as what they are, with a date in a text and with numbers too. */
function compareCursors(a: Json, b: Json, kind: TextKind): number | undefined {
  if (isPlainText(a) && isPlainText(b)) return compareTexts(a, b, kind);
  return isTyped(a) || isTyped(b) ? compareTyped(a, b) : pythonCompare(a, b);
}

/** True for what dlt stores as a string but takes for a date or number. */
function isTyped(value: Json): value is string {
  return typeof value === 'string' && readTyped(value) !== undefined;
}

/** True for any other text. */
export function isPlainText(value: Json): value is string {
  return typeof value === 'string' && readTyped(value) === undefined;
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
