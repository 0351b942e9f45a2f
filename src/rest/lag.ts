import { FIRST_DAY, LAST_DAY, MICROS_PER_DAY } from '../core/calendar.ts';
import { ConfigError } from '../core/errors.ts';
import { parseIsoDatetime } from '../core/iso-datetime.ts';
import { formatIso } from '../core/iso-value.ts';
import { type Json, JsonFloat } from '../core/json.ts';
import { readTyped, typed } from '../core/typed-json.ts';
import { type CursorOrder, kindOf } from './incremental-order.ts';
import { dateShape, type WallTime } from './lag-shape.ts';

/** A last value and how far before it the next run starts. */
export interface Lag {
  readonly lag: number;
  readonly lastValue: Json;
  /** Declares the unit, and is never crossed. */
  readonly initialValue: Json;
  /** `min`: later instead of earlier. */
  readonly func: 'max' | 'min';
  readonly order: CursorOrder;
  readonly cursorPath: string;
}

/**
 * The last value minus the lag (plus it for `min`), in the notation of the last value. Dates lag by
 * days and times by seconds, as the initial value says, or else the last value; numbers by units.
 */
export function applyLag(options: Lag): Json {
  const lagged = lagValue(options);
  const { initialValue, order } = options;
  return initialValue !== null && order.equals(order.pick(initialValue, lagged), initialValue) ? initialValue : lagged;
}

function lagValue(options: Lag): Json {
  const { lastValue: value } = options;
  const shift = options.func === 'max' ? -options.lag : options.lag;
  if (typeof value === 'boolean') return Math.trunc(Number(value) + shift);
  if (typeof value === 'bigint') return shiftInteger(value, shift);
  if (typeof value === 'number') return Number.isInteger(value) ? shiftInteger(BigInt(value), shift) : float(value + shift);
  if (value instanceof JsonFloat) return float(value.value + shift);
  if (typeof value === 'string') return lagText(value, shift, options) ?? refuse(options);
  return refuse(options);
}

function refuse({ cursorPath, lastValue }: Lag): never {
  throw new ConfigError(
    'lag_not_applicable',
    `\`lag\` cannot be taken off the last value of cursor \`${cursorPath}\`, ${kindOf(lastValue)} that is no date`,
    {
      hint: 'Remove `lag`, or use a cursor of numbers or ISO 8601 dates.',
      context: { cursor_path: cursorPath },
    },
  );
}

/** An integer stays one: Python cuts off what a fractional lag leaves. */
function shiftInteger(value: bigint, shift: number): Json {
  const shifted = Number.isInteger(shift) ? value + BigInt(shift) : BigInt(Math.trunc(Number(value) + shift));
  return Number.isSafeInteger(Number(shifted)) ? Number(shifted) : shifted;
}

function float(value: number): Json {
  return Number.isInteger(value) ? new JsonFloat(value) : value;
}

function lagText(text: string, shift: number, { initialValue, func }: Lag): Json | undefined {
  const stored = readTyped(text);
  const read = stored?.text ?? text;
  const shape = dateShape(read);
  const moment = parseMoment(read);
  if (!shape || !moment) return undefined;
  const declared = typeof initialValue === 'string' ? dateShape(readTyped(initialValue)?.text ?? initialValue) : undefined;
  const inDays = (declared ?? shape).isDate;
  const lagged = inDays ? shiftDays(moment, { shift, func, wholeDay: shape.isDate }) : shiftSeconds(moment, shift);
  if (lagged.days < FIRST_DAY || lagged.days > LAST_DAY) return undefined;
  return stored ? typed(stored.kind, typedText(lagged, shape.isDate)) : shape.write(lagged);
}

function parseMoment(text: string): WallTime | undefined {
  const value = parseIsoDatetime(/^\d{6}$/.test(text) ? `${text.slice(0, 4)}-${text.slice(4)}` : text);
  if (value === undefined || value.kind === 'time') return undefined;
  return value.kind === 'date' ? { days: value.days, micros: 0, offset: undefined } : value;
}

function shiftSeconds({ days, micros, offset }: WallTime, seconds: number): WallTime {
  return wallTime(days, micros + Math.round(seconds * 1_000_000), offset);
}

/** Microseconds beyond the day go on or back by days. */
function wallTime(days: number, micros: number, offset: number | undefined): WallTime {
  const more = Math.floor(micros / MICROS_PER_DAY);
  return { days: days + more, micros: micros - more * MICROS_PER_DAY, offset };
}

/** Days of a time go to the start of the lagged UTC day, or to its end for `min`, so that all of that day is in range. */
function shiftDays(
  { days, micros, offset }: WallTime,
  { shift, func, wholeDay }: { shift: number; func: 'max' | 'min'; wholeDay: boolean },
): WallTime {
  const toUtc = (offset ?? 0) * 60_000_000;
  const utc = wallTime(days, micros - toUtc, offset);
  const boundary = wholeDay || func === 'max' ? 0 : MICROS_PER_DAY - 1;
  return wallTime(utc.days + Math.floor(shift), boundary + toUtc, offset);
}

function typedText({ days, micros, offset }: WallTime, isDate: boolean): string {
  return formatIso(isDate ? { kind: 'date', days } : { kind: 'timestamp', days, micros, offset });
}
