import { daysOf } from '../core/calendar.ts';
import { compareCodePoints } from '../core/python-order.ts';

/** A moment to any precision. */
export interface Instant {
  /** Since 1970-01-01T00:00:00 UTC. */
  readonly seconds: number;
  /** Digits of the fraction of a second, without zeros at the end. */
  readonly fraction: string;
}

/** A date with dashes and perhaps a time: `2024-01-31`, `2024-01-31 10:30`, `2024-01-31T10:30:00.123+02:00`. */
const EXTENDED =
  /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)(?:[T ](?<hour>\d\d)(?::(?<minute>\d\d)(?::(?<second>\d\d)(?:[.,](?<fraction>\d+))?)?)?(?: ?(?<zone>Z|UTC|GMT|[+-]\d\d(?::?\d\d)?))?)?$/i;
/** The same without dashes and colons: `20240131T103000Z`. A date alone would be a number. */
const BASIC =
  /^(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)T(?<hour>\d\d)(?:(?<minute>\d\d)(?:(?<second>\d\d)(?:[.,](?<fraction>\d+))?)?)?(?<zone>Z|[+-]\d\d(?::?\d\d)?)?$/i;
/** RFC 2822, and the two forms of RFC 9110 with a comma: `Wed, 31 Jan 2024 10:30:00 GMT`. */
const MAIL =
  /^(?:[a-z]{3,9}, *)?(?<day>\d{1,2})[ -](?<name>[a-z]{3})[ -](?<year>\d{4}|\d\d) (?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d))?(?: (?<zone>[a-z]{1,3}|[+-]\d{4})(?: \([^()]*\))?)?$/i;
/** C's: `Wed Jan 31 10:30:00 2024`, with the offset that some APIs put before the year. */
const ASCTIME =
  /^[a-z]{3} (?<name>[a-z]{3}) (?<day>[ \d]\d) (?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)(?: (?<zone>[a-z]{1,3}|[+-]\d{4}))? (?<year>\d{4})$/i;

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** Names of zones in RFC 2822, by hours. */
const ZONES: Readonly<Record<string, number>> = {
  z: 0,
  ut: 0,
  utc: 0,
  gmt: 0,
  est: -5,
  edt: -4,
  cst: -6,
  cdt: -5,
  mst: -7,
  mdt: -6,
  pst: -8,
  pdt: -7,
};

/**
 * Reads a date of ISO 8601, RFC 2822 or HTTP. Without an offset it is of UTC, and a date alone is its
 * midnight. `undefined` for any other text, numbers in texts among them.
 */
export function readInstant(text: string): Instant | undefined {
  const match = startsWithDigit(text)
    ? (EXTENDED.exec(text) ?? BASIC.exec(text) ?? MAIL.exec(text))
    : (MAIL.exec(text) ?? ASCTIME.exec(text));
  return match?.groups && instantOf(match.groups);
}

/** Negative, zero or positive, as the first is before, at or after the second. */
export function compareInstants(a: Instant, b: Instant): number {
  return a.seconds - b.seconds || compareCodePoints(a.fraction, b.fraction);
}

/**
 * True for two dates of one layout and one offset: `2024-01-31T10:30:00Z`, with a blank, a fraction or no
 * time as well. They are ordered as their texts are. Most rows are compared with such a pair.
 */
export function areAlike(a: string, b: string): boolean {
  const { length } = a;
  if (length !== b.length || length < 10 || (length > 10 && a.charCodeAt(10) !== b.charCodeAt(10))) return false;
  const end = zoneAt(a);
  if (end !== zoneAt(b) || !isStamp(a, end) || !isStamp(b, end)) return false;
  return length - end < 6 || a.endsWith(b.slice(end));
}

const PLUS = 0x2b;
const DASH = 0x2d;
const DOT = 0x2e;
const COLON = 0x3a;
const UPPER_Z = 0x5a;

/** Where `Z` or `+hh:mm` stands at the end of a time; the length of a text that has neither. */
function zoneAt(text: string): number {
  const { length } = text;
  if (text.charCodeAt(length - 1) === UPPER_Z) return length - 1;
  const sign = text.charCodeAt(length - 6);
  return length >= 25 && (sign === PLUS || sign === DASH) && text.charCodeAt(length - 3) === COLON ? length - 6 : length;
}

/** `yyyy-mm-dd`, or that with `hh:mm:ss` and perhaps a fraction and a zone, of a moment that there is. */
function isStamp(text: string, end: number): boolean {
  if (text.charCodeAt(4) !== DASH || text.charCodeAt(7) !== DASH) return false;
  const century = pair(text, 0);
  const year = pair(text, 2);
  if (century < 0 || year < 0 || daysOf(century * 100 + year, pair(text, 5), pair(text, 8)) === undefined) return false;
  return text.length === 10 || (isTime(text, end) && isZone(text, end));
}

function isTime(text: string, end: number): boolean {
  const separator = text.charCodeAt(10);
  if (end < 19 || (separator !== 0x54 && separator !== 0x20)) return false;
  if (text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON) return false;
  if (!isBelow(pair(text, 11), 24) || !isBelow(pair(text, 14), 60) || !isBelow(pair(text, 17), 60)) return false;
  if (end === 19) return true;
  if (end === 20 || text.charCodeAt(19) !== DOT) return false;
  for (let at = 20; at < end; at++) if (!isDigit(text.charCodeAt(at))) return false;
  return true;
}

function isZone(text: string, at: number): boolean {
  return text.length - at < 6 || (isBelow(pair(text, at + 1), 24) && isBelow(pair(text, at + 4), 60));
}

function isBelow(value: number, bound: number): boolean {
  return value >= 0 && value < bound;
}

/** The two digits at an offset, or -1. */
function pair(text: string, at: number): number {
  const tens = text.charCodeAt(at);
  const ones = text.charCodeAt(at + 1);
  return isDigit(tens) && isDigit(ones) ? (tens - 0x30) * 10 + ones - 0x30 : -1;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function startsWithDigit(text: string): boolean {
  return isDigit(text.charCodeAt(0));
}

type Groups = Readonly<Record<string, string | undefined>>;

function instantOf({
  year = '',
  month,
  name,
  day,
  hour = '0',
  minute = '0',
  second = '0',
  fraction = '',
  zone,
}: Groups): Instant | undefined {
  const days = daysOf(fullYear(year), name === undefined ? Number(month) : MONTHS.indexOf(name.toLowerCase()) + 1, Number(day));
  const offset = zone === undefined ? 0 : offsetOf(zone);
  if (days === undefined || offset === undefined) return undefined;
  // ISO 8601 knows the end of a day as 24:00 and leap seconds as 60.
  if (Number(minute) > 59 || Number(second) > 60 || Number(hour) > 24) return undefined;
  if (Number(hour) === 24 && /[1-9]/.test(minute + second + fraction)) return undefined;
  const seconds = days * 86_400 + Number(hour) * 3600 + (Number(minute) - offset) * 60 + Number(second);
  return { seconds, fraction: fraction.replace(/0+$/, '') };
}

/** Two digits are of the years 1950 to 2049, as RFC 2822 has it. */
function fullYear(digits: string): number {
  const year = Number(digits);
  return digits.length === 4 ? year : year + (year < 50 ? 2000 : 1900);
}

/** Minutes east of UTC. */
function offsetOf(zone: string): number | undefined {
  const match = /^([+-])(\d\d):?(\d\d)?$/.exec(zone);
  if (!match) {
    const hours = Object.hasOwn(ZONES, zone.toLowerCase()) ? ZONES[zone.toLowerCase()] : undefined;
    return hours === undefined ? undefined : hours * 60;
  }
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return Number(match[3] ?? 0) > 59 || minutes >= 1440 ? undefined : match[1] === '-' ? -minutes : minutes;
}
