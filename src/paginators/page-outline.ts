import type { ReceivedPage } from '../core/http.ts';
import { isJsonObject, type Json } from '../core/json.ts';

/** Keys that an error lists at most. */
const MOST_KEYS = 20;
/** A longer key is data rather than a name. */
const LONGEST_KEY = 40;

/** Says for an error what a page is made of: its keys, two levels of them, never its values. */
export function pageOutline(page: ReceivedPage): string {
  const { body } = page;
  if (body === undefined) return 'The page is empty.';
  if (body === null) return 'The page is `null`.';
  if (Array.isArray(body)) return 'The page is a list, so it has no keys.';
  if (!isJsonObject(body)) return `The page is ${kindOf(body)}, so it has no keys.`;
  const keys = Object.entries(body).flatMap(([key, value]) => [
    key,
    ...(isJsonObject(value) ? Object.keys(value).map((inner) => `${key}.${inner}`) : []),
  ]);
  if (keys.length === 0) return 'The page is an empty object.';
  const shown = keys.slice(0, MOST_KEYS).map((key) => (key.length > LONGEST_KEY ? `${key.slice(0, LONGEST_KEY)}…` : key));
  return `The page has the keys ${shown.join(', ')}${keys.length > MOST_KEYS ? ' and more' : ''}.`;
}

/** Names the kind of a value for an error: `a number`, `an object`. */
export function kindOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (isJsonObject(value)) return 'an object';
  if (typeof value === 'string') return 'a text';
  return typeof value === 'boolean' ? 'a boolean' : 'a number';
}

/** The address that a page came from, without its query, for an error. */
export function pageAddress(page: ReceivedPage): string {
  return page.request.url.replace(/[?#].*$/s, '');
}
