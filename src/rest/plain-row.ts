import { isJsonObject, type Json, JsonFloat } from '../core/json.ts';

/** A copy of a value as JavaScript reads JSON, for functions of a configuration: floats are numbers. */
export function toPlain(value: Json): unknown {
  if (value instanceof JsonFloat) return value.value;
  if (Array.isArray(value)) return value.map(toPlain);
  if (!isJsonObject(value)) return value;
  return copyObject(value, toPlain);
}

/**
 * What a function gave back, as JSON. A number that stands where a float stood before is one still:
 * JavaScript cannot tell `1.0` from `1`, dlt does. Dates become ISO texts, `undefined` is left out.
 * Throws a TypeError for what JSON cannot hold.
 */
export function fromPlain(value: unknown, before?: Json): Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    case 'number':
      return fromNumber(value, before);
    case 'undefined':
      return null;
    case 'object':
      return fromObject(value, before);
    default:
      throw new TypeError(`a ${typeof value} is no JSON value`);
  }
}

function fromNumber(value: number, before: Json | undefined): Json {
  if (Number.isNaN(value)) return null;
  const wasFloat = before instanceof JsonFloat || (typeof before === 'number' && !Number.isInteger(before));
  if (Number.isInteger(value) ? wasFloat || !Number.isSafeInteger(value) : !Number.isFinite(value)) return new JsonFloat(value);
  return value;
}

function fromObject(value: object | null, before: Json | undefined): Json {
  if (value === null || value instanceof JsonFloat) return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (Array.isArray(value)) {
    const items: readonly Json[] = Array.isArray(before) ? before : [];
    return value.map((item, index) => fromPlain(item, items[index]));
  }
  const { toJSON } = value as { readonly toJSON?: unknown };
  if (typeof toJSON === 'function') return fromPlain(toJSON.call(value), before);
  if (value instanceof Map || value instanceof Set || ArrayBuffer.isView(value) || value instanceof Promise)
    throw new TypeError(`a ${value.constructor.name} is no JSON value`);
  const fields = isJsonObject(before) ? before : {};
  return copyObject(value as Readonly<Record<string, unknown>>, (item, key) =>
    fromPlain(item, Object.hasOwn(fields, key) ? fields[key] : undefined),
  );
}

/** Keeps `__proto__` a key like any other, and leaves `undefined` out. */
function copyObject<In, Out>(object: Readonly<Record<string, In>>, copy: (value: In, key: string) => Out): Record<string, Out> {
  const out: Record<string, Out> = {};
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined) continue;
    if (key === '__proto__')
      Object.defineProperty(out, key, { value: copy(value, key), enumerable: true, configurable: true, writable: true });
    else out[key] = copy(value, key);
  }
  return out;
}
