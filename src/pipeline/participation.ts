import { type Gaps, hasPartial } from '../core/gap.ts';
import type { Schema } from '../core/schema.ts';
import type { Resource, WalkProgress } from '../core/source.ts';
import type { PipelineState, ResourceState } from '../core/state.ts';
import { deletesWhatIsMissing, dispositionOf, replacedTables, rootTablesOf } from './disposition.ts';
import type { Selection } from './select-resources.ts';

/** States of a source's resources, by name. */
export type ResourceStates = Readonly<Record<string, ResourceState>>;

/** What a run does with each resource, as far as that is known before its rows are. */
export interface Participation extends Selection {
  readonly fullRefresh: boolean;
  /** What the walks lack, by resource. */
  readonly gaps: Gaps;
  /** Resources that have a partial walk, and all below them. */
  readonly incomplete: ReadonlySet<string>;
  /** Resources whose rows stay out: a part of them would delete or retire what it lacks. */
  readonly leftOut: ReadonlySet<string>;
}

/** Settles what becomes of each resource, once it is known whose walks are partial. */
export function settleParticipation(
  selection: Selection,
  known: { readonly fullRefresh: boolean; readonly gaps: Gaps; readonly schema: Schema | undefined },
): Participation {
  const { fullRefresh, gaps, schema } = known;
  const incomplete = new Set<string>();
  const leftOut = new Set<string>();
  for (const resource of selection.walked) {
    const { name, parent } = resource;
    if (!hasPartial(gaps.get(name)) && (parent === undefined || !incomplete.has(parent))) continue;
    incomplete.add(name);
    const hasRows = schema !== undefined && rootTablesOf(schema, resource).length > 0;
    if (selection.loaded.has(name) && hasRows && (fullRefresh || deletesWhatIsMissing(resource))) leftOut.add(name);
  }
  return { ...selection, fullRefresh, gaps, incomplete, leftOut };
}

/** A run that is not complete and was to load all or nothing. */
export function withNothingLoaded(participation: Participation): Participation {
  return { ...participation, leftOut: participation.loaded };
}

/** True when rows of the resource go to the destination. */
export function isLoaded({ loaded, leftOut }: Participation, { name }: Resource): boolean {
  return loaded.has(name) && !leftOut.has(name);
}

/** Root tables that the load empties first. A full refresh empties all tables of the resources that it loads. */
export function tablesReplaced(participation: Participation, schema: Schema): string[] {
  return participation.walked
    .filter((resource) => isLoaded(participation, resource))
    .flatMap((resource) => (participation.fullRefresh ? rootTablesOf(schema, resource) : replacedTables(schema, resource)));
}

/** The states that walks are planned from. `replace` and a full refresh start from the beginning, as in dlt. */
export function statesAtStart(
  state: PipelineState | undefined,
  source: string,
  run: { readonly walked: readonly Resource[]; readonly fullRefresh: boolean },
): ResourceStates {
  const states = statesOf(state, source);
  const kept = run.walked
    .filter((resource) => !startsAnew(resource, run.fullRefresh))
    .flatMap(({ name }) => (states[name] ? [[name, states[name]]] : []));
  return Object.fromEntries(kept) as ResourceStates;
}

/**
 * New states of the resources. One moves when all walks of the resource, and of those above it, are
 * complete (invariant 4). A resource that is walked for others only, although the configuration selects
 * it, keeps its state: its rows were not loaded.
 */
export function statesAtEnd(
  participation: Participation,
  {
    state,
    source,
    progress,
    isPart,
  }: {
    readonly state: PipelineState | undefined;
    readonly source: string;
    readonly progress: ReadonlyMap<string, readonly WalkProgress[]>;
    /** More of the run follows. */
    readonly isPart: boolean;
  },
): Map<string, ResourceState | undefined> {
  const { walked, loaded, incomplete, fullRefresh } = participation;
  const states = statesOf(state, source);
  const result = new Map<string, ResourceState | undefined>();
  for (const resource of walked) {
    const { name, selected } = resource;
    if (incomplete.has(name) || (selected && !loaded.has(name))) continue;
    const base = startsAnew(resource, fullRefresh) ? undefined : states[name];
    const moved = resource.advance(base, progress.get(name) ?? []) ?? base;
    const after = isPart ? withOwnCursor(moved, base) : moved;
    if (after !== undefined || states[name] !== undefined) result.set(name, after);
  }
  return result;
}

/** The cursor that stands for all parents of a resource, which dlt goes on with, must not pass a parent that is still to come. */
function withOwnCursor(moved: ResourceState | undefined, base: ResourceState | undefined): ResourceState | undefined {
  if (moved?.syncline_parents === undefined) return moved;
  const { incremental: _, ...rest } = moved;
  return { ...rest, ...(base?.incremental && { incremental: base.incremental }) };
}

function statesOf(state: PipelineState | undefined, source: string): ResourceStates {
  return state?.sources?.[source]?.resources ?? {};
}

function startsAnew(resource: Resource, fullRefresh: boolean): boolean {
  return fullRefresh || dispositionOf(resource)?.disposition === 'replace';
}
