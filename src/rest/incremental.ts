import type { Json } from '../core/json.ts';
import type { IncrementalState } from '../core/state.ts';
import { readTyped } from '../core/typed-json.ts';
import { callConfigured } from './incremental-function.ts';
import { endValue, type IncrementalOptions, initialValue } from './incremental-options.ts';
import { cursorOrder } from './incremental-order.ts';
import { textKind } from './incremental-text-order.ts';
import { applyLag } from './lag.ts';

export type { IncrementalOptions } from './incremental-options.ts';

/**
 * The cursor as a run starts with it: as stored, or new at the initial value. With an end value the
 * stored one is left out. What {@link startValue} says of it stays the same during the run.
 */
export function freezeBounds(options: IncrementalOptions, stored: IncrementalState | undefined): IncrementalState {
  const initial = initialValue(options);
  const fresh: IncrementalState = { initial_value: initial, last_value: initial, unique_hashes: [], start_value: initial };
  return endValue(options) === null ? (stored ?? fresh) : fresh;
}

/** The lower bound of a run: the last value, with the lag off. Throws a ConfigError when the lag does not fit the value. */
export function startValue(options: IncrementalOptions, { last_value: lastValue }: IncrementalState): Json {
  const { lag, last_value_func: func } = options;
  if (!lag || lastValue === null || typeof func === 'function' || endValue(options) !== null) return lastValue;
  return applyLag({
    lag,
    lastValue,
    initialValue: initialValue(options),
    func: func ?? 'max',
    order: cursorOrder(options, textKind(lastValue)),
    cursorPath: options.cursor_path,
  });
}

/** What `{incremental.…}` placeholders stand for. */
export function incrementalValues(options: IncrementalOptions, bounds: IncrementalState): Record<string, Json> {
  const start = startValue(options, bounds);
  const attributes: Record<string, Json> = {
    // Bounds do not move during a run, so the last value is where it starts.
    start_value: sent(options, start),
    last_value: sent(options, start),
    initial_value: sent(options, initialValue(options)),
    end_value: sent(options, endValue(options)),
    cursor_path: options.cursor_path,
    row_order: options.row_order ?? null,
    lag: options.lag ?? null,
    on_cursor_value_missing: options.on_cursor_value_missing ?? 'raise',
    range_start: options.range_start ?? 'closed',
    range_end: options.range_end ?? 'open',
  };
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`incremental.${name}`, value]));
}

/** The query parameters that `start_param` and `end_param` name; null values are not sent. */
export function incrementalParams(options: IncrementalOptions, bounds: IncrementalState): Record<string, Json> {
  const { start_param: start, end_param: end } = options;
  return {
    ...(start ? { [start]: sent(options, startValue(options, bounds)) } : {}),
    ...(end ? { [end]: sent(options, endValue(options)) } : {}),
  };
}

/** A cursor value as it is sent: converted, when there is one to convert. */
function sent({ convert, cursor_path: cursorPath }: IncrementalOptions, value: Json): Json {
  if (value === null) return null;
  const plain = typeof value === 'string' ? (readTyped(value)?.text ?? value) : value;
  if (!convert) return plain;
  return callConfigured({ key: 'convert', cursorPath }, plain, (input) => convert(input as Parameters<typeof convert>[0]));
}
