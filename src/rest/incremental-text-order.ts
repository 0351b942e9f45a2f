import type { Json } from '../core/json.ts';
import { compareCodePoints } from '../core/python-order.ts';
import { readTyped } from '../core/typed-json.ts';
import { compareDecimals, isDecimal } from './incremental-decimal.ts';
import { areAlike, compareInstants, readInstant } from './incremental-instant.ts';

/** What the texts of a cursor are: moments, numbers, or just texts. */
export type TextKind = 'instant' | 'decimal' | 'text';

/** The kind of one cursor value. */
export function textKind(value: Json): TextKind {
  if (typeof value !== 'string') return 'text';
  const typed = readTyped(value);
  if (typed) return typed.kind === 'datetime' || typed.kind === 'date' ? 'instant' : 'text';
  if (isDecimal(value)) return 'decimal';
  return readInstant(value) === undefined ? 'text' : 'instant';
}

/**
 * Orders two texts, where `kind` is the same for all texts that are ordered: pairs alone could not tell,
 * since "9" is before "10" as a number, "10" before "1a" as a text, and "1a" before "9". Texts of another
 * kind have a place as well, so that the order holds for any three.
 */
export function compareTexts(a: string, b: string, kind: TextKind): number {
  if (a === b) return 0;
  if (kind === 'decimal') return compareDecimals(a, b);
  if (kind === 'text' || areAlike(a, b)) return compareCodePoints(a, b);
  const left = readInstant(a);
  const right = readInstant(b);
  if (left && right) return compareInstants(left, right);
  if (left) return -sideOf(b);
  return right ? sideOf(a) : compareCodePoints(a, b);
}

/** What is no moment is before or after all of them, as its text is before or after digits. */
function sideOf(text: string): -1 | 1 {
  return text < ':' ? -1 : 1;
}
