import { JsonFloat, type Json } from './json.ts';
import { type Notation, renderNested } from './render-nested.ts';

/** A float as Python's `repr` and `str` write it: `1.0`, `1e+16`, `1e-05`, `inf`, `nan`. */
export function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-4 && size < 1e16)) return positional(value);
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
}

/** A float as orjson writes it: `1.0`, `1e16`, `0.00001`, `1e-6`; `null` for what is not finite. */
export function orjsonFloat(value: number): string {
  if (!Number.isFinite(value)) return 'null';
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-5 && size < 1e16)) return positional(value);
  return value.toExponential().replace('+', '');
}

/** JavaScript and Python both print the fewest digits that read back as the same double. */
function positional(value: number): string {
  if (Object.is(value, -0)) return '-0.0';
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** A value as Python's `str()` writes it: `True`, `None`, `1.0`, text as it is, lists and objects as their `repr`. */
export function pythonStr(value: Json): string {
  return typeof value === 'string' ? value : renderNested(value, repr);
}

const repr: Notation = {
  scalar(value) {
    if (typeof value === 'string') return stringRepr(value);
    if (value === null) return 'None';
    if (typeof value === 'boolean') return value ? 'True' : 'False';
    if (value instanceof JsonFloat) return pythonFloat(value.value);
    return typeof value === 'number' && !Number.isInteger(value) ? pythonFloat(value) : String(value);
  },
  key: stringRepr,
  keysOf: Object.keys,
  comma: ', ',
  colon: ': ',
};

/** What `str.isprintable` of Python refuses, and what a repr escapes. */
const UNPRINTABLE = /[\\\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;
const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function stringRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(UNPRINTABLE, (char) => SHORT_ESCAPES[char] ?? codePointEscape(char.codePointAt(0) as number));
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}

function codePointEscape(code: number): string {
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
