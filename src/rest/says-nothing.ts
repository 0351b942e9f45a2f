import { isJsonObject, type Json, JsonFloat } from '../core/json.ts';

const TOTAL =
  /^(?:total|count|size|found|hits|(?:total|num|number|result|row|record|item)s?_?(?:of_?)?(?:count|total|results?|rows?|records?|items?|hits|elements|size))$/i;

/** True when a page says that there are no rows at all: it is empty, or a total at its top or one level below is 0. */
export function saysNothing(document: Json): boolean {
  if (document === null) return true;
  if (Array.isArray(document)) return document.length === 0;
  if (!isJsonObject(document)) return false;
  const entries = Object.entries(document);
  return entries.length === 0 || entries.some(([key, value]) => isZeroTotal(key, value) || (isJsonObject(value) && hasZeroTotal(value)));
}

function hasZeroTotal(object: Readonly<Record<string, Json>>): boolean {
  return Object.entries(object).some(([key, value]) => isZeroTotal(key, value));
}

function isZeroTotal(key: string, value: Json): boolean {
  return TOTAL.test(key) && (value === 0 || value === '0' || (value instanceof JsonFloat && value.value === 0));
}
