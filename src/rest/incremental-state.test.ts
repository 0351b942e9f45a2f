import { describe, expect, it } from 'vitest';
import type { Json } from '../core/json.ts';
import { parseJson } from '../core/parse-json.ts';
import type { IncrementalState, ResourceState } from '../core/state.ts';
import { advanceState, storedCursor } from './incremental-state.ts';
import type { IncrementalOptions } from './incremental-options.ts';

const cursor = (last_value: Json, ...unique_hashes: string[]): IncrementalState => ({
  initial_value: null,
  last_value,
  unique_hashes,
  start_value: null,
});
const advance = (state: ResourceState | undefined, progress: Record<string, IncrementalState>, options: Partial<IncrementalOptions> = {}) =>
  advanceState({
    state,
    incremental: { cursor_path: 'ts', ...options },
    progress: Object.entries(progress).map(([parentKey, incremental]) => ({ parentKey, incremental })),
  });
const cursorOf = (state: ResourceState | undefined, parentKey?: string) => storedCursor({ state, cursorPath: 'ts', parentKey });

describe('advanceState', () => {
  it('writes the cursor of a top-level resource where dlt has it, and keeps all else', () => {
    const state = { other: 1, incremental: { 'a.b': cursor(1) } };
    const next = advanceState({ state, incremental: { cursor_path: 'ts' }, progress: [{ incremental: cursor(5, 'x') }] });
    expect(next).toEqual({ other: 1, incremental: { 'a.b': cursor(1), ts: cursor(5, 'x') } });
    expect(state).toEqual({ other: 1, incremental: { 'a.b': cursor(1) } });
  });

  it('leaves the state alone when no walk has progress', () => {
    const state = { a: 1 };
    expect(advanceState({ state, incremental: { cursor_path: 'ts' }, progress: [] })).toBe(state);
    expect(advanceState({ state: undefined, incremental: { cursor_path: 'ts' }, progress: [] })).toBeUndefined();
  });

  it('gives each parent a cursor of its own', () => {
    const state = advance(undefined, { '1': cursor(10, 'a'), '2': cursor(3, 'b') });
    const next = advance(state, { '2': cursor(7, 'c'), '3': cursor(8) });
    expect(['1', '2', '3', '4'].map((key) => cursorOf(next, key)?.last_value)).toEqual([10, 7, 8, undefined]);
  });

  it('joins several walks of one parent', () => {
    const progress = [cursor(5, 'a'), cursor(7, 'c', 'b'), cursor(7, 'b', 'a'), cursor(6, 'd'), cursor(null)];
    const next = advanceState({
      state: undefined,
      incremental: { cursor_path: 'ts' },
      progress: progress.map((incremental) => ({ parentKey: 'p', incremental })),
    });
    expect(cursorOf(next, 'p')).toEqual(cursor(7, 'a', 'b', 'c'));
  });

  it('leaves dlt the cursor of the parent that is furthest behind', () => {
    const next = advance(undefined, { '1': cursor(10, 'a'), '2': cursor(3, 'b'), '3': cursor(3, 'c'), '4': cursor(null) });
    expect(next?.incremental).toEqual({ ts: cursor(3, 'b', 'c') });
    const later = advance(next, { '2': cursor(12), '3': cursor(11) }, { initial_value: 0 });
    expect(later?.incremental).toEqual({ ts: { initial_value: 0, last_value: 10, unique_hashes: ['a'], start_value: 3 } });
  });

  it('takes the later one for min, and what a function says', () => {
    const progress = { '1': cursor(10), '2': cursor(3) };
    expect(advance(undefined, progress, { last_value_func: 'min' })?.incremental?.['ts']?.last_value).toBe(10);
    const last_value_func = (values: readonly unknown[]) => Math.max(...(values as number[]));
    expect(advance(undefined, progress, { last_value_func })?.incremental?.['ts']?.last_value).toBe(3);
  });

  it('lets dlt start afresh when the cursors have no order', () => {
    const next = advance(undefined, { '1': cursor(10), '2': cursor('x') }, { initial_value: 1 });
    expect(next?.incremental).toEqual({ ts: { initial_value: 1, last_value: 1, unique_hashes: [], start_value: 1 } });
  });

  it('compares texts as the dates and numbers that they are', () => {
    expect(advance(undefined, { '1': cursor('9', 'a'), '2': cursor('10') })?.incremental).toEqual({ ts: cursor('9', 'a') });
    const [utc, east] = ['2024-01-01T00:00:00Z', '2024-01-01T01:00:00+01:00'];
    expect(advance(undefined, { '1': cursor(east, 'a'), '2': cursor('2024-02-01'), '3': cursor(utc, 'b') })?.incremental).toEqual({
      ts: cursor(east, 'a', 'b'),
    });
    const progress = [cursor('9'), cursor('10'), cursor('9.5')].map((incremental) => ({ incremental }));
    expect(cursorOf(advanceState({ state: undefined, incremental: { cursor_path: 'ts' }, progress }))).toEqual(cursor('10'));
  });

  it('keeps the first of two walks whose cursors have no order', () => {
    const progress = [cursor(1), cursor('x')].map((incremental) => ({ parentKey: 'p', incremental }));
    expect(cursorOf(advanceState({ state: undefined, incremental: { cursor_path: 'ts' }, progress }), 'p')).toEqual(cursor(1));
  });

  it('leaves the hashes of very many rows out of the cursor for dlt', () => {
    const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [String(i), cursor(3, `hash ${i}`)]));
    expect(advance(undefined, many(1000))?.incremental?.['ts']?.unique_hashes).toHaveLength(1000);
    const next = advance(undefined, many(1001));
    expect(next?.incremental).toEqual({ ts: cursor(3) });
    expect(cursorOf(next, '7')).toEqual(cursor(3, 'hash 7'));
  });

  it('takes a walk for each of very many parents, known and new', () => {
    const keys = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => String(from + i));
    const progress = (from: number, to: number) => Object.fromEntries(keys(from, to).map((key) => [key, cursor(3, 'one')]));
    const state = advance(undefined, progress(0, 20_000));
    const next = advance(state, progress(10_000, 30_000));
    expect(keys(0, 40_000).filter((key) => cursorOf(next, key) !== undefined)).toHaveLength(30_000);
    expect(next?.incremental).toEqual({ ts: { ...cursor(3, 'one'), start_value: 3 } });
  });

  it('does not touch the cursors of parents that were not walked', () => {
    const state = advance(undefined, { '1': cursor(1), '2': cursor(2) });
    const next = advance(state, { '2': cursor(3) });
    expect(next?.syncline_parents?.['1']).toBe(state?.syncline_parents?.['1']);
    expect(cursorOf(state, '2')).toEqual(cursor(2));
  });

  it('takes any text for a parent key', () => {
    const key = '__proto__';
    const next = advance(undefined, { [key]: cursor(1), ...(parseJson('{"constructor": {"last_value": 2}}') as object) });
    expect(cursorOf(next, 'toString')).toBeUndefined();
    const own = advanceState({ state: next, incremental: { cursor_path: 'ts' }, progress: [{ parentKey: key, incremental: cursor(4) }] });
    expect(cursorOf(own, key)).toEqual(cursor(4));
  });
});

describe('storedCursor', () => {
  const byDlt: ResourceState = { incremental: { ts: cursor(5, 'a') } };

  it('is the one cursor of a top-level resource', () => {
    expect(cursorOf(byDlt)).toEqual(cursor(5, 'a'));
    expect(cursorOf(undefined)).toBeUndefined();
    expect(cursorOf({ incremental: {} })).toBeUndefined();
  });

  it('goes on from the cursor that dlt left, for every parent', () => {
    expect(cursorOf(byDlt, '1')).toEqual(cursor(5, 'a'));
    expect(cursorOf(byDlt, '2')).toEqual(cursor(5, 'a'));
  });

  it('starts a new parent afresh, once parents have their own', () => {
    const next = advance(byDlt, { '1': cursor(9) });
    expect(cursorOf(next, '1')).toEqual(cursor(9));
    expect(cursorOf(next, '2')).toBeUndefined();
  });

  it('tells cursor paths apart', () => {
    const state = { ...advance(undefined, { '1': cursor(9) }, { cursor_path: 'other' }), incremental: { ts: cursor(5) } };
    expect(cursorOf(state, '1')).toEqual(cursor(5));
  });
});
