import { epochMicros } from '../core/iso-value.ts';
import { parseIsoDatetime } from '../core/iso-datetime.ts';
import { type Json, JsonFloat } from '../core/json.ts';
import { compareCodePoints } from '../core/python-order.ts';
import { readTyped } from '../core/typed-json.ts';
import { compareDecimals } from './incremental-decimal.ts';
import { compareInstants, type Instant, readInstant } from './incremental-instant.ts';

/**
 * Orders two values of which one is a typed string of a state that dlt wrote: dates by their instants, with
 * texts too, numbers exactly. `undefined` where the two have no order.
 */
export function compareTyped(a: Json, b: Json): number | undefined {
  const left = momentOf(a);
  const right = momentOf(b);
  if (left && right) return compareInstants(left, right);
  const [x, y] = [numeralOf(a), numeralOf(b)];
  if (x !== undefined && y !== undefined) return compareDecimals(x, y);
  const [one, other] = [a, b].map((value) => (typeof value === 'string' ? readTyped(value) : undefined));
  return one && other && one.kind === other.kind ? compareCodePoints(one.text, other.text) : undefined;
}

function momentOf(value: Json): Instant | undefined {
  if (typeof value !== 'string') return undefined;
  const typed = readTyped(value);
  if (typed && typed.kind !== 'datetime' && typed.kind !== 'date') return undefined;
  const text = typed?.text ?? value;
  const known = readInstant(text);
  if (known) return known;
  const moment = parseIsoDatetime(text);
  if (moment === undefined || moment.kind === 'time') return undefined;
  const micros = BigInt(epochMicros(moment));
  const rest = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  return { seconds: Number((micros - rest) / 1_000_000n), fraction: String(rest).padStart(6, '0').replace(/0+$/, '') };
}

const NUMERAL = /^([+-]?)(\d+)(?:\.(\d+))?(?:e([+-]?\d{1,4}))?$/i;

/** A number without an exponent, as texts that are numbers are compared; `undefined` for what is none, or not finite. */
function numeralOf(value: Json): string | undefined {
  const match = NUMERAL.exec(numberText(value) ?? '');
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const point = whole.length + Number(exponent);
  const digits = `${'0'.repeat(Math.max(0, 1 - point))}${whole}${fraction}`.padEnd(point, '0');
  const split = Math.max(1, point);
  const rest = digits.slice(split);
  return `${sign === '-' ? '-' : ''}${digits.slice(0, split).replace(/^0+(?=\d)/, '')}${rest === '' ? '' : `.${rest}`}`;
}

function numberText(value: Json): string | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (value instanceof JsonFloat) return String(value.value);
  if (typeof value !== 'string') return undefined;
  const typed = readTyped(value);
  return typed?.kind === 'decimal' || typed?.kind === 'wei' ? typed.text : undefined;
}
