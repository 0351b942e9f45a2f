import { isJsonObject, type Json } from './json.ts';
import { calculate } from './jsonpath-arithmetic.ts';
import type { Operand, PathNode } from './jsonpath-ast.ts';
import { children, type Datum, type Find, ROOT } from './jsonpath-datum.ts';
import { compileTest } from './jsonpath-filter.ts';
import { findDescendants, findFields, findIndexes, findLength, findPath, findSlice, findSorted, findSplit } from './jsonpath-steps.ts';
import { pythonStr } from './python-text.ts';

/** Makes the finder of a parsed path. What makes jsonpath-ng crash on a document finds nothing. */
export function compilePath(node: PathNode): Find {
  switch (node.kind) {
    case 'root':
      return (at) => [{ value: rootOf(at).value, step: ROOT }];
    case 'this':
      return (at) => [at];
    case 'parent':
      return ({ parent }) => (parent ? [parent] : []);
    case 'wildcard':
      return children;
    case 'fields':
      return findFields(node.names);
    case 'index':
      return findIndexes(node.indexes);
    case 'slice':
      return findSlice(node);
    case 'filter': {
      const test = compileTest(node.test, compilePath);
      return (at) => children(at).filter(test);
    }
    case 'sorted':
      return findSorted(node.by.map(({ path, descending }) => ({ find: compilePath(path), descending })));
    case 'arithmetic':
      return compileArithmetic(node);
    case 'len':
      return findLength;
    case 'keys':
      return ({ value }) => (isJsonObject(value) ? Object.keys(value).map((key) => ({ value: key })) : []);
    case 'path':
      return findPath;
    case 'str':
      return ({ value }) => [{ value: pythonStr(value) }];
    case 'split':
      return findSplit(node);
    case 'sub':
      return ({ value }) => {
        const replaced = typeof value === 'string' ? node.replace(value) : value;
        return replaced === value ? [] : [{ value: replaced }];
      };
    default:
      return compilePair(node);
  }
}

function rootOf(at: Datum): Datum {
  let root = at;
  while (root.parent) root = root.parent;
  return root;
}

function compilePair({ kind, left, right }: Extract<PathNode, { left: PathNode }>): Find {
  const [findLeft, findRight] = [compilePath(left), compilePath(right)];
  switch (kind) {
    case 'child':
      return (at) => findLeft(at).flatMap(findRight);
    case 'descendants':
      return findDescendants(findLeft, findRight);
    case 'where':
      return (at) => findLeft(at).filter((found) => findRight(found).length > 0);
    case 'wherenot':
      return (at) => findLeft(at).filter((found) => findRight(found).length === 0);
    default:
      return (at) => [...findLeft(at), ...findRight(at)];
  }
}

/** Pairs two paths match by match, or every match with a literal; one impossible pair makes all of them nothing. */
function compileArithmetic({ left, operator, right }: Extract<PathNode, { kind: 'arithmetic' }>): Find {
  const [findLeft, findRight] = [compileOperand(left), compileOperand(right)];
  return (at) => {
    const [a, b] = [findLeft(at), findRight(at)];
    const count = 'value' in left ? b.length : a.length;
    if ('path' in left && 'path' in right && a.length !== b.length) return [];
    const out: Datum[] = [];
    for (let i = 0; i < count; i++) {
      const value = calculate(valueAt(a, left, i), operator, valueAt(b, right, i));
      if (value === undefined) return [];
      out.push({ value });
    }
    return out;
  };
}

function compileOperand(operand: Operand): Find {
  if ('path' in operand) return compilePath(operand.path);
  const literal = [{ value: operand.value }];
  return () => literal;
}

function valueAt(found: readonly Datum[], operand: Operand, index: number): Json {
  return (found['value' in operand ? 0 : index] as Datum).value;
}
