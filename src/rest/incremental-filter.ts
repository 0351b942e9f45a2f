import { isDeepStrictEqual } from 'node:util';
import { ResponseError } from '../core/errors.ts';
import { type Json, JsonFloat } from '../core/json.ts';
import { compileJsonPath } from '../core/jsonpath.ts';
import type { Row } from '../core/source.ts';
import type { IncrementalState } from '../core/state.ts';
import { boundaryRows } from './incremental-dedup.ts';
import { type DedupKey, endValue, type IncrementalOptions } from './incremental-options.ts';
import { CursorOrderError, cursorOrder, isPlainText, kindOf } from './incremental-order.ts';
import { type TextKind, textKind } from './incremental-text-order.ts';
import { startValue } from './incremental.ts';

/** Sees the rows of one walk, in order: which of them are new, and where the cursor is after them. */
export interface CursorFilter {
  /** True for a row to load. Throws a ResponseError for a row without a cursor value that can be used. */
  keep(row: Row): boolean;
  /** True once `row_order` says that no later page can hold a wanted row. */
  readonly exhausted: boolean;
  /** The cursor after the rows so far, as it is stored; `undefined` with an end value. */
  progress(): IncrementalState | undefined;
  /** All that is remembered of the rows so far; `undefined` before the first. */
  snapshot(): Json | undefined;
}

/** What a filter remembers, as its snapshot has it. */
interface Memory {
  /** What texts are ordered as; absent before the first value. */
  readonly kind?: TextKind;
  readonly last: Json;
  /** Hashes of the rows at `last`. */
  readonly hashes?: readonly string[];
  /** A row was kept. */
  readonly passed: boolean;
  readonly beforeStart: boolean;
  readonly afterEnd: boolean;
}

/** What a filter is made from. */
export interface CursorFilterOptions {
  readonly options: IncrementalOptions;
  /** As `freezeBounds` gave them. */
  readonly bounds: IncrementalState;
  /** The resource's primary key, taken when the incremental has none. */
  readonly primaryKey?: DedupKey | undefined;
  readonly resource: string;
  /** What a filter of the same walk remembered: this one goes on after its rows. */
  readonly snapshot?: Json | undefined;
}

/** Makes the filter of one walk. Each row is judged as dlt judges it (`dataset-layout`, incremental, per-row algorithm). */
export function createCursorFilter({ options, bounds, primaryKey, resource, snapshot }: CursorFilterOptions): CursorFilter {
  const cursor = compileJsonPath(options.cursor_path);
  const start = startValue(options, bounds);
  const end = endValue(options);
  const missing = options.on_cursor_value_missing ?? 'raise';
  const key = options.primary_key ?? primaryKey;
  const before = snapshot as Memory | undefined;
  const boundary = dedups(options, key)
    ? boundaryRows({ stored: bounds.unique_hashes, current: before?.hashes, key, resource, cursorPath: options.cursor_path })
    : undefined;
  const fail = cursorErrors(options, resource);
  let kind = before?.kind;
  let order = cursorOrder(options, kind ?? textKind(bounds.last_value));
  let { last, passed, beforeStart, afterEnd }: Memory = before ?? { last: start, passed: false, beforeStart: false, afterEnd: false };
  let seen = before !== undefined;

  /** The last value of earlier runs says what texts are; where there is none, the first value of a row does. */
  function settleKind(first: Json): void {
    kind = textKind(isDeepStrictEqual(bounds.last_value, bounds.initial_value) ? first : bounds.last_value);
    order = cursorOrder(options, kind);
  }

  /** Calls of the order; what cannot be ordered is told with the bound that it was compared with. */
  function compared<T>(value: Json, bound: Json, boundName: string, compare: () => T): T {
    try {
      return compare();
    } catch (error) {
      if (error instanceof CursorOrderError) throw fail.mismatch(value, bound, boundName);
      throw error;
    }
  }

  function isBeyondEnd(value: Json): boolean {
    if (end === null) return false;
    return compared(value, end, 'end_value', () => {
      if (!order.equals(order.pick(value, end), end)) return true;
      return options.range_end !== 'closed' && order.equals(order.alone(value), end);
    });
  }

  /** A row that does not move the last value: it is older, or at the boundary. */
  function keepOld(row: Row, value: Json): boolean {
    const own = order.alone(value);
    const atStart = order.equals(own, start);
    const isOld =
      (atStart && options.range_start === 'open') || (!atStart && start !== null && order.equals(order.pick(value, start), start));
    if (isOld) {
      beforeStart = true;
      return false;
    }
    // More rows at the start may follow a known one, on this page or the next.
    if (atStart && start !== null && boundary?.wasLoaded(row)) return false;
    if (order.equals(own, last)) boundary?.add(row);
    return true;
  }

  function keepValue(row: Row, value: Json): boolean {
    if (kind === undefined) settleKind(value);
    if (isBeyondEnd(value)) {
      afterEnd = true;
      return false;
    }
    return compared(value, last, 'last value', () => {
      const next = last === null ? order.alone(value) : order.pick(value, last);
      if (order.equals(last, next)) {
        const kept = keepOld(row, value);
        // The same value in another notation.
        if (isPlainText(next) && isPlainText(last)) last = next;
        return kept;
      }
      last = next;
      boundary?.restart(row);
      return true;
    });
  }

  function keepRow(row: Row): boolean {
    if (row === null) return false;
    const value = cursor.first(row);
    if (value !== undefined && !isNull(value)) return keepValue(row, value);
    if (missing === 'raise') throw fail.missing(value !== undefined);
    return missing === 'include';
  }

  return {
    keep(row) {
      seen = true;
      const kept = keepRow(row);
      passed ||= kept;
      return kept;
    },
    get exhausted() {
      return (options.row_order === 'asc' && afterEnd) || (options.row_order === 'desc' && beforeStart);
    },
    progress() {
      if (end !== null) return undefined;
      if (!seen) return bounds;
      const stored = bounds.last_value;
      return {
        initial_value: bounds.initial_value,
        // The lag must not take the last value back.
        last_value: options.lag && stored !== null && last !== null ? order.pick(last, stored) : last,
        unique_hashes: boundary?.hashes() ?? [],
        start_value: passed ? stored : bounds.start_value,
      };
    },
    snapshot() {
      if (!seen) return undefined;
      return { last, passed, beforeStart, afterEnd, ...(kind !== undefined && { kind }), ...(boundary && { hashes: boundary.hashes() }) };
    },
  };
}

/** A number that is too large to be one is loaded as null, too. */
function isNull(value: Json): boolean {
  return value === null || (value instanceof JsonFloat && !Number.isFinite(value.value));
}

/** Rows at the boundary are told apart only where the next run starts exactly at the last value. */
function dedups(options: IncrementalOptions, key: DedupKey | undefined): boolean {
  if (options.range_start === 'open' || endValue(options) !== null) return false;
  if (options.lag && typeof options.last_value_func !== 'function') return false;
  return typeof key === 'function' || key === undefined || key.length > 0;
}

function cursorErrors(options: IncrementalOptions, resource: string) {
  const path = options.cursor_path;
  const context = { resource, cursor_path: path };
  return {
    missing: (isNull: boolean) =>
      isNull
        ? new ResponseError('cursor_value_null', `A row of resource "${resource}" has null at the cursor path \`${path}\``, {
            hint: 'Set `on_cursor_value_missing` to `include` or `exclude` to load or leave out such rows.',
            context,
          })
        : new ResponseError('cursor_value_missing', `A row of resource "${resource}" has no value at the cursor path \`${path}\``, {
            hint: 'Correct `cursor_path`, with names as the API sends them, or set `on_cursor_value_missing` to `include` or `exclude`.',
            context,
          }),
    mismatch: (value: Json, bound: Json, name: string) =>
      new ResponseError(
        'cursor_type_mismatch',
        `The cursor value at \`${path}\` in a row of resource "${resource}" is ${kindOf(value)}, but the ${name} is ${kindOf(bound)}`,
        { hint: 'Write initial and end value as the rows have them, or convert the rows with `map`.', context },
      ),
  };
}
