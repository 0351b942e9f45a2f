import { TemplateError } from './templates-error.ts';

/** A text with placeholders, in the syntax of Python's `str.format`. */
export interface Template {
  readonly text: string;
  readonly parts: readonly TemplatePart[];
}

/** Literal text, with doubled braces made single, or a placeholder. */
export type TemplatePart = string | TemplateField;

/** One `{field!conversion:spec}`. */
export interface TemplateField {
  readonly field: string;
  readonly conversion: Conversion | undefined;
  /** The format specification, which may hold placeholders itself. */
  readonly spec: Template | undefined;
  /** Where the brace stands, from 1. */
  readonly column: number;
}

/** How a value becomes a text before it is formatted: `repr`, `str` or `ascii` of Python. */
export type Conversion = 'r' | 's' | 'a';

const DOUBLE = 'double braces that are meant as such: {{ and }}';
const parsed = new Map<string, Template>();
const MOST_KEPT = 1000;

/** Reads a template. Throws a TemplateError for braces without a partner. */
export function parseTemplate(text: string): Template {
  const known = parsed.get(text);
  if (known) return known;
  const template = readTemplate(text, 0);
  if (parsed.size >= MOST_KEPT) parsed.clear();
  parsed.set(text, template);
  return template;
}

/** `offset` is where `text` stands in the whole template, whose columns errors name. */
function readTemplate(text: string, offset: number): Template {
  const parts: TemplatePart[] = [];
  let literal = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (char !== '{' && char !== '}') literal += char;
    else if (text[at + 1] === char) literal += text[at++];
    else {
      if (char === '}') throw new TemplateError('there is a `}` without a `{`', offset + at + 1, DOUBLE);
      if (literal !== '') parts.push(literal);
      literal = '';
      const { field, end } = readField(text, at, offset);
      parts.push(field);
      at = end;
    }
  }
  if (literal !== '') parts.push(literal);
  return { text, parts };
}

/** Reads the placeholder whose `{` stands at `start`; `end` is where its `}` stands. */
function readField(text: string, start: number, offset: number): { readonly field: TemplateField; readonly end: number } {
  const column = offset + start + 1;
  const nameEnd = endOfName(text, start + 1, offset);
  let at = nameEnd;
  let conversion: Conversion | undefined;
  if (text[at] === '!') {
    conversion = readConversion(text, at + 1, offset);
    at += 2;
  }
  let spec: Template | undefined;
  if (text[at] === ':') {
    const end = endOfSpec(text, at + 1);
    if (end > at + 1) spec = readTemplate(text.slice(at + 1, end), offset + at + 1);
    at = end;
  }
  if (text[at] !== '}') throw new TemplateError('a `{` is not closed', column, DOUBLE);
  return { field: { field: text.slice(start + 1, nameEnd), conversion, spec, column }, end: at };
}

/** Where a name ends: at `!`, `:` or `}` outside of square brackets. */
function endOfName(text: string, start: number, offset: number): number {
  let at = start;
  while (at < text.length && !'!:}'.includes(text[at] as string)) {
    if (text[at] === '{') throw new TemplateError('there is a `{` inside of a placeholder', offset + at + 1, DOUBLE);
    if (text[at] === '[') while (at < text.length && text[at] !== ']') at++;
    at++;
  }
  return at;
}

function readConversion(text: string, at: number, offset: number): Conversion {
  const letter = text[at];
  if (letter !== 'r' && letter !== 's' && letter !== 'a')
    throw new TemplateError('there is no such conversion', offset + at + 1, 'write !r, !s or !a');
  return letter;
}

/** A format may hold placeholders: its own `}` is the one that is left over. */
function endOfSpec(text: string, start: number): number {
  let open = 1;
  for (let at = start; at < text.length; at++) {
    if (text[at] === '{') open++;
    else if (text[at] === '}' && --open === 0) return at;
  }
  return text.length;
}
