/**
 * A JSON value as an API sent it, with nothing rounded.
 *
 * An integer is a `number` while it is a safe integer and a `bigint` beyond that. A number with a
 * fraction is a `number`. A number written as a float whose value is integral (`1.0`, `1e3`), or
 * too large for a double (`1e400`), is a {@link JsonFloat}: dlt types `1.0` as `double` and `1` as
 * `bigint`, so the two must stay apart.
 */
export type Json = null | boolean | number | bigint | string | JsonFloat | Json[] | JsonObject;

/** A JSON object: own enumerable properties only, `__proto__` included. */
export interface JsonObject {
  [key: string]: Json;
}

/** A float literal whose value JavaScript would not tell from an integer. `value` may be infinite. */
export class JsonFloat {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** True for `{…}`: not for null, a list or a {@link JsonFloat}. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonFloat);
}
