import type { Json } from '../core/json.ts';
import { isJsonObject } from '../core/json.ts';
import { pythonStr } from '../core/python-text.ts';

/**
 * Query or form text as Python's `requests` writes it, because dlt sends it so: a null is dropped, a
 * list repeats its key, an object counts as the list of its keys, a space becomes `+`.
 */
export function encodePairs(pairs: Iterable<readonly [string, Json]>): string {
  const out: string[] = [];
  for (const [name, value] of pairs) {
    for (const item of itemsOf(value)) {
      if (item === null) continue;
      for (const inner of itemsOf(item)) out.push(`${quotePlus(name)}=${quotePlus(pythonStr(inner))}`);
    }
  }
  return out.join('&');
}

function itemsOf(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value;
  return isJsonObject(value) ? Object.keys(value) : [value];
}

const LONE_SURROGATE = /\p{Cs}/gu;

/** Python's `quote_plus`: only letters, digits and `_.-~` stay as they are. */
function quotePlus(text: string): string {
  return encodeURIComponent(text.replace(LONE_SURROGATE, '\ufffd'))
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}
