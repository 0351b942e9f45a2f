import type { Json } from '../core/json.ts';
import type { Bounds } from '../core/source.ts';
import type { ConvertFunction, LastValueFunction } from './config-incremental.ts';
import type { RowFunction } from './config-callable.ts';
import { type JsonInput, toJson } from './config-json.ts';

/** An incremental as it is configured, under dlt's keys; null counts as left out. */
export interface IncrementalOptions {
  /** JSONPath of the cursor value in a row; the key of the state, as it is written. */
  readonly cursor_path: string;
  readonly initial_value?: JsonInput | undefined;
  /** Upper bound: the run keeps no state. */
  readonly end_value?: JsonInput | undefined;
  readonly start_param?: string | null | undefined;
  readonly end_param?: string | null | undefined;
  readonly convert?: ConvertFunction | null | undefined;
  readonly last_value_func?: 'max' | 'min' | LastValueFunction | null | undefined;
  /** Recognises rows at the boundary; an empty list turns that off. */
  readonly primary_key?: DedupKey | null | undefined;
  readonly row_order?: 'asc' | 'desc' | null | undefined;
  readonly on_cursor_value_missing?: 'raise' | 'include' | 'exclude' | null | undefined;
  readonly lag?: number | null | undefined;
  readonly range_start?: 'closed' | 'open' | null | undefined;
  readonly range_end?: 'open' | 'closed' | null | undefined;
  readonly allow_external_schedulers?: boolean | null | undefined;
}

/** Key columns by their names in the row, or a function that names them. */
export type DedupKey = string | readonly string[] | RowFunction<string | readonly string[]>;

/** The upper bound, null when there is none. */
export function endValue({ end_value: end }: IncrementalOptions): Json {
  return (end ?? null) as Json;
}

/** The lower bound of the first run, null when there is none. */
export function initialValue({ initial_value: initial }: IncrementalOptions): Json {
  return (initial ?? null) as Json;
}

/** The range as a run keeps it; `undefined` when there is none. */
export function boundsOf(options: IncrementalOptions): Bounds | undefined {
  const bounds = { initial_value: toJson(options.initial_value), end_value: toJson(options.end_value) };
  return bounds.initial_value === null && bounds.end_value === null ? undefined : bounds;
}

/** The same incremental with another range. */
export function withBounds(options: IncrementalOptions, bounds: Bounds): IncrementalOptions {
  return { ...options, initial_value: bounds.initial_value as JsonInput, end_value: bounds.end_value as JsonInput };
}
