import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { type JsonPath, pathOf } from '../core/jsonpath.ts';

/** What a data selector found on a page. */
export interface Selection {
  readonly rows: Json[];
  /** Nothing matched although the page has a body; a present null is a match without rows. */
  readonly missed: boolean;
}

/** Selects a page's records: a matched list is the records, anything else that matched is one record. */
export function selectRows(body: Json | undefined, selector: JsonPath): Selection {
  if (body === undefined || body === null) return { rows: [], missed: false };
  const matches = selector.find(body);
  const [match] = matches;
  if (match === undefined) return { rows: [], missed: true };
  if (matches.length > 1) return { rows: matches, missed: false };
  if (match === null) return { rows: [], missed: false };
  return { rows: Array.isArray(match) ? match : [match], missed: false };
}

/** What was taken for the records of a page. */
export interface DetectedSelector {
  /** JSONPath of the records. */
  readonly selector: string;
  /** JSONPaths of the other lists, for the report. */
  readonly others: readonly string[];
}

/** Names that APIs give to their lists of records. */
const RECORDS = new Set('data items results entries records rows entities payload content objects values'.split(' '));
/** Names of what surrounds the records. */
const SURROUNDINGS = new Set('meta metadata pagination links extras headers'.split(' '));
/** Lists are looked for this many keys deep. */
const MOST_KEYS = 3;

interface FoundList {
  readonly path: readonly string[];
  readonly list: readonly Json[];
}

/**
 * Detects where the records of a page are: the first list under a known name; else, lists outside of
 * `meta` and the like first, a list with objects; else the first list; else the whole body.
 */
export function detectSelector(body: Json | undefined): DetectedSelector {
  const lists = isJsonObject(body) ? listsIn(body, []) : [];
  const outside = lists.filter(({ path }) => !path.some((key) => SURROUNDINGS.has(key)));
  const candidates = outside.length > 0 ? outside : lists;
  const picked =
    lists.find(({ path }) => RECORDS.has(path.at(-1) ?? '')) ?? candidates.find(({ list }) => list.some(isJsonObject)) ?? candidates[0];
  return {
    selector: picked ? pathOf(picked.path) : '$',
    others: lists.filter((found) => found !== picked).map(({ path }) => pathOf(path)),
  };
}

/** Depth first, in the order of the document. */
function listsIn(object: JsonObject, above: readonly string[]): FoundList[] {
  if (above.length >= MOST_KEYS) return [];
  return Object.entries(object).flatMap(([key, value]) => {
    const path = [...above, key];
    if (Array.isArray(value)) return [{ path, list: value }];
    return isJsonObject(value) ? listsIn(value, path) : [];
  });
}
