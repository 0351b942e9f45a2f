import { JsonFloat, type Json, type JsonObject } from './json.ts';
import { orjsonFloat } from './python-text.ts';
import { type Notation, renderNested } from './render-nested.ts';
import { wellFormed } from './well-formed.ts';

const compact: Notation = {
  scalar(value) {
    if (typeof value === 'string') return JSON.stringify(value);
    if (typeof value === 'number') return Number.isInteger(value) ? String(value) : orjsonFloat(value);
    return value instanceof JsonFloat ? orjsonFloat(value.value) : String(value);
  },
  key: (key) => JSON.stringify(key),
  keysOf: Object.keys,
  comma: ',',
  colon: ':',
};

const canonical: Notation = {
  ...compact,
  scalar: (value) => (typeof value === 'string' ? JSON.stringify(wellFormed(value)) : compact.scalar(value)),
  key: (key) => JSON.stringify(wellFormed(key)),
  keysOf: sortedKeys,
};

/**
 * JSON without spaces, as dlt writes it to json columns: every digit of an integer, floats as floats
 * (`1.0`), `null` for what JSON cannot write. Keys stay in their order.
 */
export function printJson(value: Json): string {
  return renderNested(value, compact);
}

/**
 * The JSON that dlt hashes: orjson's, compact, keys in the order of their UTF-8 bytes. Lone
 * surrogates, which orjson refuses, count as U+FFFD.
 */
export function canonicalJson(value: Json): string {
  return renderNested(value, canonical);
}

function sortedKeys(object: JsonObject): string[] {
  const keys = Object.keys(object).toSorted();
  return keys.some((key) => SURROGATE.test(key)) ? keys.toSorted(compareCodePoints) : keys;
}

const SURROGATE = /[\ud800-\udfff]/;

/** UTF-16 puts U+10000 and above before U+E000; UTF-8 and code points do not. */
function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return ascending(x) - ascending(y);
  }
  return a.length - b.length;
}

/** Moves the surrogates above the rest of the plane. */
const ascending = (unit: number): number => (unit < 0xd800 ? unit : unit > 0xdfff ? unit - 0x800 : unit + 0x2000);
