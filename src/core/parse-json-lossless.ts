import { JsonFloat, type Json, type JsonObject } from './json.ts';
import { jsonSyntaxError } from './json-syntax-error.ts';

/** Deepest nesting that is read: what walks the values later must have a bound to count on. */
export const MAX_JSON_DEPTH = 10_000;

const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const ESCAPES: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** Reads JSON with nothing rounded, and is the one that explains what is wrong. Iterative: no text overflows the stack. */
export function parseJsonLossless(text: string): Json {
  const open: (Json[] | JsonObject)[] = [];
  const keys: string[] = [];
  let container: Json[] | JsonObject | undefined;
  let key = '';
  let at = skipSpace(text, 0);

  for (;;) {
    let value: Json;
    const code = text.charCodeAt(at);
    if (code === OPEN_OBJECT || code === OPEN_LIST) {
      if (open.length >= MAX_JSON_DEPTH) throw tooDeep();
      const next = skipSpace(text, at + 1);
      const isList = code === OPEN_LIST;
      const made: Json[] | JsonObject = isList ? [] : {};
      if (text.charCodeAt(next) !== (isList ? CLOSE_LIST : CLOSE_OBJECT)) {
        open.push(made);
        keys.push(key);
        container = made;
        at = next;
        if (!isList) [key, at] = readKey(text, at);
        continue;
      }
      value = made;
      at = next + 1;
    } else if (code === QUOTE) {
      const end = stringEnd(text, at);
      value = unquote(text, at, end);
      at = end;
    } else {
      const end = scalarEnd(text, at);
      value = scalar(text, at, end);
      at = end;
    }

    // The value is complete: put it where it belongs, and close what ends with it.
    for (;;) {
      at = skipSpace(text, at);
      if (container === undefined) {
        if (at < text.length) throw jsonSyntaxError(text, at, 'the end of the text');
        return value;
      }
      const isList = Array.isArray(container);
      if (isList) (container as Json[]).push(value);
      else setKey(container as JsonObject, key, value);
      const code = text.charCodeAt(at);
      if (code === COMMA) {
        at = skipSpace(text, at + 1);
        if (!isList) [key, at] = readKey(text, at);
        break;
      }
      if (code !== (isList ? CLOSE_LIST : CLOSE_OBJECT)) throw jsonSyntaxError(text, at, isList ? '"," or "]"' : '"," or "}"');
      at += 1;
      value = open.pop() as Json[] | JsonObject;
      key = keys.pop() as string;
      container = open.at(-1);
    }
  }
}

/** The error of a text that is nested deeper than {@link MAX_JSON_DEPTH}. */
export function tooDeep(): SyntaxError {
  return new SyntaxError(`lists and objects are nested deeper than ${MAX_JSON_DEPTH} levels`);
}

/** Sets an own key, whatever its name: a plain assignment to `__proto__` would set the prototype. */
function setKey(object: JsonObject, key: string, value: Json): void {
  if (key === '__proto__') Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at;
    at += 1;
  }
}

/** Reads `"key" :` and the space after it; answers the key and where its value starts. */
function readKey(text: string, at: number): [string, number] {
  if (text.charCodeAt(at) !== QUOTE) throw jsonSyntaxError(text, at, 'a key in double quotes');
  const end = stringEnd(text, at);
  const colon = skipSpace(text, end);
  if (text.charCodeAt(colon) !== COLON) throw jsonSyntaxError(text, colon, '":"');
  return [unquote(text, at, end), skipSpace(text, colon + 1)];
}

/** Offset after the closing quote of the string that starts at `start`. */
function stringEnd(text: string, start: number): number {
  let quote = text.indexOf('"', start + 1);
  while (quote !== -1) {
    let slashes = quote - 1;
    while (text.charCodeAt(slashes) === BACKSLASH) slashes -= 1;
    if ((quote - slashes) % 2 === 1) return quote + 1;
    quote = text.indexOf('"', quote + 1);
  }
  throw jsonSyntaxError(text, text.length, 'the closing quote of a string');
}

/** A control character or a backslash. */
const SPECIAL = /[^ -[\]-\uffff]/;

function unquote(text: string, start: number, end: number): string {
  const raw = text.slice(start + 1, end - 1);
  if (!SPECIAL.test(raw)) return raw;
  let out = '';
  for (let i = 0; i < raw.length; i += 1) {
    const char = raw[i] as string;
    if (char < ' ') throw jsonSyntaxError(text, start + 1 + i, 'an escaped control character in a string');
    if (char !== '\\') {
      out += char;
      continue;
    }
    i += 1;
    const simple = ESCAPES[raw[i] as string];
    const hex = raw.slice(i + 1, i + 5);
    if (simple !== undefined) out += simple;
    else if (raw[i] === 'u' && /^[0-9a-fA-F]{4}$/.test(hex)) {
      out += String.fromCharCode(Number.parseInt(hex, 16));
      i += 4;
    } else throw jsonSyntaxError(text, start + 1 + i, 'an escape sequence of JSON after "\\"');
  }
  return out;
}

/** Offset after the number or word that starts at `at`. */
function scalarEnd(text: string, at: number): number {
  NUMBER.lastIndex = at;
  if (NUMBER.test(text)) return NUMBER.lastIndex;
  for (const word of ['true', 'false', 'null']) if (text.startsWith(word, at)) return at + word.length;
  throw jsonSyntaxError(text, at, 'a JSON value');
}

function scalar(text: string, at: number, end: number): Json {
  const literal = text.slice(at, end);
  if (literal === 'true') return true;
  if (literal === 'false') return false;
  if (literal === 'null') return null;
  const value = Number(literal);
  if (/[.eE]/.test(literal)) return Number.isInteger(value) || !Number.isFinite(value) ? new JsonFloat(value) : value;
  if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
  return BigInt(literal);
}
