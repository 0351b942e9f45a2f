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
}

/**
 * The state after a run, as dlt would write it, or `undefined` when nothing in it has changed. Keys that
 * are not ours stay as they are.
 */
export function nextState(update: StateUpdate): PipelineState | undefined {
  const { restored, pipeline, dataset, source } = update;
  const names = restored?.schema_names ?? [];
  const sources = withResources(restored?.sources, source, update.resources);
  const { sources: _sources, ...kept } = restored ?? {};
  const state: PipelineState = {
    ...kept,
    _state_version: restored?._state_version ?? 1,
    _state_engine_version: STATE_ENGINE_VERSION,
    pipeline_name: pipeline,
    dataset_name: dataset,
    default_schema_name: restored?.default_schema_name ?? source,
    schema_names: names.includes(source) ? names : [...names, source],
    destination_type: update.destinationType,
    destination_name: restored?.destination_name ?? null,
    ...(sources && { sources }),
  };
  const hash = stateHash(state);
  if (restored && stateHash(restored) === hash) return undefined;
  return { ...state, _state_version: restored ? restored._state_version + 1 : 1, _version_hash: hash };
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
