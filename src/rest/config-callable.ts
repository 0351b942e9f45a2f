import { z } from 'zod';
import type { JsonObject } from '../core/json.ts';

/**
 * A function over a row as a configuration writes it. The parameter may be annotated with the type
 * of the API's records; without an annotation it is a JSON object.
 */
export type RowFunction<Result> = { call(row: JsonObject): Result }['call'];

/** Marks the issue of a value that is of another kind altogether, so that a union can tell which branch was meant. */
const NO_DATA = { mismatch: true } as const;

/**
 * A key that takes a function: only configurations written in TypeScript or JavaScript can have it.
 * In the JSON Schema nothing matches it.
 */
export function callable<F>(): z.ZodType<F, F> {
  return z
    .custom<F>((value) => typeof value === 'function', {
      error: 'Expected a function.\nWrite the configuration in TypeScript or JavaScript to use functions.',
      params: NO_DATA,
    })
    .meta({ not: {} });
}

/** A key that takes an object with methods (a paginator, an auth); nothing in JSON matches it. */
export function instance<T>(...methods: readonly string[]): z.ZodType<T, T> {
  const matches = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return false;
    return methods.every((method) => typeof Reflect.get(value, method) === 'function');
  };
  return z.custom<T>(matches, { error: 'Expected an object with methods.', params: NO_DATA }).meta({ not: {} });
}
