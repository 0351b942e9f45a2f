import { dateOf } from '../core/calendar.ts';

/** A point in time as a text gives it: a day since 1970, microseconds of that day, and the offset to UTC in minutes if it has one. */
export interface WallTime {
  readonly days: number;
  readonly micros: number;
  readonly offset: number | undefined;
}

/** How a text writes dates. */
export interface DateShape {
  /** It stands for whole days: a lag without another unit counts days. */
  readonly isDate: boolean;
  write(time: WallTime): string;
}

const DATETIME = /^\d{4}-\d{2}-\d{2}([T ])\d{2}(:\d{2}(:\d{2}(\.\d+)?)?)?(Z|[+-]\d{2}(:?)\d{2})?$/;
const DATES: readonly (readonly [RegExp, boolean, (days: number) => string])[] = [
  [/^\d{4}-\d{2}-\d{2}$/, true, (days) => isoDate(days)],
  [/^\d{8}$/, true, (days) => isoDate(days).replaceAll('-', '')],
  [/^\d{4}-\d{2}$/, false, (days) => isoDate(days).slice(0, 7)],
  [/^\d{6}$/, false, (days) => isoDate(days).slice(0, 7).replace('-', '')],
  [/^\d{4}$/, false, (days) => isoDate(days).slice(0, 4)],
  [/^\d{4}-\d{3}$/, false, ordinal],
  [/^\d{4}-W\d{2}$/, false, (days) => isoWeek(days).slice(0, 8)],
  [/^\d{4}-W\d{2}-\d$/, false, isoWeek],
];

/** The shape of a text that holds a date; `undefined` for other texts. */
export function dateShape(text: string): DateShape | undefined {
  const found = DATES.find(([pattern]) => pattern.test(text));
  if (found) return { isDate: found[1], write: ({ days }) => found[2](days) };
  const match = DATETIME.exec(text);
  if (!match) return undefined;
  const [, separator = 'T', minutes, seconds, fraction, zone, colon = ''] = match;
  return {
    isDate: false,
    write({ days, micros, offset }) {
      const clock = clockText(micros);
      const length = fraction ? 15 : seconds ? 8 : minutes ? 5 : 2;
      const end = zone === undefined || zone === 'Z' ? (zone ?? '') : offsetText(offset ?? 0, colon);
      return isoDate(days) + separator + clock.slice(0, length) + end;
    },
  };
}

/** `hh:mm:ss.ffffff`: dlt writes six digits, whatever the number of them was. */
function clockText(micros: number): string {
  const seconds = Math.floor(micros / 1_000_000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map((part) => digits(part, 2));
  return `${parts.join(':')}.${digits(micros % 1_000_000, 6)}`;
}

function offsetText(minutes: number, colon: string): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${digits(Math.floor(size / 60), 2)}${colon}${digits(size % 60, 2)}`;
}

function isoDate(days: number): string {
  const { year, month, day } = dateOf(days);
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`;
}

function ordinal(days: number): string {
  const { year } = dateOf(days);
  return `${digits(year, 4)}-${digits(days - firstDay(year) + 1, 3)}`;
}

/** `YYYY-Www-d`: a week belongs to the year of its Thursday. */
function isoWeek(days: number): string {
  const weekday = (((days + 3) % 7) + 7) % 7;
  const thursday = days - weekday + 3;
  const { year } = dateOf(thursday);
  return `${digits(year, 4)}-W${digits(Math.floor((thursday - firstDay(year)) / 7) + 1, 2)}-${weekday + 1}`;
}

function firstDay(year: number): number {
  return Math.floor(Date.UTC(year, 0, 1) / 86_400_000);
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
