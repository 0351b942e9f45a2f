import { z } from 'zod';
import type { Paginator } from '../core/paginator.ts';
import type { Plugin } from '../core/plugin.ts';

const options = z
  .strictObject({
    cursor_key: z.string().min(1).default('next').describe("Response header that holds the next page's cursor."),
    cursor_param: z.string().min(1).default('cursor').describe('Query parameter of the cursor.'),
  })
  .describe('Asks for the next page with a cursor that a response header holds.');

/** A cursor in a response header; an absent or empty header ends the walk. */
export const headerCursor = {
  type: 'header_cursor',
  options,
  create(o) {
    const header = o.cursor_key.toLowerCase();
    return {
      first: () => null,
      apply: (request, cursor) => (cursor === null ? request : { ...request, params: { ...request.params, [o.cursor_param]: cursor } }),
      next(page) {
        const cursor = page.headers[header];
        return cursor ? { cursor } : { stop: 'next_missing' };
      },
    };
  },
} as const satisfies Plugin<z.output<typeof options>, Paginator<string | null>>;
