import { compareCodePoints } from '../core/python-order.ts';

/** Zero padded numbers are identifiers of one width, so they stay texts; so do exponents. */
const DECIMAL = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?$/;

/** A number in a text, of any length: its sign, whole digits without zeros before them and fraction without zeros behind it. */
interface Decimal {
  readonly negative: boolean;
  readonly whole: string;
  readonly fraction: string;
}

/** True for a text that is a number: `9`, `-0.50`, `18446744073709551617`. */
export function isDecimal(text: string): boolean {
  return DECIMAL.test(text);
}

/**
 * Orders texts that are numbers by their size, exactly. Other texts stand among them by their length and
 * then by code point, as whole numbers do: one order for identifiers of one width, of which some are
 * digits alone.
 */
export function compareDecimals(a: string, b: string): number {
  if (a === b) return 0;
  if (a.length === b.length && !isSplit(a) && !isSplit(b)) return compareCodePoints(a, b);
  const left = readDecimal(a);
  const right = readDecimal(b);
  if (left.negative !== right.negative) return left.negative ? -1 : 1;
  const size =
    left.whole.length - right.whole.length ||
    compareCodePoints(left.whole, right.whole) ||
    compareCodePoints(left.fraction, right.fraction);
  return left.negative ? -size : size;
}

function isSplit(text: string): boolean {
  return text.charCodeAt(0) === 0x2d || text.includes('.');
}

function readDecimal(text: string): Decimal {
  const match = DECIMAL.exec(text);
  if (!match) return { negative: false, whole: text, fraction: '' };
  const [, sign, whole = '', digits = ''] = match;
  const fraction = digits.replace(/0+$/, '');
  return { negative: sign === '-' && (whole !== '0' || fraction !== ''), whole, fraction };
}
