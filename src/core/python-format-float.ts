import { type FormatSpec, type NumberText, signOf } from './python-format-spec.ts';
import { pythonFloat } from './python-text.ts';

/** A float as Python formats it, before it is filled: rounded half to even on its exact binary value. */
export function formatFloat(value: number, spec: FormatSpec): NumberText {
  const type = spec.type ?? '';
  if (!/^[eEfFgGn%]?$/.test(type)) throw new Error(`format \`${type}\` is not for a float`);
  if (type === 'n' && spec.grouping) throw new Error('grouping is not for format `n`');
  const text = Number.isFinite(value) ? finiteText(Math.abs(type === '%' ? value * 100 : value), type, spec) : pythonFloat(Math.abs(value));
  const cased = type === 'E' || type === 'F' || type === 'G' ? text.toUpperCase() : text;
  const negative = value < 0 || (Object.is(value, -0) && !spec.noNegativeZero);
  const hidden = negative && spec.noNegativeZero && !/[1-9]/.test(text);
  const [digits] = /^\d*/.exec(cased) as RegExpExecArray;
  return {
    sign: signOf(negative && !hidden, spec),
    prefix: '',
    digits: digits === '' ? cased : digits,
    rest: (digits === '' ? '' : cased.slice(digits.length)) + (type === '%' ? '%' : ''),
  };
}

function finiteText(value: number, type: string, { precision, alternate }: FormatSpec): string {
  switch (type.toLowerCase()) {
    case 'e':
      return exponential(value, precision ?? 6, alternate);
    case 'f':
    case '%':
      return fixed(value, precision ?? 6) + (alternate && precision === 0 ? '.' : '');
    case '':
      return precision === undefined ? shortest(value, alternate) : general(value, precision, { alternate, keepPoint: true });
    default:
      return general(value, precision ?? 6, { alternate, keepPoint: false });
  }
}

function shortest(value: number, alternate: boolean): string {
  const text = pythonFloat(value);
  return alternate && !text.includes('.') ? text.replace('e', '.e') : text;
}

/** The shorter of both notations; `keepPoint` is Python's format without a type, which stays a float. */
function general(value: number, precision: number, { alternate, keepPoint }: { alternate: boolean; keepPoint: boolean }): string {
  const digits = Math.max(precision, 1);
  const [mantissa, power] = exponential(value, digits - 1, alternate).split('e') as [string, string];
  const exponent = Number(power);
  if (exponent < -4 || exponent >= digits - (keepPoint ? 1 : 0)) return `${alternate ? mantissa : trimZeros(mantissa)}e${power}`;
  const text = fixed(value, digits - 1 - exponent);
  if (alternate) return text.includes('.') ? text : `${text}.`;
  const trimmed = trimZeros(text);
  return keepPoint && !trimmed.includes('.') ? `${trimmed}.0` : trimmed;
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function fixed(value: number, decimals: number): string {
  const digits = scaled(value, decimals).padStart(decimals + 1, '0');
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

function exponential(value: number, decimals: number, alternate: boolean): string {
  let exponent = value === 0 ? 0 : Number(value.toExponential().split('e')[1]);
  let digits = scaled(value, decimals - exponent).padStart(decimals + 1, '0');
  // Rounding may carry into one more digit: 9.99 becomes 10.
  if (digits.length > decimals + 1) digits = scaled(value, decimals - ++exponent);
  const point = decimals > 0 || alternate ? '.' : '';
  return `${digits[0]}${point}${digits.slice(1)}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** `value` times a power of ten as digits of an integer, ties to even. */
function scaled(value: number, power: number): string {
  const { mantissa, exponent } = binary(value);
  const numerator = mantissa * 2n ** BigInt(Math.max(exponent, 0)) * 10n ** BigInt(Math.max(power, 0));
  const denominator = 2n ** BigInt(Math.max(-exponent, 0)) * 10n ** BigInt(Math.max(-power, 0));
  const quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  const up = twice > denominator || (twice === denominator && quotient % 2n === 1n);
  return String(up ? quotient + 1n : quotient);
}

/** A double is `mantissa × 2^exponent`. */
function binary(value: number): { readonly mantissa: bigint; readonly exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const power = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  return power === 0 ? { mantissa: fraction, exponent: -1074 } : { mantissa: fraction | 0x10000000000000n, exponent: power - 1075 };
}
