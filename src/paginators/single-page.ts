import { z } from 'zod';
import type { Paginator } from '../core/paginator.ts';
import type { Plugin } from '../core/plugin.ts';

const options = z.strictObject({}).describe('Asks once: the API gives everything in one answer.');

/** One request, no more. */
export const singlePage = {
  type: 'single_page',
  options,
  create: () => ({
    first: () => null,
    apply: (request) => request,
    next: () => ({ stop: 'single_page' }),
  }),
} as const satisfies Plugin<z.output<typeof options>, Paginator<null>>;
