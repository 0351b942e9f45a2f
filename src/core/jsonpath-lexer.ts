import { type Json, JsonFloat } from './json.ts';
import { JsonPathError } from './jsonpath-error.ts';

/** The words and signs of the dialect. `sort` is `/` or `\` with the comma before it. */
export type TokenKind = 'name' | 'quoted' | 'integer' | 'float' | 'function' | 'compare' | 'sort' | 'sign' | 'end';

/** One token. `text` is without quotes. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Position of the first character, from 1. */
  readonly column: number;
}

const BLANK = /[ \t\n]*/y;
/** Tried in this order; the first that matches is the token, however long the others would be. */
const RULES: readonly (readonly [TokenKind, RegExp])[] = [
  ['sort', /,?\s*[/\\]/y],
  ['name', /@?[a-zA-Z_][a-zA-Z0-9_@-]*/y],
  ['float', /-?\d+\.\d+/y],
  ['integer', /-?\d+/y],
  ['compare', /=~|==?|<=|>=|!=|<|>/y],
  ['sign', /\.\.|\|\||&&|[*.[\]()$,:|&?@+\-!]/y],
];
const QUOTES: Readonly<Record<string, TokenKind>> = { "'": 'quoted', '"': 'quoted', '`': 'function' };

/** Splits a path into tokens; the last one is `end`. */
export function tokenize(path: string): Token[] {
  const tokens: Token[] = [];
  let at = skipBlanks(path, 0);
  while (at < path.length) {
    const { token, end } = quotedToken(path, at) ?? plainToken(path, at);
    tokens.push(token);
    at = skipBlanks(path, end);
  }
  tokens.push({ kind: 'end', text: '', column: path.length + 1 });
  return tokens;
}

interface Lexed {
  readonly token: Token;
  readonly end: number;
}

function skipBlanks(path: string, at: number): number {
  BLANK.lastIndex = at;
  BLANK.test(path);
  return BLANK.lastIndex;
}

function plainToken(path: string, at: number): Lexed {
  for (const [kind, rule] of RULES) {
    rule.lastIndex = at;
    const text = rule.exec(path)?.[0];
    if (text === undefined) continue;
    return { token: { kind, text: kind === 'sort' ? text.slice(-1) : text, column: at + 1 }, end: at + text.length };
  }
  const char = String.fromCodePoint(path.codePointAt(at) as number);
  throw new JsonPathError(
    `unexpected character ${JSON.stringify(char)}`,
    at + 1,
    "put a key with special characters in quotes: data.'odd key'",
  );
}

/** A text in quotes or backquotes: a backslash takes the next character as it is. */
function quotedToken(path: string, start: number): Lexed | undefined {
  const quote = path[start] as string;
  const kind = QUOTES[quote];
  if (kind === undefined) return undefined;
  let text = '';
  for (let at = start + 1; at < path.length; at++) {
    const char = path[at] as string;
    if (char === quote) return { token: { kind, text, column: start + 1 }, end: at + 1 };
    if (char === '\\') at++;
    text += path[at] ?? '';
  }
  throw new JsonPathError(`the quote ${quote} is not closed`, start + 1, `close it with ${quote}`);
}

/** The value of an integer or float token, exact. */
export function numberLiteral({ kind, text }: Token): Json {
  const value = Number(text);
  if (kind === 'float') return Number.isInteger(value) ? new JsonFloat(value) : value;
  return Number.isSafeInteger(value) ? value : BigInt(text);
}
