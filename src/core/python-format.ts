import { type Json, JsonFloat } from './json.ts';
import { formatFloat } from './python-format-float.ts';
import { type FormatSpec, type NumberText, parseFormatSpec, signOf } from './python-format-spec.ts';
import { pythonStr } from './python-text.ts';

/** A value as Python's `format(value, spec)` writes it. Throws an Error where Python does. */
export function pythonFormat(value: Json, text: string): string {
  if (text === '') return pythonStr(value);
  const spec = parseFormatSpec(text);
  if (typeof value === 'string') return formatText(value, spec);
  if (typeof value === 'boolean') return formatInteger(value ? 1n : 0n, spec);
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))) return formatInteger(BigInt(value), spec);
  if (typeof value === 'number') return pad(formatFloat(value, spec), spec, '>');
  if (value instanceof JsonFloat) return pad(formatFloat(value.value, spec), spec, '>');
  throw new Error(`${value === null ? 'null' : Array.isArray(value) ? 'a list' : 'an object'} takes no format`);
}

function formatText(value: string, spec: FormatSpec): string {
  if (spec.type !== undefined && spec.type !== 's') throw new Error(`format \`${spec.type}\` is not for a text`);
  if (spec.align === '=' || spec.sign || spec.alternate || spec.grouping || spec.noNegativeZero) {
    throw new Error('signs, grouping and = are not for a text');
  }
  const chars = Array.from(value);
  return pad(
    { sign: '', prefix: '', digits: chars.slice(0, spec.precision ?? chars.length).join(''), rest: '' },
    { ...spec, zero: false },
    '<',
  );
}

const RADIX: Readonly<Record<string, readonly [number, string]>> = { b: [2, '0b'], o: [8, '0o'], x: [16, '0x'], X: [16, '0X'] };

function formatInteger(value: bigint, spec: FormatSpec): string {
  const type = spec.type ?? 'd';
  if (/[eEfFgG%]/.test(type)) return pad(formatFloat(Number(value), spec), spec, '>');
  if (spec.precision !== undefined) throw new Error('a precision is not for an integer');
  if (spec.noNegativeZero) throw new Error('z is not for an integer');
  if (spec.grouping && (type === 'c' || type === 'n')) throw new Error(`grouping is not for format \`${type}\``);
  if (type === 'c' && (spec.sign || spec.alternate)) throw new Error('signs and # are not for format `c`');
  if (type === 'c') return pad({ sign: '', prefix: '', digits: String.fromCodePoint(Number(value)), rest: '' }, spec, '>');
  const [radix, prefix] = type === 'd' || type === 'n' ? [10, ''] : (RADIX[type] ?? fail(type));
  if (spec.grouping === ',' && radix !== 10) throw new Error(`, is not for format \`${type}\``);
  const digits = (value < 0n ? -value : value).toString(radix);
  return pad(
    {
      sign: signOf(value < 0n, spec),
      prefix: spec.alternate ? prefix : '',
      digits: type === 'X' ? digits.toUpperCase() : digits,
      rest: '',
    },
    spec,
    '>',
    radix === 10 ? 3 : 4,
  );
}

function fail(type: string): never {
  throw new Error(`format \`${type}\` is not for a number`);
}

function pad(text: NumberText, spec: FormatSpec, otherwise: '<' | '>', groupSize = 3): string {
  const align = spec.align ?? (spec.zero ? '=' : otherwise);
  const { sign, prefix, rest } = text;
  let digits = grouped(text.digits, spec.grouping, groupSize);
  const lengthOf = () => Array.from(sign + prefix + digits + rest).length;
  if (align === '=' && spec.fill === '0' && spec.grouping) {
    for (let zeros = text.digits; lengthOf() < spec.width; digits = grouped(zeros, spec.grouping, groupSize)) zeros = `0${zeros}`;
  }
  const missing = Math.max(0, spec.width - lengthOf());
  const left = align === '<' ? 0 : align === '^' ? Math.floor(missing / 2) : missing;
  const before = spec.fill.repeat(left);
  const after = spec.fill.repeat(missing - left);
  return align === '=' ? sign + prefix + before + digits + rest : before + sign + prefix + digits + rest + after;
}

function grouped(digits: string, separator: string | undefined, size: number): string {
  if (!separator) return digits;
  const groups: string[] = [];
  for (let end = digits.length; end > 0; end -= size) groups.unshift(digits.slice(Math.max(0, end - size), end));
  return groups.join(separator);
}
