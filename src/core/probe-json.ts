import { MAX_JSON_DEPTH } from './json-too-deep.ts';

const QUOTE = 0x22;
const PLUS = 0x2b;
const DASH = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const SMALL_E = 0x65;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
/** Digits of a number that a double holds, whatever they are. */
const SAFE_DIGITS = 15;

/**
 * True when JSON.parse would not do for a text: a number would be rounded, or a float become an
 * integer (`1.0`), or it is nested too deep. Jumps over strings; says nothing about other mistakes.
 */
export function needsLosslessReader(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = stringEnd(text, at + 1);
      if (at === -1) return true;
    } else if (code === DASH || isDigit(code)) {
      const end = integerEnd(text, at);
      const floatEnd = numberEnd(text, end);
      if (floatEnd === end ? isUnsafe(text, at, end) : isIntegral(text.slice(at, floatEnd))) return true;
      at = floatEnd - 1;
    } else if (code === OPEN_OBJECT || code === OPEN_LIST) {
      depth += 1;
      if (depth > MAX_JSON_DEPTH) return true;
    } else if (code === CLOSE_OBJECT || code === CLOSE_LIST) depth -= 1;
  }
  return false;
}

/** Offset of the quote that ends a string, -1 when none does. */
function stringEnd(text: string, start: number): number {
  let quote = text.indexOf('"', start);
  while (quote !== -1) {
    let slashes = 0;
    while (text.charCodeAt(quote - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) break;
    quote = text.indexOf('"', quote + 1);
  }
  return quote;
}

function integerEnd(text: string, start: number): number {
  let at = start + 1;
  while (isDigit(text.charCodeAt(at))) at += 1;
  return at;
}

/** Offset after the fraction and exponent that start at `start`, if any do. */
function numberEnd(text: string, start: number): number {
  let at = start;
  for (let code = text.charCodeAt(at); isDigit(code) || code === DOT || code === PLUS || code === DASH || (code | 0x20) === SMALL_E; ) {
    at += 1;
    code = text.charCodeAt(at);
  }
  return at;
}

/** True for integers that may not be safe, and for `-0`, which is 0 for Python and not for JSON.parse. */
function isUnsafe(text: string, start: number, end: number): boolean {
  return end - start > SAFE_DIGITS || (end - start === 2 && text.startsWith('-0', start));
}

function isIntegral(literal: string): boolean {
  const value = Number(literal);
  return Number.isInteger(value) || !Number.isFinite(value);
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}
