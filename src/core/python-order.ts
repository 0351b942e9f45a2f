import { isJsonObject, type Json, JsonFloat } from './json.ts';

/** True where Python's `==` says so: `1 == 1.0 == True`, lists and objects by content. */
export function pythonEquals(a: Json, b: Json): boolean {
  if (a === b) return true;
  const left = numberOf(a);
  const right = numberOf(b);
  // oxlint-disable-next-line eqeqeq
  if (left !== undefined && right !== undefined) return left == right;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => pythonEquals(item, b[i] as Json));
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && pythonEquals(a[key] as Json, b[key] as Json))
  );
}

/**
 * Negative, zero or positive as Python orders the two; `undefined` where Python raises a TypeError.
 * Numbers compare exactly whatever their size, texts by code point, lists element by element.
 */
export function pythonCompare(a: Json, b: Json): number | undefined {
  const left = numberOf(a);
  const right = numberOf(b);
  if (left !== undefined && right !== undefined) return left < right ? -1 : left > right ? 1 : 0;
  if (typeof a === 'string' && typeof b === 'string') return compareCodePoints(a, b);
  if (!Array.isArray(a) || !Array.isArray(b)) return undefined;
  const at = a.findIndex((item, i) => i >= b.length || !pythonEquals(item, b[i] as Json));
  if (at === -1) return a.length - b.length;
  return at >= b.length ? 1 : pythonCompare(a[at] as Json, b[at] as Json);
}

/** Orders two texts by code point, where `<` would order them by UTF-16 unit. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  if (at === length) return a.length - b.length;
  return codePointRank(a.charCodeAt(at)) - codePointRank(b.charCodeAt(at));
}

/** Surrogates are parts of code points above all others, but stand below U+E000 as units. */
function codePointRank(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit;
}

/** A number as JavaScript compares it exactly; booleans count as Python's 0 and 1. */
function numberOf(value: Json): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value instanceof JsonFloat ? value.value : undefined;
}
