import type { Json } from './json.ts';
import { MAX_JSON_DEPTH, parseJsonLossless, tooDeep } from './parse-json-lossless.ts';

/**
 * Finds numbers that JSON.parse would not keep apart or would round: 16 digits and more, exponents,
 * `-0`, and fractions that are zero or may round to it (a double has 15 sure digits, so a whole
 * number of k digits must be followed by at least 15 - k times 0 or 9). A number follows `[`, `,`
 * or `:`, so that digits inside a string seldom count; if they do, only time is lost.
 */
const LOSSY =
  /(?:^|[[,:])[ \t\r\n]*(?:-0(?!\.)|-?\d+(?:\d{15}|(?:\.\d+)?[eE]|\.(?:0+(?!\d)|0{6}|9{6})|(?<=\d{9})\.(?:000|999)|(?<=\d{13})\.))/;

/**
 * Reads JSON with nothing rounded, see {@link Json}. The last of duplicate keys wins, `__proto__` is
 * a key like any other, a byte order mark is skipped. Throws a SyntaxError that says where the text
 * stops being JSON, or that it is nested too deep.
 */
export function parseJson(text: string): Json {
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  if (LOSSY.test(body)) return parseJsonLossless(body);
  let value: Json;
  try {
    value = JSON.parse(body) as Json;
  } catch {
    // V8's message quotes the text: ours does not.
    return parseJsonLossless(body);
  }
  if (isTooDeep(body)) throw tooDeep();
  return value;
}

/** Depth matters to all that walks the values later. Only a text with enough closing brackets can be too deep. */
function isTooDeep(text: string): boolean {
  if (text.length <= 2 * MAX_JSON_DEPTH) return false;
  let closing = 0;
  for (const bracket of [']', '}']) {
    for (let at = text.indexOf(bracket); at !== -1 && closing <= MAX_JSON_DEPTH; at = text.indexOf(bracket, at + 1)) closing += 1;
  }
  if (closing <= MAX_JSON_DEPTH) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = closingQuote(text, at);
    else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > MAX_JSON_DEPTH) return true;
    } else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return false;
}

/** Offset of the quote that ends the string which starts at `start`, in a text that is known to be JSON. */
function closingQuote(text: string, start: number): number {
  let at = start + 1;
  for (let code = text.charCodeAt(at); code !== 0x22; code = text.charCodeAt(at)) at += code === 0x5c ? 2 : 1;
  return at;
}
