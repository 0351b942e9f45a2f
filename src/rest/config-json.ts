import { z } from 'zod';
import type { Json } from '../core/json.ts';

/** Any JSON value as a configuration writes it; a key that is `undefined` counts as left out. */
export type JsonInput =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly JsonInput[]
  | { readonly [key: string]: JsonInput | undefined };

/** True for `{…}` as JSON has it: not for null, a list or an instance of a class. */
export function isPlainObject(value: unknown): value is { readonly [key: string]: JsonInput | undefined } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

const MAX_DEPTH = 200;

function isJson(value: unknown, depth = 0): boolean {
  if (depth > MAX_DEPTH) return false;
  switch (typeof value) {
    case 'boolean':
    case 'string':
    case 'bigint':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object': {
      if (value === null) return true;
      if (Array.isArray(value)) return value.every((item) => isJson(item, depth + 1));
      return isPlainObject(value) && Object.values(value).every((item) => item === undefined || isJson(item, depth + 1));
    }
    default:
      return false;
  }
}

/** A key that takes any JSON value. */
export const jsonValue: z.ZodType<JsonInput, JsonInput> = z.custom<JsonInput>((value) => isJson(value), {
  error: 'Expected a JSON value.',
});

/** A copy of a value without what counts as left out. */
export function toJson(value: JsonInput | undefined): Json {
  if (value === undefined) return null;
  if (Array.isArray(value)) return (value as readonly JsonInput[]).map(toJson);
  if (!isPlainObject(value)) return value as Json;
  return Object.fromEntries(Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, toJson(item)]])));
}

/** A key that takes a list; typed readonly, so that configurations may be constants. */
export function list<S extends z.ZodType>(item: S): z.ZodType<readonly z.output<S>[], readonly z.input<S>[]> {
  return z.array(item);
}
