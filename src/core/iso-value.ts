import { dateOf, MICROS_PER_DAY } from './calendar.ts';

/**
 * A date or time that a text holds, as it stands there: `days` since 1970-01-01, `micros` since
 * midnight, and the offset to UTC in minutes, `undefined` when none is given.
 */
export type IsoValue = IsoTimestamp | IsoDate | IsoTime;

/** A date with a time. */
export interface IsoTimestamp {
  readonly kind: 'timestamp';
  readonly days: number;
  readonly micros: number;
  readonly offset: number | undefined;
}

/** A date alone. */
export interface IsoDate {
  readonly kind: 'date';
  readonly days: number;
}

/** A time of day alone. */
export interface IsoTime {
  readonly kind: 'time';
  readonly micros: number;
  readonly offset: number | undefined;
}

/** Microseconds since 1970-01-01T00:00:00 UTC, a bigint beyond safe integers. Without an offset it is a time of UTC. */
export function epochMicros(value: IsoTimestamp | IsoDate): number | bigint {
  const rest = value.kind === 'date' ? 0 : value.micros - (value.offset ?? 0) * 60_000_000;
  const micros = value.days * MICROS_PER_DAY + rest;
  return Number.isSafeInteger(micros) ? micros : BigInt(value.days) * BigInt(MICROS_PER_DAY) + BigInt(rest);
}

/** The timestamp in UTC that is so many microseconds after 1970-01-01T00:00:00. */
export function timestampOf(micros: number | bigint): IsoTimestamp {
  const days = dayOfMicros(micros);
  return { kind: 'timestamp', days, micros: Number(BigInt(micros) - BigInt(days) * BigInt(MICROS_PER_DAY)), offset: 0 };
}

/** The day, since 1970, that a moment falls on in UTC. */
export function dayOfMicros(micros: number | bigint): number {
  if (typeof micros === 'number') return Math.floor(micros / MICROS_PER_DAY);
  const day = BigInt(MICROS_PER_DAY);
  return Number((micros - (((micros % day) + day) % day)) / day);
}

/** The value as Python's `isoformat()` writes it: `2024-01-01T10:30:00.500000+00:00`, `2024-01-01`, `10:30:00`. */
export function formatIso(value: IsoValue): string {
  const date = value.kind === 'time' ? '' : isoDate(value.days);
  if (value.kind === 'date') return date;
  return `${date}${value.kind === 'time' ? '' : 'T'}${isoTime(value.micros)}${value.offset === undefined ? '' : isoOffset(value.offset)}`;
}

const digits = (value: number, width: number): string => String(value).padStart(width, '0');

function isoDate(days: number): string {
  const { year, month, day } = dateOf(days);
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`;
}

function isoTime(micros: number): string {
  const seconds = Math.floor(micros / 1_000_000);
  const fraction = micros % 1_000_000;
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map((part) => digits(part, 2)).join(':');
  return fraction === 0 ? clock : `${clock}.${digits(fraction, 6)}`;
}

function isoOffset(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${digits(Math.floor(size / 60), 2)}:${digits(size % 60, 2)}`;
}
