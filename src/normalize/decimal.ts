import { asciiDigits } from '../core/python-digits.ts';
import { pythonStrip } from '../core/python-space.ts';

/** The column that a decimal goes to. */
export interface DecimalTarget {
  readonly precision: number;
  readonly scale: number;
  /** Refuse what would have to be rounded. */
  readonly exact: boolean;
}

/** Digits that an int128 holds, and DuckDB's widest decimal. */
const MAX_PRECISION = 38;
const DECIMAL = /^([+-]?)(?=\d|\.\d)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/**
 * The unscaled value of a number that is written as Python's `Decimal` reads it: `1.50` is 150n at
 * scale 2. Digits beyond the scale are rounded, half away from zero, as DuckDB does it. `undefined`
 * for what is no finite number, does not fit, or is not exact where it must be.
 */
export function decimalOf(text: string, { precision, scale, exact }: DecimalTarget): bigint | undefined {
  const match = DECIMAL.exec(asciiDigits(pythonStrip(text)).replaceAll('_', ''));
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const all = whole + fraction;
  const leading = leadingZeros(all);
  const digits = all.slice(leading);
  if (digits === '') return 0n;
  // How many of the digits are kept: those before the point, and as many after it as the scale says.
  const kept = whole.length - leading + Number(exponent) + scale;
  if (kept > MAX_PRECISION) return undefined;
  const isExact = kept >= 0 && leadingZeros(digits.slice(kept)) === Math.max(digits.length - kept, 0);
  if (exact && !isExact) return undefined;
  if (kept < 0) return 0n;
  const cut = BigInt(digits.slice(0, kept).padEnd(kept, '0') || '0');
  const unscaled = (digits[kept] ?? '0') >= '5' ? cut + 1n : cut;
  return fits(sign === '-' ? -unscaled : unscaled, precision);
}

/** The unscaled value of an integer, {@link decimalOf} without a text. */
export function decimalOfInteger(value: number | bigint, { precision, scale }: DecimalTarget): bigint | undefined {
  return fits(BigInt(value) * 10n ** BigInt(scale), precision);
}

function fits(unscaled: bigint, precision: number): bigint | undefined {
  const limit = 10n ** BigInt(Math.min(precision, MAX_PRECISION));
  return unscaled > -limit && unscaled < limit ? unscaled : undefined;
}

function leadingZeros(digits: string): number {
  let count = 0;
  while (digits[count] === '0') count += 1;
  return count;
}
