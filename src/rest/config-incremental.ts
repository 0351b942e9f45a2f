import { z } from 'zod';
import { callable } from './config-callable.ts';
import type { RowFunction } from './config-callable.ts';
import { jsonValue, list } from './config-json.ts';
import type { JsonInput } from './config-json.ts';

/** Picks the last value: called with a row's value and the last value so far, or with the row's value alone. */
export type LastValueFunction = { call(values: readonly JsonInput[]): unknown }['call'];

/** Turns a cursor value into what the API expects. */
export type ConvertFunction = { call(value: JsonInput): unknown }['call'];

const shared = {
  cursor_path: z.string().describe('JSONPath of the cursor value in a row.'),
  initial_value: jsonValue.nullish().describe('Lower bound of the first run.'),
  last_value_func: z
    .union([z.enum(['max', 'min']), callable<LastValueFunction>()], { error: 'Expected `max`, `min` or a function.' })
    .nullish()
    .describe('How the last value is picked; `max` when left out.'),
  primary_key: z
    .union([z.string(), list(z.string()), callable<RowFunction<string | readonly string[]>>()], {
      error: 'Expected a column name, a list of column names or a function.',
    })
    .nullish()
    .describe("Key by which rows at the boundary are recognised; the resource's primary key when left out, none when empty."),
  row_order: z.enum(['asc', 'desc']).nullish().describe('Order in which the API sends rows; lets a walk end early.'),
  allow_external_schedulers: z.boolean().nullish().describe('Take the interval from `DLT_INTERVAL_START` and `DLT_INTERVAL_END`.'),
  lag: z.number().nullish().describe('How far before the last value the next run starts: days, seconds or units of the cursor.'),
  on_cursor_value_missing: z.enum(['raise', 'include', 'exclude']).nullish().describe('What happens to a row without a cursor value.'),
  range_start: z.enum(['closed', 'open']).nullish().describe('Whether rows equal to the start are loaded.'),
  range_end: z.enum(['open', 'closed']).nullish().describe('Whether rows equal to the end value are loaded.'),
  convert: callable<ConvertFunction>().nullish().describe('Applied to the values that are sent.'),
};

/** `endpoint.incremental`. */
export const incrementalSchema = z.strictObject({
  ...shared,
  end_value: jsonValue.nullish().describe('Upper bound; the run then keeps no state.'),
  start_param: z.string().nullish().describe('Query parameter that gets the start of the range.'),
  end_param: z.string().nullish().describe('Query parameter that gets the end value.'),
});

/** A query parameter that is the start of an incremental range: `{"type": "incremental", …}`. */
export const incrementalParamSchema = z.strictObject({
  type: z.literal('incremental'),
  ...shared,
  end_value: jsonValue.nullish(),
  end_param: z.string().nullish(),
  transform: callable<ConvertFunction>().nullish().describe('Deprecated: `convert`.'),
});

/** A path parameter taken from a parent's row: `{"type": "resolve", …}`. */
export const resolveParamSchema = z.strictObject({
  type: z.literal('resolve'),
  resource: z.string().describe('Name of the parent resource.'),
  field: z.string().describe("JSONPath in the parent's row."),
});
