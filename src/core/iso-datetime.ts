import { daysOf, FIRST_DAY, isLeapYear, LAST_DAY } from './calendar.ts';
import { parseCommonDatetime } from './loose-datetime.ts';
import type { IsoValue } from './iso-value.ts';

const PLUS = 0x2b;
const COMMA = 0x2c;
const DASH = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;
const SPACE = 0x20;
const LETTER_T = 0x54;
const LETTER_W = 0x57;
const LETTER_Z = 0x5a;

/**
 * Reads a text as dlt does to find timestamps: ISO 8601 of pendulum's grammar, then its `COMMON`
 * format. `undefined` for any other text. Meant to run on every text of every row: what does not
 * start like a date costs a comparison or two.
 */
export function parseIsoDatetime(text: string): IsoValue | undefined {
  const first = text.charCodeAt(0);
  // Python reads digits of other scripts too: the first of them is U+0660.
  if ((first < ZERO || first > 0x39) && first !== SPACE && first !== LETTER_T && !(first >= 0x660)) return undefined;
  return parseIso(text) ?? (first === LETTER_T ? undefined : parseCommonDatetime(text));
}

function parseIso(text: string): IsoValue | undefined {
  if (text.charCodeAt(0) === LETTER_T) return parseTime(text, 1, undefined);
  const century = pair(text, 0);
  if (century < 0) return undefined;
  if (text.charCodeAt(2) === COLON) return parseTime(text, 2, century);
  const rest = pair(text, 2);
  if (rest < 0) return undefined;
  const year = century * 100 + rest;
  return text.charCodeAt(4) === DASH ? extendedDate(text, year) : compactDate(text, year);
}

/** `YYYY-MM-DD`, `YYYY-MM`, `YYYY-DDD`, `YYYY-Www-D`, `YYYY-Www`, with the time that may follow. */
function extendedDate(text: string, year: number): IsoValue | undefined {
  if (text.charCodeAt(5) === LETTER_W) {
    const week = pair(text, 6);
    if (isDateEnd(text, 8)) return withTime(text, 8, weekDate(year, week, 1), true);
    return text.charCodeAt(8) === DASH ? withTime(text, 10, weekDate(year, week, digit(text, 9)), true) : undefined;
  }
  const month = pair(text, 5);
  if (month < 0) return undefined;
  if (text.charCodeAt(7) === DASH) return withTime(text, 10, daysOf(year, month, pair(text, 8)), true);
  if (isDateEnd(text, 7)) return withTime(text, 7, daysOf(year, month, 1), true);
  return withTime(text, 8, ordinalDate(year, month * 10, digit(text, 7)), true);
}

/** `YYYYMMDD`, `YYYYDDD`, `YYYYWwwD`, `YYYYWww`, with the time that may follow. */
function compactDate(text: string, year: number): IsoValue | undefined {
  if (text.charCodeAt(4) === LETTER_W) {
    const week = pair(text, 5);
    if (isDateEnd(text, 7)) return withTime(text, 7, weekDate(year, week, 1), false);
    return withTime(text, 8, weekDate(year, week, digit(text, 7)), false);
  }
  const month = pair(text, 4);
  const next = digit(text, 6);
  if (month < 0 || next < 0) return undefined;
  if (isDateEnd(text, 7)) return withTime(text, 7, ordinalDate(year, month * 10, next), false);
  const last = digit(text, 7);
  return last < 0 ? undefined : withTime(text, 8, daysOf(year, month, next * 10 + last), false);
}

function withTime(text: string, at: number, days: number | undefined, extended: boolean): IsoValue | undefined {
  if (days === undefined) return undefined;
  if (at === text.length) return { kind: 'date', days };
  if (!isDateEnd(text, at)) return undefined;
  const hour = pair(text, at + 1);
  if (hour < 0) return undefined;
  const time = readTime(text, at + 3, hour, extended);
  return time && { kind: 'timestamp', days, micros: time.micros, offset: time.offset };
}

/** A time alone: `at` is where the hour stands, or the colon after it when the hour is known. */
function parseTime(text: string, at: number, known: number | undefined): IsoValue | undefined {
  const hour = known ?? pair(text, at);
  if (hour < 0) return undefined;
  return readTime(text, known === undefined ? at + 2 : at, hour, known !== undefined);
}

/**
 * Reads what follows the hour, to the end of the text. Dates with dashes take times with colons;
 * compact ones take compact times, and `hh:mm`.
 */
function readTime(text: string, start: number, hour: number, extended: boolean): Extract<IsoValue, { kind: 'time' }> | undefined {
  let at = start;
  let minute = 0;
  let second = 0;
  let fraction = 0;
  if (!isTimeEnd(text, at)) {
    const colons = text.charCodeAt(at) === COLON;
    if (!colons && extended) return undefined;
    minute = pair(text, colons ? at + 1 : at);
    at += colons ? 3 : 2;
    if (!isTimeEnd(text, at)) {
      if (colons && (text.charCodeAt(at) !== COLON || !extended)) return undefined;
      second = pair(text, colons ? at + 1 : at);
      at += colons ? 3 : 2;
      const mark = text.charCodeAt(at);
      if (mark === DOT || mark === COMMA) {
        const digits = fractionDigits(text, at + 1);
        if (digits === 0) return undefined;
        fraction = microsOf(text, at + 1, digits);
        at += 1 + digits;
      }
    }
  }
  if (minute < 0 || second < 0 || hour > 23 || minute > 59 || second > 59) return undefined;
  const micros = ((hour * 60 + minute) * 60 + second) * 1_000_000 + fraction;
  if (at === text.length) return { kind: 'time', micros, offset: undefined };
  const offset = readOffset(text, at);
  return offset === undefined ? undefined : { kind: 'time', micros, offset };
}

/** `Z`, `±hh`, `±hhmm` or `±hh:mm` at the end of the text, in minutes. */
function readOffset(text: string, at: number): number | undefined {
  const sign = text.charCodeAt(at);
  if (sign === LETTER_Z) return at + 1 === text.length ? 0 : undefined;
  if (sign !== PLUS && sign !== DASH) return undefined;
  const hours = pair(text, at + 1);
  if (hours < 0) return undefined;
  let end = at + 3;
  if (text.charCodeAt(end) === COLON) end += 1;
  let minutes = 0;
  if (end < text.length) {
    minutes = pair(text, end);
    end += 2;
  }
  const offset = hours * 60 + minutes;
  if (minutes < 0 || end !== text.length || offset >= 1440) return undefined;
  return sign === PLUS ? offset : -offset;
}

function ordinalDate(year: number, tens: number, ones: number): number | undefined {
  const ordinal = tens + ones;
  if (ones < 0 || ordinal < 1 || ordinal > (isLeapYear(year) ? 366 : 365)) return undefined;
  const start = daysOf(year, 1, 1);
  return start === undefined ? undefined : start + ordinal - 1;
}

/** The day of an ISO week. pendulum takes week 0 and day 0 as well: the days before the first. */
function weekDate(year: number, week: number, weekday: number): number | undefined {
  const fourth = daysOf(year, 1, 4);
  if (fourth === undefined || week < 0 || weekday < 0 || weekday > 7) return undefined;
  if (week > 53 || (week === 53 && !isLongYear(year))) return undefined;
  // 1970-01-01 was a Thursday.
  const monday = fourth - ((((fourth + 3) % 7) + 7) % 7);
  const days = monday + (week - 1) * 7 + weekday - 1;
  return days < FIRST_DAY || days > LAST_DAY ? undefined : days;
}

/** True for the years with 53 weeks: those that start or end on a Thursday. */
function isLongYear(year: number): boolean {
  const last = (y: number) => (y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400)) % 7;
  return last(year) === 4 || last(year - 1) === 3;
}

/** The digit at an offset, or -1. */
function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - ZERO;
  return value >= 0 && value <= 9 ? value : -1;
}

/** The two digits at an offset, or -1. */
function pair(text: string, at: number): number {
  const tens = text.charCodeAt(at) - ZERO;
  const ones = text.charCodeAt(at + 1) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

function fractionDigits(text: string, start: number): number {
  let at = start;
  while (digit(text, at) >= 0) at += 1;
  return at - start;
}

/** The first six digits of a fraction as microseconds; more of them are cut off. */
function microsOf(text: string, start: number, digits: number): number {
  let value = 0;
  for (let i = 0; i < 6; i += 1) value = value * 10 + (i < digits ? digit(text, start + i) : 0);
  return value;
}

function isDateEnd(text: string, at: number): boolean {
  if (at === text.length) return true;
  const code = text.charCodeAt(at);
  return code === SPACE || code === LETTER_T;
}

function isTimeEnd(text: string, at: number): boolean {
  if (at === text.length) return true;
  const code = text.charCodeAt(at);
  return code === LETTER_Z || code === PLUS || code === DASH;
}
