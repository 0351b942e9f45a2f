import type { Json } from './json.ts';
import { parseJsonLossless } from './parse-json-lossless.ts';
import { needsLosslessReader } from './probe-json.ts';

/**
 * Reads JSON with nothing rounded, see {@link Json}. The last of duplicate keys wins, `__proto__` is
 * a key like any other, a byte order mark is skipped. Throws a SyntaxError that says where the text
 * stops being JSON, or that it is nested too deep.
 */
export function parseJson(text: string): Json {
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  if (needsLosslessReader(body)) return parseJsonLossless(body);
  try {
    return JSON.parse(body) as Json;
  } catch {
    // V8's message quotes the text: ours does not.
    return parseJsonLossless(body);
  }
}
