import { z } from 'zod';
import type { Paginator } from '../core/paginator.ts';
import type { Plugin } from '../core/plugin.ts';
import { optionalJsonPath } from './json-path-option.ts';
import { isPlacementUnclear, placement } from './placement.ts';
import { rangePaginator } from './range-paginator.ts';

const options = z
  .strictObject({
    base_page: z.int().min(0).default(0).describe("Number of the API's first page, usually 0 or 1."),
    page: z.int().min(0).nullish().describe('Number of the first page that is asked for; `base_page` when it is left out.'),
    page_param: z.string().nullish().describe('Query parameter of the page number; `page` unless `page_body_path` is given.'),
    page_body_path: z.string().nullish().describe('Dot path of the page number in the JSON body, instead of a query parameter.'),
    total_path: optionalJsonPath.default('total').describe('JSONPath of the total number of pages; null when the API does not say.'),
    maximum_page: z.int().nullish().describe('Paging ends before this page.'),
    stop_after_empty_page: z.boolean().nullish().default(true).describe('Ends at the first page without rows.'),
    has_more_path: optionalJsonPath.describe('JSONPath of a flag that says whether more pages follow.'),
  })
  .refine((o) => !isPlacementUnclear(o.page_param, o.page_body_path), {
    path: ['page_param'],
    message: 'Give either `page_param` or `page_body_path`, and not empty.',
  })
  .refine((o) => o.total_path || typeof o.maximum_page === 'number' || o.has_more_path || o.stop_after_empty_page, {
    message: 'Nothing ends the paging: give `total_path`, `maximum_page` or `has_more_path`, or leave `stop_after_empty_page` on.',
  })
  .describe('Asks for pages by number.');

/** Page numbers, in the query or in the JSON body. */
export const pageNumber = {
  type: 'page_number',
  options,
  create: (o) =>
    rangePaginator({
      first: o.page ?? o.base_page,
      step: 1,
      base: o.base_page,
      maximum: o.maximum_page,
      totalPath: o.total_path,
      hasMorePath: o.has_more_path,
      stopAfterEmptyPage: o.stop_after_empty_page ?? false,
      unit: 'pages',
      apply: placement({ param: o.page_param, bodyPath: o.page_body_path, fallback: 'page' }),
    }),
} as const satisfies Plugin<z.output<typeof options>, Paginator<number>>;
