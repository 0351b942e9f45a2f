import type { Json } from './json.ts';
import type { CompareOperator, PathNode, PathTest } from './jsonpath-ast.ts';
import { numberLiteral } from './jsonpath-lexer.ts';
import type { JsonPathTokens } from './jsonpath-tokens.ts';
import { compilePythonRegex } from './python-regex.ts';

/** What the path parser lends to the filter parser. */
export interface PathParsers {
  /** Reads a whole path. */
  path(): PathNode;
  /** Reads what follows a path whose start is read already. */
  rest(start: PathNode): PathNode;
  /** Reads `[…]` without filters and sort keys. */
  bracket(): PathNode;
}

/** Reads the conditions of `[?…]`, up to the closing bracket. `&&` binds more tightly than `||`. */
export function parseFilter(tokens: JsonPathTokens, paths: PathParsers): PathTest {
  const tests = [parseAll(tokens, paths)];
  while (tokens.skip('||')) tests.push(parseAll(tokens, paths));
  if (tokens.at('|')) tokens.fail('write || between alternatives');
  return single(tests) ?? { kind: 'or', tests };
}

function parseAll(tokens: JsonPathTokens, paths: PathParsers): PathTest {
  const tests = [parseCondition(tokens, paths)];
  while (tokens.skip('&&') || tokens.skip('&')) tests.push(parseCondition(tokens, paths));
  return single(tests) ?? { kind: 'and', tests };
}

function single(tests: readonly PathTest[]): PathTest | undefined {
  return tests.length === 1 ? tests[0] : undefined;
}

function parseCondition(tokens: JsonPathTokens, paths: PathParsers): PathTest {
  if (tokens.skip('!')) return { kind: 'missing', path: paths.path() };
  if (!tokens.skip('(')) return parseComparison(tokens, paths, paths.path());
  const inner = parseFilter(tokens, paths);
  tokens.expect(')');
  // `(@.a)` is a path in parentheses, which may go on: `(@.a).b > 1`.
  return inner.kind === 'exists' ? parseComparison(tokens, paths, paths.rest(inner.path)) : inner;
}

function parseComparison(tokens: JsonPathTokens, paths: PathParsers, path: PathNode): PathTest {
  if (tokens.next.kind !== 'compare') return { kind: 'exists', path };
  const { text } = tokens.take();
  if (text === '=~') return { kind: 'search', path, pattern: parsePattern(tokens) };
  const operator = (text === '=' ? '==' : text) as CompareOperator;
  const other = parseSingularQuery(tokens, paths);
  return other ? { kind: 'compare_path', path, operator, other } : { kind: 'compare', path, operator, value: parseLiteral(tokens) };
}

function parsePattern(tokens: JsonPathTokens): RegExp {
  if (!tokens.atKey()) tokens.fail('put the pattern in quotes');
  const { text, column } = tokens.take();
  return compilePythonRegex(text, column);
}

function parseLiteral(tokens: JsonPathTokens): Json {
  const { kind, text } = tokens.next;
  if (kind === 'integer' || kind === 'float') return numberLiteral(tokens.take());
  tokens.takeKey();
  if (kind === 'quoted') return text;
  return text === 'true' ? true : text === 'false' ? false : text === 'null' ? null : text;
}

/** `@` or `$` with keys and indexes: the other side of a comparison, one value at most. */
function parseSingularQuery(tokens: JsonPathTokens, paths: PathParsers): PathNode | undefined {
  if (!tokens.at('@') && !tokens.at('$')) return undefined;
  let left: PathNode = { kind: tokens.take().text === '$' ? 'root' : 'this' };
  for (;;) {
    if (tokens.skip('.')) left = { kind: 'child', left, right: { kind: 'fields', names: [tokens.takeKey()] } };
    else if (tokens.at('[')) left = { kind: 'child', left, right: singularBracket(tokens, paths) };
    else return left;
  }
}

function singularBracket(tokens: JsonPathTokens, paths: PathParsers): PathNode {
  const node = paths.bracket();
  const one = (node.kind === 'fields' && node.names.length === 1) || (node.kind === 'index' && node.indexes.length === 1);
  return one ? node : tokens.fail('compare with one value: a key or an index');
}
