import type { Json } from '../core/json.ts';
import { parseJson } from '../core/parse-json.ts';
import type { PageBody } from '../core/source.ts';
import { decodeText } from './body-text.ts';

/** Documents of bodies that a walk has just decoded, for the reader that comes next. */
const decoded = new WeakMap<Uint8Array, Json>();

/** Leaves the document of a body for {@link documentOf}. */
export function keepDocument(body: Uint8Array, document: Json): void {
  decoded.set(body, document);
}

/** The document of a page; the caller may change it. An empty body, of an ignored response, is null. */
export function documentOf(page: PageBody): Json {
  const kept = decoded.get(page.body);
  decoded.delete(page.body);
  if (kept !== undefined) return kept;
  return page.body.length === 0 ? null : parseJson(decodeText(page));
}
