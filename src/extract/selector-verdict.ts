import { ResponseError } from '../core/errors.ts';
import { isJsonObject, type Json } from '../core/json.ts';
import { parseJson } from '../core/parse-json.ts';
import type { PageBody } from '../core/source.ts';
import type { SelectorFacts } from '../page-log/walk-facts.ts';

const KEYS_SHOWN = 12;
const LONGEST_KEY = 40;

/** True when a walk had bodies, its selector matched in none of them, and no total said that there is nothing. */
export function neverMatched({ missed, matched, empty }: SelectorFacts): boolean {
  return missed > 0 && matched === 0 && !empty;
}

/** The error for a resource whose data selector was not once right. Names keys of the page, not its values. */
export function selectorNeverMatched(resource: string, page: PageBody & { readonly url: string }): ResponseError {
  return new ResponseError(
    'selector_never_matched',
    `${resource}: the data selector \`${page.selector}\` matched nothing on any page. ${page.url} answered with ${describe(page)}.`,
    {
      hint: 'Set `data_selector` to where the records are, or `data_selector_required: false` where pages without it are empty pages.',
      context: { resource, url: page.url },
    },
  );
}

function describe({ body, charset }: PageBody): string {
  let value: Json;
  try {
    value = parseJson(new TextDecoder(charset ?? 'utf-8').decode(body));
  } catch {
    return 'something else than JSON';
  }
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (!isJsonObject(value)) return value === null ? 'null' : `a ${typeof value}`;
  const keys = Object.keys(value);
  if (keys.length === 0) return 'an object without keys';
  const shown = keys.slice(0, KEYS_SHOWN).map((key) => `\`${key.length > LONGEST_KEY ? `${key.slice(0, LONGEST_KEY)}…` : key}\``);
  return `the keys ${shown.join(', ')}${keys.length > KEYS_SHOWN ? ` and ${keys.length - KEYS_SHOWN} more` : ''}`;
}
