import { z } from 'zod';
import type { Paginator } from '../core/paginator.ts';
import type { Plugin } from '../core/plugin.ts';
import { optionalJsonPath } from './json-path-option.ts';
import { isPlacementUnclear, placement } from './placement.ts';
import { rangePaginator } from './range-paginator.ts';

const options = z
  .strictObject({
    limit: z.int().min(1).describe('Rows a page; also the step from one offset to the next.'),
    offset: z.int().min(0).default(0).describe('Offset of the first page.'),
    offset_param: z.string().nullish().describe('Query parameter of the offset; `offset` unless `offset_body_path` is given.'),
    offset_body_path: z.string().nullish().describe('Dot path of the offset in the JSON body, instead of a query parameter.'),
    limit_param: z.string().nullish().describe('Query parameter of the limit; `limit` unless `limit_body_path` is given.'),
    limit_body_path: z.string().nullish().describe('Dot path of the limit in the JSON body, instead of a query parameter.'),
    total_path: optionalJsonPath.default('total').describe('JSONPath of the total number of rows; null when the API does not say.'),
    maximum_offset: z.int().nullish().describe('Paging ends before this offset.'),
    stop_after_empty_page: z.boolean().nullish().default(true).describe('Ends at the first page without rows.'),
    has_more_path: optionalJsonPath.describe('JSONPath of a flag that says whether more pages follow.'),
  })
  .refine((o) => !isPlacementUnclear(o.offset_param, o.offset_body_path), {
    path: ['offset_param'],
    message: 'Give either `offset_param` or `offset_body_path`, and not empty.',
  })
  .refine((o) => !isPlacementUnclear(o.limit_param, o.limit_body_path), {
    path: ['limit_param'],
    message: 'Give either `limit_param` or `limit_body_path`, and not empty.',
  })
  .refine((o) => o.total_path || typeof o.maximum_offset === 'number' || o.has_more_path || o.stop_after_empty_page, {
    message: 'Nothing ends the paging: give `total_path`, `maximum_offset` or `has_more_path`, or leave `stop_after_empty_page` on.',
  })
  .describe('Asks for rows by offset and limit.');

/** Offset and limit, in the query or in the JSON body. */
export const offset = {
  type: 'offset',
  options,
  create(o) {
    const placeOffset = placement({ param: o.offset_param, bodyPath: o.offset_body_path, fallback: 'offset' });
    const placeLimit = placement({ param: o.limit_param, bodyPath: o.limit_body_path, fallback: 'limit' });
    return rangePaginator({
      first: o.offset,
      step: o.limit,
      base: 0,
      maximum: o.maximum_offset,
      totalPath: o.total_path,
      hasMorePath: o.has_more_path,
      stopAfterEmptyPage: o.stop_after_empty_page ?? false,
      unit: 'items',
      apply: (request, value) => placeLimit(placeOffset(request, value), o.limit),
    });
  },
} as const satisfies Plugin<z.output<typeof options>, Paginator<number>>;
