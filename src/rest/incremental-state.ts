import type { WalkProgress } from '../core/source.ts';
import type { Json } from '../core/json.ts';
import type { IncrementalState, ResourceState } from '../core/state.ts';
import { type IncrementalOptions, initialValue } from './incremental-options.ts';
import { CursorOrderError, type CursorOrder, cursorOrder } from './incremental-order.ts';
import { textKind } from './incremental-text-order.ts';

/** Cursors of a dependent resource, by parent key, then by cursor path. */
type ParentCursors = Readonly<Record<string, Readonly<Record<string, IncrementalState>>>>;

/** Hashes that dlt's one cursor has at most: without any, dlt loads the rows at the last value again. */
const MOST_HASHES_FOR_DLT = 1000;

/**
 * The stored cursor that a walk starts with; `parentKey` is there for dependent resources. Each
 * parent has its own. The one cursor that dlt keeps for all of them counts as long as no parent has
 * its own: in a dataset that dlt loaded. Later, a parent without a cursor is new and starts afresh.
 */
export function storedCursor(options: {
  readonly state: ResourceState | undefined;
  readonly cursorPath: string;
  readonly parentKey: string | undefined;
}): IncrementalState | undefined {
  const { state, cursorPath, parentKey } = options;
  const single = own(state?.incremental, cursorPath);
  if (parentKey === undefined) return single;
  const parents = state?.syncline_parents;
  return own(own(parents, parentKey), cursorPath) ?? (parents && pathsOf(parents).has(cursorPath) ? undefined : single);
}

/**
 * The state after walks that are complete (invariant 4). Top-level resources have one cursor. For
 * dependent ones each parent's is stored, and with them the one cursor that dlt would go on with:
 * that of the parent that is furthest behind, so that dlt may load rows again but leaves none out.
 */
export function advanceState(options: {
  readonly state: ResourceState | undefined;
  readonly incremental: IncrementalOptions;
  readonly progress: readonly WalkProgress[];
}): ResourceState | undefined {
  const { state, incremental, progress } = options;
  const cursorPath = incremental.cursor_path;
  const order = cursorOrder(incremental, textKind(firstValue(progress) ?? own(state?.incremental, cursorPath)?.last_value ?? null));
  const parents = new Map<string, IncrementalState>();
  let single: IncrementalState | undefined;
  for (const { parentKey, incremental: cursor } of progress) {
    if (parentKey === undefined) single = single ? furtherOn(single, cursor, order) : cursor;
    else {
      const known = parents.get(parentKey);
      parents.set(parentKey, known ? furtherOn(known, cursor, order) : cursor);
    }
  }
  if (parents.size > 0) {
    const all = withParents(state?.syncline_parents, cursorPath, parents);
    const kept = singleForDlt({ cursors: cursorsAt(all, cursorPath), before: own(state?.incremental, cursorPath), incremental, order });
    return { ...withSingle(state, cursorPath, kept), syncline_parents: all };
  }
  return single ? withSingle(state, cursorPath, single) : state;
}

function withSingle(state: ResourceState | undefined, cursorPath: string, cursor: IncrementalState): ResourceState {
  return { ...state, incremental: withKey(state?.incremental, cursorPath, cursor) };
}

function withParents(
  before: ResourceState['syncline_parents'],
  cursorPath: string,
  parents: ReadonlyMap<string, IncrementalState>,
): Record<string, Record<string, IncrementalState>> {
  const all = new Map(Object.entries(before ?? {}));
  for (const [key, cursor] of parents) all.set(key, withKey(all.get(key), cursorPath, cursor));
  return Object.fromEntries(all);
}

/** Two walks of one parent, or of one resource, started alike: the cursor of the one that came further. The first, where they have no order. */
function furtherOn(a: IncrementalState, b: IncrementalState, order: CursorOrder): IncrementalState {
  if (a.last_value === null || b.last_value === null) return a.last_value === null ? b : a;
  if (order.equals(a.last_value, b.last_value)) return { ...a, unique_hashes: union([...a.unique_hashes, ...b.unique_hashes]) };
  try {
    return order.equals(order.pick(a.last_value, b.last_value), a.last_value) ? a : b;
  } catch (error) {
    if (error instanceof CursorOrderError) return a;
    throw error;
  }
}

function singleForDlt(options: {
  readonly cursors: readonly IncrementalState[];
  readonly before: IncrementalState | undefined;
  readonly incremental: IncrementalOptions;
  readonly order: CursorOrder;
}): IncrementalState {
  const { cursors, before, incremental, order } = options;
  const initial = initialValue(incremental);
  const behind = furthestBehind(cursors, order);
  return {
    initial_value: before?.initial_value ?? initial,
    last_value: behind?.last_value ?? initial,
    unique_hashes: behind && behind.unique_hashes.length <= MOST_HASHES_FOR_DLT ? behind.unique_hashes : [],
    start_value: before?.last_value ?? initial,
  };
}

/** `undefined` when no parent had a row, or when their values have no order. */
function furthestBehind(cursors: readonly IncrementalState[], order: CursorOrder): IncrementalState | undefined {
  let behind: IncrementalState | undefined;
  let level: IncrementalState[] = [];
  try {
    for (const cursor of cursors) {
      if (cursor.last_value === null) continue;
      if (behind && order.equals(cursor.last_value, behind.last_value)) level.push(cursor);
      else if (!behind || order.equals(order.pick(cursor.last_value, behind.last_value), behind.last_value)) {
        behind = cursor;
        level = [cursor];
      }
    }
    return behind && { ...behind, unique_hashes: union(level.flatMap(({ unique_hashes: hashes }) => hashes)) };
  } catch (error) {
    if (error instanceof CursorOrderError) return undefined;
    throw error;
  }
}

function cursorsAt(parents: ParentCursors | undefined, cursorPath: string): IncrementalState[] {
  return Object.values(parents ?? {}).flatMap((cursors) => own(cursors, cursorPath) ?? []);
}

function union(hashes: readonly string[]): string[] {
  return Array.from(new Set(hashes)).toSorted();
}

/** A value that tells what texts are. */
function firstValue(progress: readonly WalkProgress[]): Json | undefined {
  return progress.find(({ incremental }) => incremental.last_value !== null)?.incremental.last_value;
}

const knownPaths = new WeakMap<ParentCursors, ReadonlySet<string>>();

/** The cursor paths that any parent has. Each walk of a run asks for those of the same parents. */
function pathsOf(parents: ParentCursors): ReadonlySet<string> {
  const known = knownPaths.get(parents);
  if (known) return known;
  const paths = new Set<string>();
  for (const cursors of Object.values(parents)) for (const path of Object.keys(cursors)) paths.add(path);
  knownPaths.set(parents, paths);
  return paths;
}

/** Keys come from data: only own ones count. */
function own<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record && Object.hasOwn(record, key) ? record[key] : undefined;
}

function withKey<T>(record: Readonly<Record<string, T>> | undefined, key: string, value: T): Record<string, T> {
  return Object.fromEntries([...Object.entries(record ?? {}).filter(([other]) => other !== key), [key, value]]);
}
