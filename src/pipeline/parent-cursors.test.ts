import { describe, expect, it } from 'vitest';
import type { Restored } from '../core/destination.ts';
import type { Json } from '../core/json.ts';
import type { IncrementalState, ParentCursor, PipelineState, ResourceState } from '../core/state.ts';
import { joinParentCursors, MOST_PARENTS_IN_STATE, splitParentCursors } from './parent-cursors.ts';

type Stored = Pick<Restored, 'state' | 'parentCursors'>;

const cursor = (last_value: Json): IncrementalState => ({ initial_value: null, last_value, unique_hashes: [], start_value: null });
const parentsUpTo = (count: number, last: Json = 1): NonNullable<ResourceState['syncline_parents']> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`{"p":${i}}`, { ts: cursor(last) }]));
const withSingle = (syncline_parents: NonNullable<ResourceState['syncline_parents']>): ResourceState => ({
  mine: 1,
  incremental: { ts: cursor(1) },
  syncline_parents,
});
const document = (resources: Record<string, ResourceState>): PipelineState =>
  ({
    _state_version: 1,
    sources: { api: { seen: 1, resources }, other: { resources: { c: { kept: true } } } },
  }) as unknown as PipelineState;
const split = (states: Record<string, ResourceState | undefined>, restored?: Stored) =>
  splitParentCursors(new Map(Object.entries(states)), { restored, source: 'api' });
const join = (restored: Stored | undefined) => joinParentCursors({ restored, source: 'api' })?.sources?.['api']?.resources;

/** What a dataset has after a commit. */
function committed(before: Stored | undefined, { states, changes }: ReturnType<typeof split>): Stored {
  const resources = { ...before?.state?.sources?.['api']?.resources };
  for (const [name, state] of states) {
    if (state) resources[name] = state;
    else delete resources[name];
  }
  const rows = new Map<string, ParentCursor>();
  const keyOf = ({ resource, parentKey, cursorPath }: ParentCursor) => JSON.stringify([resource, parentKey, cursorPath]);
  for (const row of before?.parentCursors ?? []) if (!changes?.forget.includes(row.resource)) rows.set(keyOf(row), row);
  for (const row of changes?.put ?? []) rows.set(keyOf(row), row);
  return { state: document(resources), parentCursors: [...rows.values()] };
}

describe('parent cursors', () => {
  const few = withSingle(parentsUpTo(MOST_PARENTS_IN_STATE));
  const many = withSingle(parentsUpTo(MOST_PARENTS_IN_STATE + 1));
  const moved = committed(undefined, split({ c: many }));

  it('stay in the document while they are few', () => {
    expect(split({ c: few, top: { incremental: { ts: cursor(1) } }, gone: undefined })).toEqual({
      states: new Map<string, unknown>([
        ['c', few],
        ['top', { incremental: { ts: cursor(1) } }],
        ['gone', undefined],
      ]),
      changes: undefined,
    });
  });

  it('move to the table when they are many, and come back as they were', () => {
    const { states, changes } = split({ c: many, d: few });
    expect(states.get('c')).toEqual({ mine: 1, incremental: { ts: cursor(1) }, syncline_parents_in: 'table' });
    expect(changes).toMatchObject({ forget: [], put: { length: MOST_PARENTS_IN_STATE + 1 } });
    expect(changes?.put[0]).toEqual({ resource: 'c', parentKey: '{"p":0}', cursorPath: 'ts', state: cursor(1) });
    expect(join(committed(undefined, split({ c: many, d: few })))).toEqual({ c: { ...many, syncline_parents_in: 'table' }, d: few });
  });

  it('are put one by one when they change', () => {
    const state = join(moved)?.['c'] as ResourceState;
    expect(split({ c: state }, moved).changes).toBeUndefined();
    expect(split({ c: state }, moved).states.get('c')).toEqual(moved.state?.sources?.['api']?.resources?.['c']);
    const parents = { ...state.syncline_parents, '{"p":3}': { ts: cursor(2), 'a.b': cursor(5) }, new: { ts: cursor(1) } };
    expect(split({ c: { ...state, syncline_parents: parents } }, moved).changes).toEqual({
      forget: [],
      put: [
        { resource: 'c', parentKey: '{"p":3}', cursorPath: 'ts', state: cursor(2) },
        { resource: 'c', parentKey: '{"p":3}', cursorPath: 'a.b', state: cursor(5) },
        { resource: 'c', parentKey: 'new', cursorPath: 'ts', state: cursor(1) },
      ],
    });
  });

  it('leave the table when the resource starts anew', () => {
    expect(split({ c: undefined }, moved)).toEqual({ states: new Map([['c', undefined]]), changes: { forget: ['c'], put: [] } });
    const fresh = withSingle({ other: { ts: cursor(9) } });
    const again = split({ c: fresh }, moved);
    expect(again).toEqual({ states: new Map([['c', fresh]]), changes: { forget: ['c'], put: [] } });
    expect(join(committed(moved, again))).toEqual({ c: fresh });
    const manyOthers = withSingle(
      Object.fromEntries(Object.entries(many.syncline_parents ?? {}).map(([key, value]) => [`new ${key}`, value])),
    );
    const replaced = split({ c: manyOthers }, moved);
    expect(replaced.changes).toMatchObject({ forget: ['c'], put: { length: MOST_PARENTS_IN_STATE + 1 } });
    expect(join(committed(moved, replaced))?.['c']?.syncline_parents).toEqual(manyOthers.syncline_parents);
    const allButOne = Object.fromEntries([...Object.entries(many.syncline_parents ?? {}).slice(1), ['new', { ts: cursor(1) }]]);
    expect(join(committed(moved, split({ c: withSingle(allButOne) }, moved)))?.['c']?.syncline_parents).toEqual(allButOne);
  });

  it('that the document does not speak of are leftovers', () => {
    const reset: Stored = { ...moved, state: document({ c: { incremental: { ts: cursor(4) } } }) };
    expect(join(reset)).toEqual({ c: { incremental: { ts: cursor(4) } } });
    const next = split({ c: withSingle({ a: { ts: cursor(5) } }) }, reset);
    expect(next.changes).toEqual({ forget: ['c'], put: [] });
    expect(join(committed(reset, next))).toEqual({ c: withSingle({ a: { ts: cursor(5) } }) });
  });

  it('that the table has lost start from the cursor in the document', () => {
    const lost: Stored = { state: moved.state, parentCursors: [] };
    expect(join(lost)?.['c']).toEqual({ mine: 1, incremental: { ts: cursor(1) }, syncline_parents_in: 'table' });
    const next = split({ c: withSingle({ a: { ts: cursor(5) } }) }, lost);
    expect(next).toEqual({ states: new Map([['c', withSingle({ a: { ts: cursor(5) } })]]), changes: undefined });
  });

  it('of other resources and sources are left alone', () => {
    const state = joinParentCursors({ restored: moved, source: 'other' });
    expect(state).toEqual(moved.state);
    expect(split({ d: few }, moved).changes).toBeUndefined();
    expect(joinParentCursors({ restored: undefined, source: 'api' })).toBeUndefined();
  });

  it('take any text for a key', () => {
    const parents = Object.fromEntries([...Object.entries(many.syncline_parents ?? {}), ['__proto__', { ts: cursor(7) }]]);
    const stored = committed(undefined, split({ c: withSingle(parents) }));
    expect(join(stored)?.['c']?.syncline_parents).toEqual(parents);
    const known = Object.entries(join(stored)?.['c']?.syncline_parents ?? {}).find(([key]) => key === '__proto__');
    expect(known?.[1]).toEqual({ ts: cursor(7) });
  });
});
