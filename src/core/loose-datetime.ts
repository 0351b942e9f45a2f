import { daysOf } from './calendar.ts';
import type { IsoValue } from './iso-value.ts';
import { asciiDigits } from './python-digits.ts';

/** pendulum's `COMMON` format: a date with slashes, colons or nothing between, and a time of one or two digits a part. */
const COMMON =
  /^(?:(?<year>\d{4})(?:[/:]?(?<month>\d{2})[/:]?(?<day>\d{2}))?)?(?<time> ?(?<hour>\d{1,2}):(?<minute>\d{1,2})?(?::(?<second>\d{1,2}))?(?:[.|,](?<fraction>\d{1,9}))?)?$/;

/** How such a text starts: numbers and identifiers, which are many, seldom do. */
const START = /^(?:\d{4}(?:$|[ \d/:])|[ \d]\d?:| \d\d:)/;
const NOT_ASCII = /[^ -~]/;

/** Reads what dlt falls back to for dates that are not ISO 8601, `2024/01/01 10:30` or `1:2`. */
export function parseCommonDatetime(text: string): IsoValue | undefined {
  const ascii = NOT_ASCII.test(text) ? asciiDigits(text) : text;
  if (!START.test(ascii)) return undefined;
  const groups = COMMON.exec(ascii)?.groups;
  if (!groups) return undefined;
  const { year, month = '1', day = '1', time, hour, minute, second = '0', fraction = '' } = groups;
  let days: number | undefined;
  if (year !== undefined) {
    days = daysOf(Number(year), Number(month), Number(day));
    if (days === undefined) return undefined;
    if (time === undefined) return { kind: 'date', days };
  }
  // The format lets the minute out, but nothing reads such a time.
  if (minute === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const micros = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1_000_000 + Number(fraction.slice(0, 6).padEnd(6, '0'));
  return days === undefined ? { kind: 'time', micros, offset: undefined } : { kind: 'timestamp', days, micros, offset: undefined };
}
