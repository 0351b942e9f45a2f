import { FIRST_DAY, LAST_DAY, MICROS_PER_DAY } from '../core/calendar.ts';
import { parseIsoDatetime } from '../core/iso-datetime.ts';
import { epochMicros } from '../core/iso-value.ts';
import { pythonFloatOf } from '../core/python-number.ts';

const SECONDS_PER_DAY = 86_400;

/** The moment that a text tells: an ISO timestamp, a date (its midnight), or seconds since 1970. Without an offset it is UTC. */
export function microsOfText(text: string): number | bigint | undefined {
  const parsed = parseIsoDatetime(text);
  if (parsed) return parsed.kind === 'time' ? undefined : epochMicros(parsed);
  const seconds = pythonFloatOf(text);
  return seconds === undefined ? undefined : microsOfNumber(seconds);
}

/** The moment so many seconds after 1970, rounded to microseconds as Python does it; `undefined` outside its years. */
export function microsOfNumber(seconds: number): number | bigint | undefined {
  if (!(seconds >= FIRST_DAY * SECONDS_PER_DAY && seconds < (LAST_DAY + 1) * SECONDS_PER_DAY)) return undefined;
  const whole = Math.trunc(seconds);
  const fraction = roundHalfEven((seconds - whole) * 1_000_000);
  const micros = whole * 1_000_000 + fraction;
  return Number.isSafeInteger(micros) ? micros : BigInt(whole) * 1_000_000n + BigInt(fraction);
}

/** Microseconds since midnight, in UTC, of an ISO time; `undefined` for any other text. */
export function timeOfText(text: string): number | undefined {
  const parsed = parseIsoDatetime(text);
  if (parsed?.kind !== 'time') return undefined;
  const micros = parsed.micros - (parsed.offset ?? 0) * 60_000_000;
  return ((micros % MICROS_PER_DAY) + MICROS_PER_DAY) % MICROS_PER_DAY;
}

function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
