import { isJsonObject, type Json } from './json.ts';
import type { PathNode } from './jsonpath-ast.ts';
import type { Datum, Find } from './jsonpath-datum.ts';
import { compilePath } from './jsonpath-evaluate.ts';
import { parseJsonPath } from './jsonpath-parser.ts';

export { JsonPathError } from './jsonpath-error.ts';
export { lintJsonPath, type PathFinding } from './jsonpath-lint.ts';

/** A compiled JSONPath. */
export interface JsonPath {
  readonly text: string;
  /** The key, when the path is one plain field name. */
  readonly name: string | undefined;
  /** The keys, when the path is nothing but keys: it then leads to one value at most. */
  readonly keys: readonly string[] | undefined;
  /** All matches in `root`; a present null is a match. */
  find(root: Json): Json[];
  /** The first match. */
  first(root: Json): Json | undefined;
}

/** Compiled paths are kept: a configuration has few, and rows ask for them again and again. */
const compiled = new Map<string, JsonPath>();
const MOST_KEPT = 1000;

/** Compiles a path in the dialect of `jsonpath_ng.ext`. Throws a JsonPathError. */
export function compileJsonPath(expression: string): JsonPath {
  const known = compiled.get(expression);
  if (known) return known;
  const path = makePath(expression, parseJsonPath(expression));
  if (compiled.size >= MOST_KEPT) compiled.clear();
  compiled.set(expression, path);
  return path;
}

function makePath(text: string, node: PathNode): JsonPath {
  const name = node.kind === 'fields' && node.names.length === 1 && node.names[0] !== '*' ? node.names[0] : undefined;
  const steps = plainSteps(node, true);
  if (steps) {
    const first = (root: Json) => follow(root, steps);
    const keys = steps.every((step) => typeof step === 'string') ? steps : undefined;
    return { text, name, keys, first, find: (root) => wrap(first(root)) };
  }
  const find = compilePath(node);
  return { text, name, keys: undefined, find: (root) => values(find, root), first: (root) => find({ value: root })[0]?.value };
}

function wrap(value: Json | undefined): Json[] {
  return value === undefined ? [] : [value];
}

function values(find: Find, root: Json): Json[] {
  return find({ value: root }).map((datum: Datum) => datum.value);
}

/** The keys and indexes of a path that can only lead one way: no need for the general evaluator. */
function plainSteps(node: PathNode, atStart: boolean): (string | number)[] | undefined {
  switch (node.kind) {
    case 'root':
      // Further on it would start again at the top.
      return atStart ? [] : undefined;
    case 'this':
      return [];
    case 'fields':
      return node.names.length === 1 ? [...node.names] : undefined;
    case 'index':
      return node.indexes.length === 1 ? [...node.indexes] : undefined;
    case 'child': {
      const left = plainSteps(node.left, atStart);
      const right = left && plainSteps(node.right, false);
      return right && [...left, ...right];
    }
    default:
      return undefined;
  }
}

function follow(root: Json, steps: readonly (string | number)[]): Json | undefined {
  let value: Json | undefined = root;
  for (const step of steps) {
    if (typeof step === 'number') value = Array.isArray(value) ? value.at(step) : undefined;
    else value = isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
    if (value === undefined) return undefined;
  }
  return value;
}

const BARE_KEY = /^@?[a-zA-Z_][a-zA-Z0-9_@-]*$/;
const RESERVED = /^where(?:not)?$/;

/** A key as a path writes it: in quotes when it is not a plain word, so that dots and blanks are part of it. */
export function quoteKey(key: string): string {
  return BARE_KEY.test(key) && !RESERVED.test(key) ? key : `'${key.replace(/[\\']/g, String.raw`\$&`)}'`;
}

/** The path that leads through raw keys and list indexes; `$` when there are none. */
export function pathOf(keys: readonly (string | number)[]): string {
  return keys.length === 0 ? '$' : keys.map((key) => (typeof key === 'number' ? `[${key}]` : quoteKey(key))).join('.');
}
