import { ResponseError } from '../core/errors.ts';
import { isJsonObject, type Json } from '../core/json.ts';
import { type Place, placeContext, where } from './place.ts';
import { saysNothing } from './says-nothing.ts';

const KEYS_SHOWN = 12;
const LONGEST_KEY = 40;

/** A page on which the data selector matched nothing. */
export interface SelectorMiss {
  readonly selector: string;
  /** `data_selector_required` of the endpoint. */
  readonly required: boolean | undefined;
  readonly document: Json;
  readonly place: Place;
}

/**
 * True when the miss speaks against the selector: APIs leave the list out of a page that says that
 * there is nothing. Where the selector is required, any miss is a ResponseError.
 */
export function isSelectorMiss({ selector, required, document, place }: SelectorMiss): boolean {
  if (required !== true) return required === undefined && !saysNothing(document);
  throw new ResponseError(
    'selector_missed',
    `The data selector \`${selector}\` matches nothing in the page from ${where(place)}, which has ${outline(document)}.`,
    {
      hint: 'Set data_selector to where the rows are, or take data_selector_required away where pages may be without them.',
      context: placeContext(place),
    },
  );
}

/** Names the keys of a document, never its values. */
function outline(document: Json): string {
  if (Array.isArray(document)) return 'no keys but is a list';
  if (!isJsonObject(document)) return 'no keys';
  const keys = Object.keys(document);
  if (keys.length === 0) return 'no keys';
  const shown = keys.slice(0, KEYS_SHOWN).map((key) => `\`${key.length > LONGEST_KEY ? `${key.slice(0, LONGEST_KEY)}…` : key}\``);
  return `the keys ${shown.join(', ')}${keys.length > KEYS_SHOWN ? ' and more' : ''}`;
}
