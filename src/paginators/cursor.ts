import { z } from 'zod';
import { compileJsonPath } from '../core/jsonpath.ts';
import { isJsonObject, type Json, JsonFloat } from '../core/json.ts';
import type { Paginator } from '../core/paginator.ts';
import type { Plugin } from '../core/plugin.ts';
import { jsonPathOption, optionalJsonPath } from './json-path-option.ts';
import { isPlacementUnclear, placement } from './placement.ts';
import { hasMoreReader } from './read-has-more.ts';

const options = z
  .strictObject({
    cursor_path: jsonPathOption.default('cursors.next').describe("JSONPath of the next page's cursor in the response."),
    cursor_param: z.string().nullish().describe('Query parameter of the cursor; `cursor` unless `cursor_body_path` is given.'),
    cursor_body_path: z.string().nullish().describe('Dot path of the cursor in the JSON body, instead of a query parameter.'),
    stop_after_empty_page: z.boolean().nullish().default(false).describe('Ends at the first page without rows.'),
    has_more_path: optionalJsonPath.describe('JSONPath of a flag that says whether more pages follow.'),
  })
  .refine((o) => !isPlacementUnclear(o.cursor_param, o.cursor_body_path), {
    path: ['cursor_param'],
    message: 'Give either `cursor_param` or `cursor_body_path`, and not empty.',
  })
  .describe('Asks for the next page with a cursor that the response body holds.');

/** A cursor in the response body; null stands for the first page, which is asked for without one. */
export const cursor = {
  type: 'cursor',
  options,
  create(o) {
    const path = compileJsonPath(o.cursor_path);
    const hasMore = o.has_more_path ? hasMoreReader(o.has_more_path) : undefined;
    const place = placement({ param: o.cursor_param, bodyPath: o.cursor_body_path, fallback: 'cursor' });
    return {
      first: () => null,
      apply: (request, value) => (value === null ? request : place(request, value)),
      next(page) {
        if (o.stop_after_empty_page && page.rowCount === 0) return { stop: 'empty_page' };
        const more = hasMore?.(page) ?? true;
        const value = page.body === undefined ? undefined : path.first(page.body);
        if (value === undefined || isFalsy(value)) return { stop: 'next_missing' };
        return more ? { cursor: value } : { stop: 'has_more_false' };
      },
    };
  },
} as const satisfies Plugin<z.output<typeof options>, Paginator>;

/** What Python takes for false: dlt ends there. */
function isFalsy(value: Json): boolean {
  if (value instanceof JsonFloat) return value.value === 0;
  if (Array.isArray(value)) return value.length === 0;
  return isJsonObject(value) ? Object.keys(value).length === 0 : !value;
}
