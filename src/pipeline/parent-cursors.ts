import { isDeepStrictEqual } from 'node:util';
import type { ParentCursorChanges, Restored } from '../core/destination.ts';
import type { IncrementalState, ParentCursor, PipelineState, ResourceState } from '../core/state.ts';

/** Parents of a resource whose cursors are kept in the state document at most; those of more go to a table. */
export const MOST_PARENTS_IN_STATE = 1000;

type ResourceStates = Readonly<Record<string, ResourceState>>;
type Parents = NonNullable<ResourceState['syncline_parents']>;

/** What the dataset has of a source's cursors. */
export interface StoredCursors {
  readonly restored: Pick<Restored, 'state' | 'parentCursors'> | undefined;
  readonly source: string;
}

/**
 * The restored state with the cursors from the table in the resources whose cursors are there: as walks
 * are planned from it and resources advance it. Rows of other resources are leftovers and do not count.
 */
export function joinParentCursors({ restored, source }: StoredCursors): PipelineState | undefined {
  const state = restored?.state;
  const before = state?.sources?.[source];
  if (!state || !before?.resources) return state;
  const stored = byResource(restored?.parentCursors);
  const resources = Object.entries(before.resources).map(([name, resource]) => {
    const cursors = stored.get(name);
    return [name, isInTable(resource) && cursors ? { ...resource, syncline_parents: parentsOf(cursors) } : resource] as const;
  });
  return { ...state, sources: { ...state.sources, [source]: { ...before, resources: Object.fromEntries(resources) } } };
}

/**
 * Splits new states of resources, with all their cursors, into what stays in the state document and what
 * changes in the table. Once they are in the table cursors stay there, until the resource starts anew.
 */
export function splitParentCursors(
  states: ReadonlyMap<string, ResourceState | undefined>,
  { restored, source }: StoredCursors,
): {
  readonly states: Map<string, ResourceState | undefined>;
  /** `undefined` when the table stays as it is. */
  readonly changes: ParentCursorChanges | undefined;
} {
  const documents = restored?.state?.sources?.[source]?.resources ?? {};
  const stored = byResource(restored?.parentCursors);
  const kept = new Map<string, ResourceState | undefined>();
  const forget: string[] = [];
  const put: ParentCursor[] = [];
  for (const [name, state] of states) {
    const rows = stored.get(name) ?? [];
    const known = isInTable(ownState(documents, name)) ? rows : [];
    const parents = state?.syncline_parents ?? {};
    const startsAnew =
      known.length < rows.length || known.some(({ parentKey, cursorPath }) => cursorAt(parents, parentKey, cursorPath) === undefined);
    const toTable = state !== undefined && ((known.length > 0 && !startsAnew) || Object.keys(parents).length > MOST_PARENTS_IN_STATE);
    if (startsAnew) forget.push(name);
    if (toTable) addChanges(put, { resource: name, parents, known: startsAnew ? [] : known });
    kept.set(name, state && documentOf(state, toTable));
  }
  return { states: kept, changes: forget.length > 0 || put.length > 0 ? { forget, put } : undefined };
}

function addChanges(put: ParentCursor[], after: { resource: string; parents: Parents; known: readonly ParentCursor[] }): void {
  const { resource } = after;
  const before = parentsOf(after.known);
  for (const [parentKey, cursors] of Object.entries(after.parents)) {
    for (const [cursorPath, state] of Object.entries(cursors)) {
      if (!isDeepStrictEqual(cursorAt(before, parentKey, cursorPath), state)) put.push({ resource, parentKey, cursorPath, state });
    }
  }
}

function documentOf(state: ResourceState, toTable: boolean): ResourceState {
  const { syncline_parents_in: _, ...rest } = state;
  if (!toTable) return rest;
  const { syncline_parents: __, ...document } = rest;
  return { ...document, syncline_parents_in: 'table' };
}

function isInTable(state: ResourceState | undefined): boolean {
  return state?.syncline_parents_in === 'table';
}

function parentsOf(cursors: readonly ParentCursor[]): Parents {
  const parents = new Map<string, Record<string, IncrementalState>>();
  for (const { parentKey, cursorPath, state } of cursors) parents.set(parentKey, { ...parents.get(parentKey), [cursorPath]: state });
  return Object.fromEntries(parents);
}

function byResource(cursors: readonly ParentCursor[] = []): Map<string, ParentCursor[]> {
  const found = new Map<string, ParentCursor[]>();
  for (const cursor of cursors) {
    const known = found.get(cursor.resource);
    if (known) known.push(cursor);
    else found.set(cursor.resource, [cursor]);
  }
  return found;
}

/** Keys come from data: only own ones count. */
function cursorAt(parents: Parents, parentKey: string, cursorPath: string): IncrementalState | undefined {
  const cursors = Object.hasOwn(parents, parentKey) ? parents[parentKey] : undefined;
  return cursors && Object.hasOwn(cursors, cursorPath) ? cursors[cursorPath] : undefined;
}

function ownState(states: ResourceStates, name: string): ResourceState | undefined {
  return Object.hasOwn(states, name) ? states[name] : undefined;
}
