import { isJsonObject, type Json, JsonFloat } from '../core/json.ts';
import { pythonFormat } from '../core/python-format.ts';
import { pythonStr } from '../core/python-text.ts';
import { TemplateError } from './templates-error.ts';
import { encodePathValue, encodeQueryValue, isAddress } from './templates-encode.ts';
import { parseTemplate, type Template, type TemplateField } from './templates-parse.ts';

export { TemplateError } from './templates-error.ts';
export { parseTemplate, type Template, type TemplateField, type TemplatePart } from './templates-parse.ts';

/** What placeholders stand for, by the whole text between the braces: `resources.posts.id`. */
export type TemplateValues = Readonly<Record<string, Json>>;

/** A template with its values in it. Throws a TemplateError when a value is missing or does not fit its format. */
export function expandText(template: Template, values: TemplateValues, options: { readonly encode?: 'path' } = {}): string {
  let out = '';
  for (const part of template.parts) {
    if (typeof part === 'string') out += part;
    else {
      const text = expandField(part, values);
      out += options.encode === undefined ? text : encodeInto(out, text);
    }
  }
  return out;
}

/** A value as a part of the address so far. A whole address or absolute path at the start is one already. */
function encodeInto(address: string, value: string): string {
  if (address === '' && isAddress(value)) return value;
  return address.includes('?') ? encodeQueryValue(value) : encodePathValue(value);
}

/**
 * All texts in a value, keys included, with their values in them. With `preserveTypes` a text that
 * is one placeholder and nothing else becomes the value itself (dlt does so in `json` only).
 */
export function expandJson(value: Json, values: TemplateValues, options: { readonly preserveTypes: boolean }): Json {
  if (typeof value === 'string') return expandString(value, values, options.preserveTypes);
  if (Array.isArray(value)) return value.map((item) => expandJson(item, values, options));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      keyText(expandString(key, values, options.preserveTypes), key),
      expandJson(item, values, options),
    ]),
  );
}

function expandString(text: string, values: TemplateValues, preserveTypes: boolean): Json {
  if (!text.includes('{') && !text.includes('}')) return text;
  const template = parseTemplate(text);
  const [part, ...more] = template.parts;
  const alone = typeof part === 'object' && more.length === 0 && part.conversion === undefined && part.spec === undefined;
  return preserveTypes && alone ? valueOf(part, values) : expandText(template, values);
}

/** A key as JSON writes it, whatever its type was. */
function keyText(key: Json, written: string): string {
  if (typeof key === 'string') return key;
  if (key === null || typeof key === 'boolean') return String(key);
  if (typeof key === 'object' && !(key instanceof JsonFloat))
    throw new TemplateError(`\`${written}\` gives a list or an object for a key`, 1);
  return pythonStr(key);
}

function expandField(part: TemplateField, values: TemplateValues): string {
  const value = valueOf(part, values);
  const spec = part.spec === undefined ? '' : expandText(part.spec, values);
  try {
    return pythonFormat(part.conversion === undefined ? value : convert(value, part.conversion), spec);
  } catch (error) {
    if (error instanceof TemplateError) throw error;
    throw new TemplateError(
      `the value of \`${part.field}\` cannot be written: ${(error as Error).message}`,
      part.column,
      'change the format',
    );
  }
}

function convert(value: Json, conversion: 'r' | 's' | 'a'): string {
  if (conversion === 's') return pythonStr(value);
  // In a list, everything is written as its repr.
  const repr = pythonStr([value]).slice(1, -1);
  return conversion === 'r' ? repr : repr.replace(/[^ -~]/gu, escapeCodePoint);
}

function escapeCodePoint(char: string): string {
  const code = char.codePointAt(0) as number;
  const [letter, width] = code < 0x100 ? (['x', 2] as const) : code < 0x10000 ? (['u', 4] as const) : (['U', 8] as const);
  return `\\${letter}${code.toString(16).padStart(width, '0')}`;
}

const INDEXED = /^(.+)\[([^\]]*)\]$/s;

/** The value of a placeholder: the one of its whole text, or an element of that of a shorter one. */
function valueOf({ field, column }: TemplateField, values: TemplateValues): Json {
  if (Object.hasOwn(values, field)) return values[field] as Json;
  const match = INDEXED.exec(field);
  if (!match) throw new TemplateError(`\`${field}\` has no value`, column, 'use a placeholder that the resource knows');
  const container = valueOf({ field: match[1] as string, column, conversion: undefined, spec: undefined }, values);
  const element = elementOf(container, match[2] as string);
  if (element === undefined) throw new TemplateError(`\`${field}\` has no value`, column, 'use an index that is there');
  return element;
}

function elementOf(container: Json, index: string): Json | undefined {
  if (isJsonObject(container)) return Object.hasOwn(container, index) ? container[index] : undefined;
  if (!/^\d+$/.test(index)) return undefined;
  if (typeof container === 'string') return Array.from(container)[Number(index)];
  return Array.isArray(container) ? container[Number(index)] : undefined;
}
