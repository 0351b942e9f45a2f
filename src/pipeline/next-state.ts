import { stateHash } from '../core/schema-hash.ts';
import type { PipelineState, ResourceState, SourceState } from '../core/state.ts';
import { STATE_ENGINE_VERSION } from '../core/system-tables.ts';

/** What a run makes of the pipeline's state. */
export interface StateUpdate {
  /** As the destination has it; `undefined` before the first run. */
  readonly restored: PipelineState | undefined;
  readonly pipeline: string;
  readonly dataset: string;
  /** dlt's name of the destination's type. */
  readonly destinationType: string;
  /** Name of the source and of its schema. */
  readonly source: string;
  /** New states of resources; `undefined` forgets one. */
  readonly resources: ReadonlyMap<string, ResourceState | undefined>;
  /** Version hash of the source's schema, when the load changes it. */
  readonly changedSchema?: string | undefined;
}

/** Key of a source's state that tells which version of the schema was the news. */
const SCHEMA_NEWS = 'syncline_schema';

/**
 * The state after a run, as dlt would write it, or `undefined` when nothing in it has changed. Keys that
 * are not ours stay as they are.
 *
 * A dlt whose working directory is older looks for schemas only when the state has changed. So one that
 * says nothing new but goes with a changed schema names that.
 */
export function nextState(update: StateUpdate): PipelineState | undefined {
  const { restored, source, changedSchema } = update;
  const state = stateAfter(update);
  if (restored === undefined || stateHash(restored) !== state._version_hash) return state;
  if (changedSchema === undefined) return undefined;
  const sources = { ...state.sources, [source]: { ...state.sources?.[source], [SCHEMA_NEWS]: changedSchema } };
  return withHash({ ...state, sources });
}

function stateAfter(update: StateUpdate): PipelineState {
  const { restored, pipeline, dataset, source } = update;
  const names = restored?.schema_names ?? [];
  const sources = withResources(restored?.sources, source, update.resources);
  const { sources: _sources, ...kept } = restored ?? {};
  return withHash({
    ...kept,
    _state_version: restored ? restored._state_version + 1 : 1,
    _state_engine_version: STATE_ENGINE_VERSION,
    pipeline_name: pipeline,
    dataset_name: dataset,
    default_schema_name: restored?.default_schema_name ?? source,
    schema_names: names.includes(source) ? names : [...names, source],
    destination_type: update.destinationType,
    destination_name: restored?.destination_name ?? null,
    ...(sources && { sources }),
  });
}

function withHash(state: PipelineState): PipelineState {
  return { ...state, _version_hash: stateHash(state) };
}

function withResources(
  sources: Record<string, SourceState> | undefined,
  name: string,
  updates: StateUpdate['resources'],
): Record<string, SourceState> | undefined {
  const before = sources?.[name];
  const resources = { ...before?.resources };
  for (const [resource, state] of updates) {
    if (state === undefined) delete resources[resource];
    else resources[resource] = state;
  }
  if (Object.keys(resources).length === 0 && before?.resources === undefined) return sources;
  return { ...sources, [name]: { ...before, resources } };
}
