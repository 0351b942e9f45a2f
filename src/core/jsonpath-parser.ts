import type { ArithmeticOperator, Operand, PathNode, SortKey } from './jsonpath-ast.ts';
import { parseFilter } from './jsonpath-filter-parser.ts';
import { parseFunction } from './jsonpath-functions.ts';
import { numberLiteral, type Token } from './jsonpath-lexer.ts';
import { JsonPathTokens, RESERVED } from './jsonpath-tokens.ts';

/**
 * How tightly the signs between two paths bind. The order is jsonpath-ng's and odd: `|` binds more
 * tightly than `.`, so unions of longer paths need parentheses.
 */
const BINDING: ReadonlyMap<string, number> = new Map([
  ['+', 1],
  ['-', 1],
  ['*', 2],
  ['..', 4],
  ['.', 5],
  ['|', 6],
  ['&', 7],
  ['where', 8],
  ['wherenot', 9],
]);
const BRACKET = 0;
const NONE = -1;

/** Reads a path in the dialect of `jsonpath_ng.ext`. Throws a JsonPathError. */
export function parseJsonPath(text: string): PathNode {
  const tokens = new JsonPathTokens(text);
  const node = parsePath(tokens, NONE);
  return tokens.next.kind === 'end' ? node : tokens.fail();
}

/** A path with all that follows it and binds more tightly than `binding`. */
function parsePath(tokens: JsonPathTokens, binding: number): PathNode {
  return parseRest(tokens, parseStep(tokens), binding);
}

function parseRest(tokens: JsonPathTokens, start: PathNode, binding: number): PathNode {
  let left = start;
  for (;;) {
    if (bindingOf(tokens.next) > binding) left = parseBinary(tokens, left);
    else if (tokens.at('[') && BRACKET >= binding) left = { kind: 'child', left, right: parseBracket(tokens, true) };
    else return left;
  }
}

function bindingOf({ kind, text }: Token): number {
  return kind === 'sign' || kind === 'name' ? (BINDING.get(text) ?? NONE) : NONE;
}

function parseBinary(tokens: JsonPathTokens, left: PathNode): PathNode {
  if (tokens.at('&')) tokens.fail('write && between the conditions of a filter; paths have no intersection');
  const binding = bindingOf(tokens.next);
  const { text } = tokens.take();
  switch (text) {
    case '+':
    case '-':
    case '*':
      return { kind: 'arithmetic', left: operand(left), operator: text, right: parseRightOperand(tokens) };
    case 'where':
    case 'wherenot':
      return { kind: text, left, right: parsePath(tokens, binding) };
    case '..':
      // A filter right after the dots ends there; any other path takes the dots after it along.
      return { kind: 'descendants', left, right: atFilter(tokens) ? parseBracket(tokens, true) : parsePath(tokens, binding) };
    default:
      return { kind: text === '|' ? 'union' : 'child', left, right: parsePath(tokens, binding) };
  }
}

function atFilter(tokens: JsonPathTokens): boolean {
  return tokens.at('[') && tokens.afterNext?.kind === 'sign' && tokens.afterNext.text === '?';
}

function isOperator(token: Token | undefined): boolean {
  return token?.kind === 'sign' && (token.text === '+' || token.text === '-' || token.text === '*');
}

/** A number alone, not the left side of more arithmetic. */
function atLoneNumber({ next, afterNext }: JsonPathTokens): boolean {
  return (next.kind === 'integer' || next.kind === 'float') && !isOperator(afterNext);
}

/** The right side takes all that follows: `9 - 2 - 1` is `9 - (2 - 1)`. */
function parseRightOperand(tokens: JsonPathTokens): Operand {
  return atLoneNumber(tokens) ? { value: numberLiteral(tokens.take()) } : operand(parsePath(tokens, BRACKET));
}

/** One plain key beside a sign of arithmetic is a text, as in jsonpath-ng; `$.key` is its value. */
function operand(path: PathNode): Operand {
  return path.kind === 'fields' && path.names.length === 1 ? { value: path.names[0] as string } : { path };
}

function parseStep(tokens: JsonPathTokens): PathNode {
  const { kind, text } = tokens.next;
  switch (kind) {
    case 'integer':
    case 'float':
      return parseNumber(tokens);
    case 'function':
      return parseFunction(tokens.take());
    case 'name':
    case 'quoted':
      return RESERVED.has(text) && kind === 'name' ? tokens.fail(`put the key in quotes: '${text}'`) : parseFields(tokens);
    case 'sign':
      return parseSign(tokens);
    default:
      return tokens.fail();
  }
}

function parseSign(tokens: JsonPathTokens): PathNode {
  if (tokens.at('[')) return parseBracket(tokens, false);
  if (tokens.skip('$')) return { kind: 'root' };
  if (tokens.skip('@')) return { kind: 'this' };
  if (tokens.skip('*')) return { kind: 'wildcard' };
  if (!tokens.skip('(')) return tokens.fail(tokens.next.column === 1 ? 'start with a key or with $' : undefined);
  const inner = parsePath(tokens, NONE);
  tokens.expect(')');
  return inner;
}

/** A number is a literal before a sign of arithmetic, and a key elsewhere. */
function parseNumber(tokens: JsonPathTokens): PathNode {
  const { kind, text } = tokens.next;
  if (!isOperator(tokens.afterNext)) {
    if (kind === 'float') tokens.fail(`put keys that are numbers in quotes: '${text.replace('.', "'.'")}'`);
    tokens.take();
    return { kind: 'fields', names: [String(BigInt(text))] };
  }
  const left = { value: numberLiteral(tokens.take()) };
  const operator = tokens.take().text as ArithmeticOperator;
  // Two literals are of one kind: `1 + 2.5` is not in the grammar, and the 2 of `1.5 + 2` is a key.
  if (kind === 'integer' && tokens.next.kind === 'float' && atLoneNumber(tokens)) tokens.fail();
  const literal = tokens.next.kind === kind && atLoneNumber(tokens);
  return { kind: 'arithmetic', left, operator, right: literal ? parseRightOperand(tokens) : operand(parsePath(tokens, BRACKET)) };
}

function parseFields(tokens: JsonPathTokens): PathNode {
  const names = [tokens.takeKey()];
  while (tokens.skip(',')) names.push(tokens.takeKey());
  return { kind: 'fields', names };
}

/** What stands in `[…]`. Filters and sort keys need a path before them. */
function parseBracket(tokens: JsonPathTokens, afterPath: boolean): PathNode {
  tokens.expect('[');
  const node = parseSelector(tokens, afterPath);
  tokens.expect(']');
  return node;
}

function parseSelector(tokens: JsonPathTokens, afterPath: boolean): PathNode {
  if (tokens.atKey()) return parseFields(tokens);
  if (tokens.skip('*')) return { kind: 'wildcard' };
  if (tokens.next.kind === 'integer' || tokens.at(':')) return parseIndexes(tokens);
  if (tokens.next.kind === 'sort' && afterPath) return { kind: 'sorted', by: parseSortKeys(tokens) };
  if (tokens.at(']')) tokens.fail('write [*] for all elements');
  if (!tokens.at('?')) return tokens.fail();
  if (!afterPath) tokens.fail('put a path or $ before the filter: $[?…]');
  tokens.take();
  const test = parseFilter(tokens, {
    path: () => parsePath(tokens, NONE),
    rest: (start) => parseRest(tokens, start, NONE),
    bracket: () => parseBracket(tokens, false),
  });
  return { kind: 'filter', test };
}

function parseSortKeys(tokens: JsonPathTokens): SortKey[] {
  const keys: SortKey[] = [];
  while (tokens.next.kind === 'sort') {
    const descending = tokens.take().text === '\\';
    keys.push({ path: parsePath(tokens, NONE), descending });
  }
  return keys;
}

function parseIndexes(tokens: JsonPathTokens): PathNode {
  const first = takeInteger(tokens);
  if (tokens.skip(':')) {
    const end = takeInteger(tokens);
    const step = tokens.skip(':') ? takeInteger(tokens) : undefined;
    return { kind: 'slice', start: first, end, step: step ?? 1 };
  }
  const indexes = [first as number];
  while (tokens.skip(',')) indexes.push(takeInteger(tokens) ?? tokens.fail());
  return { kind: 'index', indexes };
}

function takeInteger(tokens: JsonPathTokens): number | undefined {
  return tokens.next.kind === 'integer' ? Number(tokens.take().text) : undefined;
}
