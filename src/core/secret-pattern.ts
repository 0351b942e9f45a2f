import { wellFormed } from './well-formed.ts';

/** The ways in which a secret may be written: a list of its parts, each with all its spellings. */
export interface SecretPattern {
  readonly parts: readonly (readonly string[])[];
  /** The longest text that every way of writing holds, to look for first. May be empty. */
  readonly needle: string;
  /** Source of a regular expression for all of them; `captured` has a group for each part with several spellings. */
  source(captured: boolean): string;
}

/** What no encoding changes, or one character as often as it repeats: side by side they are written alike. */
const PART = /[A-Za-z0-9._-]+|(.)\1*/gsu;
const HTML: Readonly<Record<string, readonly string[]>> = {
  '&': ['&amp;', '&#38;', '&#x26;'],
  '<': ['&lt;', '&#60;', '&#x3c;'],
  '>': ['&gt;', '&#62;', '&#x3e;'],
  '"': ['&quot;', '&#34;', '&#x22;'],
  "'": ['&#39;', '&#x27;', '&apos;'],
};

/**
 * The ways in which an API may repeat a secret: as it is, in an address or a form, in JSON (also in
 * JSON inside of JSON) or in HTML, and any mixture of them.
 */
export function secretPattern(secret: string): SecretPattern {
  return patternOf((secret.match(PART) ?? []).map(spellingsOf));
}

/** The ways in which the base64 of a secret may be written: plain, for addresses, and in an address. */
export function base64Pattern(secret: string): SecretPattern {
  const text = Buffer.from(secret).toString('base64').replace(/=+$/, '');
  return patternOf((text.match(/[A-Za-z0-9]+|[+/]/g) ?? []).map((part) => BASE64[part] ?? [part]));
}

const BASE64: Readonly<Record<string, readonly string[]>> = {
  '+': ['+', '-', '%2B', '%2b', '%252B'],
  '/': ['/', '_', '%2F', '%2f', '%252F', '\\/'],
};

function patternOf(parts: readonly (readonly string[])[]): SecretPattern {
  const literals = parts.flatMap((part) => (part.length === 1 ? part : []));
  return {
    parts,
    needle: literals.reduce((longest, text) => (text.length > longest.length ? text : longest), ''),
    source: (captured) =>
      parts
        .map((part) =>
          part.length === 1 ? quoted(part[0] as string) : `(${captured ? '' : '?:'}${longestFirst(part).map(quoted).join('|')})`,
        )
        .join(''),
  };
}

function spellingsOf(part: string): readonly string[] {
  if (/^[A-Za-z0-9._-]/.test(part)) return [part];
  const char = String.fromCodePoint(part.codePointAt(0) as number);
  const times = part.length / char.length;
  return spellingsOfChar(char).map((spelling) => spelling.repeat(times));
}

function spellingsOfChar(char: string): readonly string[] {
  const percent = [...Buffer.from(wellFormed(char))].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
  const unicode = char
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
  const inJson = [inString(char), unicode, unicode.replace(/[a-f]/g, (digit) => digit.toUpperCase()), ...(char === '/' ? ['\\/'] : [])];
  const inAddress = [percent, percent.toLowerCase(), ...(char === ' ' ? ['+'] : [])];
  return [
    ...new Set([
      char,
      wellFormed(char),
      ...inAddress,
      ...inAddress.map((text) => text.replaceAll('%', '%25')),
      ...inJson,
      ...inJson.map(inString),
      ...(HTML[char] ?? []),
    ]),
  ];
}

function inString(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function longestFirst(part: readonly string[]): readonly string[] {
  return part.toSorted((a, b) => b.length - a.length);
}

function quoted(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
