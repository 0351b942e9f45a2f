import { asciiDigits } from './python-digits.ts';
import { pythonStrip } from './python-space.ts';

const INT = /^[+-]?\d+(?:_\d+)*$/;
const HEX = /^([+-]?)(?:0[xX]_?)?([0-9a-fA-F]+(?:_[0-9a-fA-F]+)*)$/;
const FLOAT = /^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+(?:_\d+)*)?$/;
const NOT_FINITE = /^([+-]?)(inf(?:inity)?|nan)$/i;
/** Python refuses to read integers of more digits. */
const MAX_DIGITS = 4300;

/** A text as Python's `int(text)` reads it: space around, a sign, `1_000`, digits of any script. */
export function pythonInt(text: string): bigint | undefined {
  const plain = asciiDigits(pythonStrip(text));
  if (plain.length > MAX_DIGITS || !INT.test(plain)) return undefined;
  const digits = plain.replaceAll('_', '');
  return digits.startsWith('+') ? BigInt(digits.slice(1)) : BigInt(digits);
}

/** A text as Python's `int(text, 16)` reads it. */
export function pythonHexInt(text: string): bigint | undefined {
  const match = HEX.exec(asciiDigits(pythonStrip(text)));
  if (!match) return undefined;
  const size = BigInt(`0x${(match[2] as string).replaceAll('_', '')}`);
  return match[1] === '-' ? -size : size;
}

/** A text as Python's `float(text)` reads it: `1e3`, `1_000`, `inf` and `nan` in any case. */
export function pythonFloatOf(text: string): number | undefined {
  const plain = asciiDigits(pythonStrip(text));
  if (FLOAT.test(plain)) return Number(plain.replaceAll('_', ''));
  const match = NOT_FINITE.exec(plain);
  if (!match) return undefined;
  const size = (match[2] as string).toLowerCase() === 'nan' ? Number.NaN : Number.POSITIVE_INFINITY;
  return match[1] === '-' ? -size : size;
}
