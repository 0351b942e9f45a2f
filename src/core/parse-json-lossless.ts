import { JsonFloat, type Json, type JsonObject } from './json.ts';
import { jsonSyntaxError } from './json-syntax-error.ts';
import { JsonTooDeep, MAX_JSON_DEPTH } from './json-too-deep.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const ESCAPES: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const WORDS: readonly (readonly [string, Json])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
];
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
/** Digits of an integer that is safe whatever they are. */
const SAFE_DIGITS = 15;
/** A control character or a backslash. */
const SPECIAL = /[^ -[\]-\uffff]/;

/** Where reading stands. */
interface Cursor {
  readonly text: string;
  at: number;
}

/** Reads JSON with nothing rounded, and is the one that explains what is wrong. Iterative: no text overflows the stack. */
export function parseJsonLossless(text: string): Json {
  const cursor: Cursor = { text, at: 0 };
  const open: (Json[] | JsonObject)[] = [];
  const keys: string[] = [];
  let container: Json[] | JsonObject | undefined;
  let key = '';

  for (;;) {
    let value: Json;
    const code = skipSpace(cursor);
    if (code === OPEN_OBJECT || code === OPEN_LIST) {
      if (open.length >= MAX_JSON_DEPTH) throw new JsonTooDeep();
      const isList = code === OPEN_LIST;
      value = isList ? [] : {};
      cursor.at += 1;
      if (skipSpace(cursor) !== (isList ? CLOSE_LIST : CLOSE_OBJECT)) {
        open.push(value);
        keys.push(key);
        container = value;
        if (!isList) key = readKey(cursor);
        continue;
      }
      cursor.at += 1;
    } else value = code === QUOTE ? readString(cursor) : readScalar(cursor);

    // The value is complete: put it where it belongs, and close what ends with it.
    for (;;) {
      const next = skipSpace(cursor);
      if (container === undefined) {
        if (cursor.at < text.length) throw jsonSyntaxError(text, cursor.at, 'the end of the text');
        return value;
      }
      const isList = Array.isArray(container);
      if (isList) (container as Json[]).push(value);
      else setKey(container as JsonObject, key, value);
      if (next === COMMA) {
        cursor.at += 1;
        if (!isList) key = readKey(cursor);
        break;
      }
      if (next !== (isList ? CLOSE_LIST : CLOSE_OBJECT)) throw jsonSyntaxError(text, cursor.at, isList ? '"," or "]"' : '"," or "}"');
      cursor.at += 1;
      value = open.pop() as Json[] | JsonObject;
      key = keys.pop() as string;
      container = open.at(-1);
    }
  }
}

/** Sets an own key, whatever its name: a plain assignment to `__proto__` would set the prototype. */
function setKey(object: JsonObject, key: string, value: Json): void {
  if (key === '__proto__') Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}

/** Goes to the next character that is no space, and answers its code. */
function skipSpace(cursor: Cursor): number {
  let code = cursor.text.charCodeAt(cursor.at);
  while (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) {
    cursor.at += 1;
    code = cursor.text.charCodeAt(cursor.at);
  }
  return code;
}

/** Reads a key and the colon after it. */
function readKey(cursor: Cursor): string {
  if (skipSpace(cursor) !== QUOTE) throw jsonSyntaxError(cursor.text, cursor.at, 'a key in double quotes');
  const key = readString(cursor);
  if (skipSpace(cursor) !== COLON) throw jsonSyntaxError(cursor.text, cursor.at, '":"');
  cursor.at += 1;
  return key;
}

function readString(cursor: Cursor): string {
  const { text } = cursor;
  const start = cursor.at + 1;
  const end = closingQuote(text, start);
  cursor.at = end + 1;
  const raw = text.slice(start, end);
  return SPECIAL.test(raw) ? unescape(cursor, raw, start) : raw;
}

/** Offset of the quote that ends the string whose characters start at `start`. */
function closingQuote(text: string, start: number): number {
  for (let quote = text.indexOf('"', start); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0;
    while (text.charCodeAt(quote - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return quote;
  }
  throw jsonSyntaxError(text, text.length, 'the closing quote of a string');
}

function unescape({ text }: Cursor, raw: string, start: number): string {
  let out = '';
  let from = 0;
  for (let i = 0; i < raw.length; i += 1) {
    const code = raw.charCodeAt(i);
    if (code < 0x20) throw jsonSyntaxError(text, start + i, 'an escaped control character in a string');
    if (code !== BACKSLASH) continue;
    out += raw.slice(from, i);
    i += 1;
    const simple = ESCAPES[raw[i] as string];
    if (simple !== undefined) out += simple;
    else {
      const hex = raw.slice(i + 1, i + 5);
      if (raw[i] !== 'u' || !/^[0-9a-fA-F]{4}$/.test(hex)) throw jsonSyntaxError(text, start + i, 'an escape sequence of JSON after "\\"');
      out += String.fromCharCode(Number.parseInt(hex, 16));
      i += 4;
    }
    from = i + 1;
  }
  return out + raw.slice(from);
}

function readScalar(cursor: Cursor): Json {
  const { text, at } = cursor;
  NUMBER.lastIndex = at;
  if (NUMBER.test(text)) {
    cursor.at = NUMBER.lastIndex;
    return numberOf(text.slice(at, cursor.at));
  }
  for (const [word, value] of WORDS) {
    if (text.startsWith(word, at)) {
      cursor.at += word.length;
      return value;
    }
  }
  throw jsonSyntaxError(text, at, 'a JSON value');
}

function numberOf(literal: string): Json {
  const value = Number(literal);
  if (/[.eE]/.test(literal)) return Number.isInteger(value) || !Number.isFinite(value) ? new JsonFloat(value) : value;
  if (literal.length <= SAFE_DIGITS || Number.isSafeInteger(value)) return value === 0 ? 0 : value;
  return BigInt(literal);
}
