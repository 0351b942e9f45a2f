import { isJsonObject, type Json } from './json.ts';

/** The step of what `$` selects. */
export const ROOT = Symbol('$');

/** A value on its way through a path, with the value it was found in. */
export interface Datum {
  readonly value: Json;
  /** Key or index in `parent`, or `$`'s mark; `undefined` for computed values and where a path starts. */
  readonly step?: string | number | typeof ROOT;
  readonly parent?: Datum | undefined;
}

/** What a compiled step of a path does with one value. */
export type Find = (at: Datum) => readonly Datum[];

/** All members of an object or elements of a list. */
export function children(at: Datum): Datum[] {
  const { value } = at;
  if (Array.isArray(value)) return value.map((item, step) => ({ value: item, step, parent: at }));
  if (!isJsonObject(value)) return [];
  return Object.keys(value).map((step) => ({ value: value[step] as Json, step, parent: at }));
}
