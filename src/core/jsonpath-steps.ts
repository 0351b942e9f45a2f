import { isJsonObject, type Json } from './json.ts';
import type { PathNode, SortKey } from './jsonpath-ast.ts';
import { children, type Datum, type Find, ROOT } from './jsonpath-datum.ts';
import { pythonCompare, pythonEquals } from './python-order.ts';
import { pythonStr } from './python-text.ts';

const PLAIN_KEY = /^@?[A-Za-z_][A-Za-z0-9_@-]*$/;

/** Selects members of an object by name, in the order of `names`. */
export function findFields(names: readonly string[]): Find {
  return (at) => {
    const { value } = at;
    if (!isJsonObject(value)) return [];
    return names.filter((name) => Object.hasOwn(value, name)).map((step) => ({ value: value[step] as Json, step, parent: at }));
  };
}

/** Selects elements of a list; negative indexes count from its end. */
export function findIndexes(indexes: readonly number[]): Find {
  return (at) => {
    const { value } = at;
    if (!Array.isArray(value)) return [];
    return indexes
      .filter((index) => index >= -value.length && index < value.length)
      .map((step) => ({ value: value.at(step) as Json, step, parent: at }));
  };
}

/** Selects a slice of a list as Python does: bounds beyond the list are fine, a step may be negative. */
export function findSlice({ start, end, step }: Extract<PathNode, { kind: 'slice' }>): Find {
  return (at) => {
    if (!Array.isArray(at.value) || step === 0) return [];
    const elements = children(at);
    const { length } = elements;
    const [lowest, highest] = step > 0 ? [0, length] : [-1, length - 1];
    const bound = (value: number | undefined, otherwise: number) =>
      value === undefined ? otherwise : Math.min(Math.max(value < 0 ? value + length : value, lowest), highest);
    const out: Datum[] = [];
    const stop = bound(end, step > 0 ? highest : lowest);
    for (let i = bound(start, step > 0 ? lowest : highest); step > 0 ? i < stop : i > stop; i += step) out.push(elements[i] as Datum);
    return out;
  };
}

/** What `find` selects in each match and in all that is below it, parents first. */
export function findDescendants(findLeft: Find, find: Find): Find {
  return (at) => {
    const out: Datum[] = [];
    const open = findLeft(at).toReversed();
    for (let next = open.pop(); next; next = open.pop()) {
      out.push(...find(next));
      open.push(...children(next).toReversed());
    }
    return out;
  };
}

/**
 * Sorts a list by keys, or by its elements when there are none; of an object, lists the sorted keys.
 * Anything else stays as it is.
 * Finds nothing where Python raises an error: values that have no order.
 */
export function findSorted(keys: readonly { readonly find: Find; readonly descending: SortKey['descending'] }[]): Find {
  return (at) => {
    const { value } = at;
    const items = Array.isArray(value) ? value : isJsonObject(value) && keys.length === 0 ? Object.keys(value) : undefined;
    if (!items) return [at];
    let ordered = true;
    const compare = (a: Json, b: Json) => {
      const order = keys.length === 0 ? pythonCompare(a, b) : compareByKeys(a, b);
      ordered &&= order !== undefined;
      return order ?? 0;
    };
    const compareByKeys = (a: Json, b: Json) => {
      for (const { find, descending } of keys) {
        const [left, ...moreLeft] = find({ value: a });
        const [right, ...moreRight] = find({ value: b });
        // A key that is missing or found twice says nothing about the order.
        if (!left || !right || moreLeft.length + moreRight.length > 0 || pythonEquals(left.value, right.value)) continue;
        const order = pythonCompare(left.value, right.value);
        return order === undefined ? undefined : descending ? -order : order;
      }
      return 0;
    };
    const sorted = items.toSorted(compare);
    return ordered ? [{ value: sorted }] : [];
  };
}

/** How many characters, elements or members a value has. */
export const findLength: Find = ({ value }) => {
  if (typeof value === 'string') return [{ value: Array.from(value).length }];
  if (Array.isArray(value)) return [{ value: value.length }];
  return isJsonObject(value) ? [{ value: Object.keys(value).length }] : [];
};

/** The last step of the way to a value, as a path writes it. */
export const findPath: Find = (at) => [{ value: stepText(at), parent: at }];

function stepText({ step }: Datum): string {
  if (step === undefined) return '`this`';
  if (step === ROOT) return '$';
  if (typeof step === 'number') return `[${step}]`;
  return PLAIN_KEY.test(step) ? step : pythonStr([step]).slice(1, -1);
}

/** Splits a text as Python's `split(separator, limit)` does; one segment of it, or all of them as a list. */
export function findSplit({ separator, segment, limit }: Extract<PathNode, { kind: 'split' }>): Find {
  return ({ value }) => {
    if (typeof value !== 'string') return [];
    const parts = value.split(separator);
    const split = limit >= 0 && parts.length > limit + 1 ? [...parts.slice(0, limit), parts.slice(limit).join(separator)] : parts;
    if (segment === '*') return [{ value: split }];
    const part = split.at(segment);
    return part === undefined ? [] : [{ value: part }];
  };
}
