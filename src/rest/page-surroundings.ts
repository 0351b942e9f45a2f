import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';

/** An object of a page that holds no row, and the keys that lead to it. */
export interface Surrounding {
  readonly path: readonly string[];
  readonly object: JsonObject;
}

/** Names of what APIs put beside their rows. */
const NAMES = new Set('meta metadata paging pagination page pageinfo links cursor cursors responsemetadata resultinfo'.split(' '));
const DEEPEST = 3;

/**
 * The objects around the rows of a page: those that the selector's keys lead through, and under them
 * those with a usual name. An empty list when the rows are the whole document.
 */
export function surroundingsOf(document: Json | undefined, keys: readonly string[]): Surrounding[] {
  const found: Surrounding[] = [];
  let at = document;
  for (let depth = 0; depth < keys.length && isJsonObject(at); depth += 1) {
    const path = keys.slice(0, depth);
    const key = keys[depth] as string;
    found.push({ path, object: at }, ...namedBelow(at, path, key));
    at = at[key];
  }
  return found;
}

function namedBelow(object: JsonObject, path: readonly string[], except?: string): Surrounding[] {
  if (path.length >= DEEPEST) return [];
  return Object.entries(object).flatMap(([key, value]) => {
    if (key === except || !isJsonObject(value) || !NAMES.has(plainName(key))) return [];
    const below = [...path, key];
    return [{ path: below, object: value }, ...namedBelow(value, below)];
  });
}

/** A key without case and marks: `nextPage`, `next_page` and `next-page` are one name. */
export function plainName(key: string): string {
  return key.toLowerCase().replace(/[^a-z]/g, '');
}
