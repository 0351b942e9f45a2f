import { JsonFloat, type Json, type JsonObject } from './json.ts';

/** How a notation writes values: JSON and Python's `repr` differ in these points only. */
export interface Notation {
  readonly scalar: (value: Exclude<Json, Json[] | JsonObject>) => string;
  readonly key: (key: string) => string;
  /** The keys of an object in the order to write them. */
  readonly keysOf: (object: JsonObject) => readonly string[];
  readonly comma: string;
  readonly colon: string;
}

interface Level {
  readonly value: Json[] | JsonObject;
  readonly keys: readonly string[] | undefined;
  next: number;
}

/** Writes a value. Iterative: nesting is bounded by memory alone. A key whose value is `undefined` is left out. */
export function renderNested(value: Json, notation: Notation): string {
  if (isScalar(value)) return notation.scalar(value);
  const open: Level[] = [];
  let level = enter(value, notation);
  let out = level.keys ? '{' : '[';
  for (;;) {
    const at = level.next;
    const list = level.keys ?? (level.value as Json[]);
    if (at === list.length) {
      out += level.keys ? '}' : ']';
      const outer = open.pop();
      if (!outer) return out;
      level = outer;
      continue;
    }
    level.next = at + 1;
    if (at > 0) out += notation.comma;
    let child: Json;
    if (level.keys) {
      const key = level.keys[at] as string;
      out += notation.key(key) + notation.colon;
      child = (level.value as JsonObject)[key] as Json;
    } else child = (level.value as Json[])[at] as Json;
    if (isScalar(child)) out += notation.scalar(child);
    else {
      open.push(level);
      level = enter(child, notation);
      out += level.keys ? '{' : '[';
    }
  }
}

function isScalar(value: Json): value is Exclude<Json, Json[] | JsonObject> {
  return typeof value !== 'object' || value === null || value instanceof JsonFloat;
}

function enter(value: Json[] | JsonObject, notation: Notation): Level {
  if (Array.isArray(value)) return { value, keys: undefined, next: 0 };
  const keys = notation.keysOf(value);
  return { value, keys: keys.some((key) => value[key] === undefined) ? keys.filter((key) => value[key] !== undefined) : keys, next: 0 };
}
