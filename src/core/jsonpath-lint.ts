import type { PathNode, PathTest } from './jsonpath-ast.ts';
import { JsonPathError } from './jsonpath-error.ts';
import { type Token, tokenize } from './jsonpath-lexer.ts';
import { parseJsonPath } from './jsonpath-parser.ts';

/** One thing that is wrong with a path. */
export interface PathFinding {
  readonly message: string;
  readonly hint?: string;
  /** Where in the path, from 1, when the mistake has one place. */
  readonly column?: number;
}

/** What is wrong with a path: that it cannot be read, or that it can never match what its author means. */
export function lintJsonPath(expression: string): PathFinding[] {
  try {
    const node = parseJsonPath(expression);
    const tokens = tokenize(expression);
    return [...dottedAtKeys(tokens), ...looseUnions(tokens), ...lintNode(node)];
  } catch (error) {
    if (!(error instanceof JsonPathError)) throw error;
    const { message, column, hint } = error;
    return [{ message: `is not a JSONPath: ${message} at column ${column}`, column, ...(hint === undefined ? {} : { hint }) }];
  }
}

/** `@odata.nextLink` is one key to an author, and two to a path. */
function dottedAtKeys(tokens: readonly Token[]): PathFinding[] {
  return tokens.flatMap(({ kind, text, column }, i) => {
    const [dot, key] = tokens.slice(i + 1, i + 3);
    if (kind !== 'name' || !text.startsWith('@') || dot?.text !== '.' || key?.kind !== 'name') return [];
    const whole = `${text}.${key.text}`;
    const message = `\`${whole}\` asks for the key \`${key.text}\` inside of \`${text}\``;
    return [{ message, column, hint: `write '${whole}' with quotes when it is one key, and '${text}'.${key.text} when it is two` }];
  });
}

/** `a.b|a.c` is `a.(b|a).c`: a `|` between two longer paths of the same start is always a mistake. */
function looseUnions(tokens: readonly Token[]): PathFinding[] {
  return tokens.flatMap(({ kind, text, column }, i) => {
    if (kind !== 'sign' || text !== '|') return [];
    const left = groupAround(tokens, i, -1);
    const right = groupAround(tokens, i, 1);
    const sameStart = right[0]?.text === '$' || left.at(-1)?.text === right[0]?.text;
    if (!sameStart || !right.some(isDot) || !left.some(isDot)) return [];
    return [{ message: '`|` binds more tightly than `.`', column, hint: 'put both sides in parentheses: (a.b)|(a.c)' }];
  });
}

function isDot({ kind, text }: Token): boolean {
  return kind === 'sign' && (text === '.' || text === '..');
}

/** The tokens on one side of a token, up to the parenthesis, bracket or sign that ends the path. */
function groupAround(tokens: readonly Token[], at: number, direction: 1 | -1): Token[] {
  const group: Token[] = [];
  for (let i = at + direction; i >= 0 && i < tokens.length; i += direction) {
    const token = tokens[i] as Token;
    if (token.kind === 'end' || (token.kind === 'sign' && /^[()[\]|?!]|&&?$/.test(token.text))) break;
    group.push(token);
  }
  return group;
}

function lintNode(node: PathNode): PathFinding[] {
  switch (node.kind) {
    case 'child':
      return [...lintNode(node.left), ...lintNode(node.right), ...lintChild(node.left, node.right)];
    case 'descendants':
    case 'where':
    case 'wherenot':
    case 'union':
      return [...lintNode(node.left), ...lintNode(node.right)];
    case 'filter':
      return lintTest(node.test);
    case 'sorted':
      return node.by.flatMap(({ path }) => lintNode(path));
    case 'slice':
      return isEmptySlice(node) ? [{ message: 'the slice has no element', hint: 'write [start:end] with start before end' }] : [];
    case 'arithmetic':
      return lintArithmetic(node);
    default:
      return [];
  }
}

const SCALAR = new Set(['len', 'path', 'str', 'sub', 'keys', 'arithmetic']);
const INTO = new Set(['fields', 'index', 'slice', 'wildcard', 'filter']);

function lintChild(left: PathNode, right: PathNode): PathFinding[] {
  const last = left.kind === 'child' ? left.right : left;
  if (right.kind === 'parent' && left.kind === 'root') return [{ message: 'the root has no parent', hint: 'leave out `parent`' }];
  if (last.kind === 'sorted' && right.kind === 'fields') {
    return [{ message: 'sorting selects one list, which has no keys', hint: 'write [*] after the sort: a[/x][*].x' }];
  }
  if (!INTO.has(right.kind)) return [];
  const scalar = SCALAR.has(last.kind) || (last.kind === 'split' && last.segment !== '*');
  return scalar ? [{ message: 'nothing can be selected from a single value', hint: 'end the path with the function' }] : [];
}

function isEmptySlice({ start, end, step }: Extract<PathNode, { kind: 'slice' }>): boolean {
  if (step === 0) return true;
  if (start === undefined || end === undefined || start < 0 !== end < 0) return false;
  return step > 0 ? start >= end : start <= end;
}

function lintArithmetic({ left, right }: Extract<PathNode, { kind: 'arithmetic' }>): PathFinding[] {
  return [left, right].flatMap((operand) => {
    if ('path' in operand) return lintNode(operand.path);
    if (typeof operand.value !== 'string') return [];
    return [{ message: `\`${operand.value}\` is a text here, not a key`, hint: `write $.${operand.value}` }];
  });
}

function lintTest(test: PathTest): PathFinding[] {
  if ('tests' in test) return test.tests.flatMap(lintTest);
  const findings = lintNode(test.path);
  if (test.kind !== 'compare' || (test.operator !== '<' && test.operator !== '>')) return findings;
  if (test.value !== null && typeof test.value !== 'boolean') return findings;
  return [...findings, { message: `nothing is ${test.operator} ${String(test.value)}`, hint: 'compare with == or !=' }];
}
