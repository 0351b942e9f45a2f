import { describe, expect, it } from 'vitest';
import type { PipelineState, ResourceState } from '../core/state.ts';
import { nextState, type StateUpdate } from './next-state.ts';

/** What dlt 1.31 wrote in two runs of an incremental resource. */
const first: PipelineState = {
  _state_version: 1,
  _state_engine_version: 4,
  schema_names: ['api'],
  pipeline_name: 'p',
  dataset_name: 'd',
  default_schema_name: 'api',
  destination_type: 'dlt.destinations.duckdb',
  destination_name: null,
  _version_hash: 'N13Xv0MC1p2YtmjIJfj1yj/QYJasbbGHKKpTTx82Xqk=',
  sources: {
    api: {
      resources: { r: { incremental: { ts: { initial_value: null, last_value: 1, unique_hashes: ['qxl+uj8WTMLG'], start_value: null } } } },
    },
  },
};
const second: PipelineState = {
  ...first,
  _state_version: 2,
  _version_hash: '8vm/RqkBH1mmwZUArssgn3lsNKnGAmDvv7ScIjwfOR0=',
  sources: {
    api: {
      resources: { r: { incremental: { ts: { initial_value: null, last_value: 2, unique_hashes: ['yliF2Z7Gtzo3'], start_value: 1 } } } },
    },
  },
};
const withoutRows: PipelineState = { ...first, _version_hash: 'mYUOgUo2dyDfGS6hQXvYvYi5bv46ocb3+9Pd/kpy85M=' };
delete withoutRows.sources;

const resourceOf = (state: PipelineState): ResourceState => state.sources?.['api']?.resources?.['r'] ?? {};
const update = (change: Partial<StateUpdate>): StateUpdate => ({
  restored: undefined,
  pipeline: 'p',
  dataset: 'd',
  destinationType: 'dlt.destinations.duckdb',
  source: 'api',
  resources: new Map(),
  ...change,
});

describe('nextState', () => {
  it('writes what dlt writes: with, without and after an incremental', () => {
    expect(nextState(update({}))).toEqual(withoutRows);
    expect(nextState(update({ resources: new Map([['r', resourceOf(first)]]) }))).toEqual(first);
    expect(nextState(update({ restored: first, resources: new Map([['r', resourceOf(second)]]) }))).toEqual(second);
  });

  it('is undefined when nothing has changed', () => {
    expect(nextState(update({ restored: first }))).toBeUndefined();
    expect(nextState(update({ restored: first, resources: new Map([['r', resourceOf(first)]]) }))).toBeUndefined();
    expect(nextState(update({ restored: { ...first, _version_hash: 'another program wrote this' } }))).toBeUndefined();
  });

  it('names a schema that changed, when it says nothing else that is new', () => {
    const named = nextState(update({ restored: first, changedSchema: 'new' }));
    expect(named).toMatchObject({ _state_version: 2, sources: { api: { ...first.sources?.['api'], syncline_schema: 'new' } } });
    expect(named?._version_hash).not.toBe(first._version_hash);
    expect(nextState(update({ restored: named }))).toBeUndefined();
    expect(nextState(update({ changedSchema: 'new' }))).toEqual(withoutRows);
    expect(nextState(update({ restored: first, resources: new Map([['r', resourceOf(second)]]), changedSchema: 'new' }))).toEqual(second);
  });

  it('keeps what is not its own', () => {
    const restored: PipelineState = {
      ...first,
      extra: 1,
      sources: { ...first.sources, other: { mine: 2 }, api: { seen: 3, ...first.sources?.['api'] } },
    };
    expect(nextState(update({ restored, resources: new Map([['q', { k: 1 }]]) }))).toMatchObject({
      _state_version: 2,
      extra: 1,
      sources: { other: { mine: 2 }, api: { seen: 3, resources: { r: resourceOf(first), q: { k: 1 } } } },
    });
  });

  it('adds a second source and leaves the default schema', () => {
    expect(nextState(update({ restored: first, source: 'other' }))).toMatchObject({
      default_schema_name: 'api',
      schema_names: ['api', 'other'],
    });
  });

  it('forgets a resource', () => {
    expect(nextState(update({ restored: first, resources: new Map([['r', undefined]]) }))?.sources).toEqual({ api: { resources: {} } });
  });
});
