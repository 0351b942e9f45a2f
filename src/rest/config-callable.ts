import { z } from 'zod';
import type { JsonObject } from '../core/json.ts';

/**
 * A function over a row as a configuration writes it. The parameter may be annotated with the type
 * of the API's records; without an annotation it is a JSON object.
 */
export type RowFunction<Result> = { call(row: JsonObject): Result }['call'];

/**
 * A key that takes a function: only configurations written in TypeScript or JavaScript can have it.
 * In the JSON Schema nothing matches it.
 */
export function callable<F>(): z.ZodType<F, F> {
  return z.custom<F>((value) => typeof value === 'function', { error: 'must be a function' }).meta({ not: {} });
}

/** A key that takes an object with methods (a paginator, an auth); nothing in JSON matches it. */
export function instance<T>(...methods: readonly string[]): z.ZodType<T, T> {
  const matches = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return false;
    return methods.every((method) => typeof Reflect.get(value, method) === 'function');
  };
  return z.custom<T>(matches, { error: 'must be an object with methods' }).meta({ not: {} });
}
