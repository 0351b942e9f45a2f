import { isJsonObject, type Json, JsonFloat } from './json.ts';
import type { CompareOperator, PathNode, PathTest } from './jsonpath-ast.ts';
import type { Datum, Find } from './jsonpath-datum.ts';
import { pythonCompare, pythonEquals } from './python-order.ts';

/** Compiles the conditions of a filter; `compile` makes a path's finder. */
export function compileTest(test: PathTest, compile: (path: PathNode) => Find): (candidate: Datum) => boolean {
  if ('tests' in test) {
    const tests = test.tests.map((one) => compileTest(one, compile));
    return test.kind === 'and' ? (at) => tests.every((one) => one(at)) : (at) => tests.some((one) => one(at));
  }
  const find = compile(test.path);
  switch (test.kind) {
    case 'exists':
      return (at) => find(at).length > 0;
    case 'missing':
      return (at) => find(at).length === 0;
    case 'search':
      return (at) => find(at).some(({ value }) => typeof value === 'string' && test.pattern.test(value));
    case 'compare': {
      const other = [{ value: test.value }];
      return (at) => compareFound(find(at), test.operator, other);
    }
    default: {
      const findOther = compile(test.other);
      return (at) => compareFound(find(at), test.operator, findOther(at));
    }
  }
}

/** Any pair may match. Nothing equals nothing, and differs from everything else (RFC 9535, 2.3.5.2.2). */
function compareFound(found: readonly Datum[], operator: CompareOperator, others: readonly Datum[]): boolean {
  if (found.length === 0 || others.length === 0) return byEquality(found.length === others.length, operator);
  return found.some((left) => others.some((right) => compareValues(left.value, operator, right.value)));
}

/** Only two numbers or two texts are ordered; anything else can only be equal or not. */
function compareValues(a: Json, operator: CompareOperator, b: Json): boolean {
  const order = (isNumber(a) && isNumber(b)) || (typeof a === 'string' && typeof b === 'string') ? pythonCompare(a, b) : undefined;
  if (order === undefined) return byEquality(sameValue(a, b), operator);
  switch (operator) {
    case '<':
      return order < 0;
    case '>':
      return order > 0;
    case '<=':
      return order <= 0;
    case '>=':
      return order >= 0;
    default:
      return byEquality(order === 0, operator);
  }
}

function byEquality(equal: boolean, operator: CompareOperator): boolean {
  if (operator === '!=') return !equal;
  return operator !== '<' && operator !== '>' && equal;
}

/** Equal by value and type: `1` is `1.0`, but `true` is not `1`. */
function sameValue(a: Json, b: Json): boolean {
  if (typeof a === 'boolean' || typeof b === 'boolean') return a === b;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => sameValue(item, b[i] as Json));
  if (!isJsonObject(a) || !isJsonObject(b)) return pythonEquals(a, b);
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key] as Json, b[key] as Json));
}

function isNumber(value: Json): boolean {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof JsonFloat;
}
