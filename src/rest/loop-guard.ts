import { crc32 } from 'node:zlib';
import { ResponseError } from '../core/errors.ts';
import { shake } from '../core/hash.ts';
import type { HttpRequest } from '../core/http.ts';
import type { Json } from '../core/json.ts';
import { canonicalJson } from '../core/print-json.ts';
import { encodeRequest } from './encode-request.ts';
import { type Place, placeContext, where } from './place.ts';

/** Cursors that are remembered: memory must not grow with the number of pages (invariant 10). */
const REMEMBERED = 100;
/** Pages with rows that are the same byte for byte: one or two may be chance, so many are not. */
const SAME_PAGES = 20;

/** A page of a walk, and what is to follow it. */
export interface LoopStep {
  readonly place: Place;
  readonly request: HttpRequest;
  readonly nextRequest: HttpRequest;
  readonly cursor: Json;
  readonly nextCursor: Json;
  readonly rowCount: number;
  /** {@link bodyMark} of the page. */
  readonly mark: string;
}

/** Watches one walk. */
export interface LoopGuard {
  /**
   * Told of the pages in the order of their index, which need not be that of their arrival: a cursor
   * that a later page has is no circle. Throws a ResponseError once the walk goes in circles.
   */
  pass(step: LoopStep): void;
}

/** Tells bodies apart without keeping them. */
export function bodyMark(body: Uint8Array): string {
  return `${body.length}/${crc32(body)}`;
}

/** Starts the guard of a walk. Longer circles than it remembers are found by a mark that moves ever further apart. */
export function createLoopGuard(): LoopGuard {
  const recent = new Map<string, number>();
  let milestone = { cursor: '', page: 0, until: 1 };
  let previous: string | undefined;
  let same = 1;
  const asked = (key: string, page: number): void => {
    recent.set(key, page);
    if (recent.size > REMEMBERED) recent.delete(recent.keys().next().value as string);
    if (page >= milestone.until) milestone = { cursor: key, page, until: 2 * page + 1 };
  };
  return {
    pass({ place, request, nextRequest, cursor, nextCursor, rowCount, mark }) {
      asked(keyOf(cursor), place.page);
      const key = keyOf(nextCursor);
      const usedBy = recent.get(key) ?? (milestone.cursor === key ? milestone.page : undefined);
      if (usedBy !== undefined) {
        const hint =
          rowCount === 0
            ? 'Set stop_after_empty_page of the paginator to true, if this API sends its last cursor again.'
            : 'Check cursor_path or next_url_path of the paginator, and whether the API reads its parameter.';
        throw loop(place, `leads back to page ${usedBy + 1}`, hint);
      }
      if (wire(nextRequest) === wire(request)) {
        throw loop(place, 'is followed by the same request again', 'Check where the paginator puts its parameter, and its next link.');
      }
      same = rowCount > 0 && previous === mark ? same + 1 : 1;
      previous = mark;
      if (same >= SAME_PAGES) {
        throw loop(
          place,
          `is, byte for byte, the same as the ${SAME_PAGES - 1} pages before it`,
          'Check the parameter names of the paginator: the API ignores them.',
        );
      }
    },
  };
}

function loop(place: Place, what: string, hint: string): ResponseError {
  return new ResponseError('pagination_loop', `The page from ${where(place)} ${what}: paging would never end.`, {
    hint,
    context: placeContext(place),
  });
}

function keyOf(cursor: Json): string {
  return shake(canonicalJson(cursor), 12);
}

function wire(request: HttpRequest): string {
  const { method, url, headers, body } = encodeRequest(request);
  return JSON.stringify([method, url.href, headers, body]);
}
