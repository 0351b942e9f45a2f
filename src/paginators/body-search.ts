import { isJsonObject, type Json, JsonFloat } from '../core/json.ts';

/** A value of a body and the keys that lead to it. */
export interface Found {
  readonly path: readonly string[];
  readonly value: Json;
}

/** Finds what may lead to the next page: a key that starts with `next`, or `href` or `url` in an object under it. */
export function findNextReference(body: Json | undefined): Found | undefined {
  return search(body, [], (key, value, path) => {
    if (!/^next/i.test(key)) return undefined;
    if (!isJsonObject(value)) return isTextOrNumber(value) ? { path, value } : undefined;
    const link = Object.entries(value).find(([inner, target]) => /^(?:href|url)/i.test(inner) && isTextOrNumber(target));
    return link && { path: [...path, link[0]], value: link[1] };
  });
}

/** Finds the total number of pages. */
export function findTotalPages(body: Json | undefined): Found | undefined {
  return search(body, [], (key, value, path) =>
    /^(?:total_?pages|pages)$/i.test(key) && isTextOrNumber(value) ? { path, value } : undefined,
  );
}

type Match = (key: string, value: Json, path: readonly string[]) => Found | undefined;

/** Depth first in the order of the document, objects only: what dlt finds first is what we find first. */
function search(value: Json | undefined, path: readonly string[], match: Match): Found | undefined {
  if (!isJsonObject(value)) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const at = [...path, key];
    const found = match(key, inner, at) ?? search(inner, at, match);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** As in Python, a boolean counts as a number. */
function isTextOrNumber(value: Json): boolean {
  return ['string', 'number', 'bigint', 'boolean'].includes(typeof value) || value instanceof JsonFloat;
}
