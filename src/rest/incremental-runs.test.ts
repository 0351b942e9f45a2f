import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../core/json.ts';
import { parseJson } from '../core/parse-json.ts';
import type { Row } from '../core/source.ts';
import type { IncrementalState, ResourceState } from '../core/state.ts';
import { typed } from '../core/typed-json.ts';
import { createCursorFilter } from './incremental-filter.ts';
import type { DedupKey } from './incremental-options.ts';
import { advanceState, storedCursor } from './incremental-state.ts';
import { freezeBounds, type IncrementalOptions, startValue } from './incremental.ts';

/** What the head of the golden file says of each scenario. */
interface Scenario extends Partial<IncrementalOptions> {
  readonly key?: DedupKey;
  readonly replace?: boolean;
  readonly stored?: IncrementalState;
}

const OLD_HASHES = {
  initial_value: null,
  last_value: '2024-01-02',
  unique_hashes: ['Tp44cKMYfAuJiBfxLAqu', 'Cn/dwi436vBbdERZ9hKf'],
  start_value: null,
};
const SCENARIOS: Readonly<Record<string, Scenario>> = {
  i1: { key: 'id' },
  i2: {},
  i3: { key: 'id' },
  i4: { key: 'id', initial_value: 0, lag: 7 },
  i5: { key: 'id', initial_value: 5, end_value: 20 },
  i6: { on_cursor_value_missing: 'include' },
  i7: { on_cursor_value_missing: 'exclude' },
  i8: { on_cursor_value_missing: 'raise' },
  i9: { range_start: 'open' },
  i10: { cursor_path: 'a.b', key: ['id'] },
  i11: { key: 'id', last_value_func: 'min' },
  i12: { initial_value: '2024-01-01', lag: 2 },
  i13: { initial_value: '2024-01-01T00:00:00Z', lag: 3600 },
  i14: { initial_value: '2024-01-01', lag: 2 },
  i15: { initial_value: 5, end_value: 20, range_end: 'closed' },
  i16: { primary_key: [] },
  i17: { key: 'id', initial_value: 3, replace: true },
  i18: { key: 'id', stored: OLD_HASHES },
};

interface Run {
  readonly rows: readonly Row[];
  readonly start: Json;
  /** The rows, or the message of the error. */
  readonly passed: Json;
  readonly state: Json;
}

const runs = readRuns(readFileSync(new URL('../../test/golden/incremental-runs.txt', import.meta.url), 'utf8'));

describe('the scenarios that dlt ran', () => {
  it('are all there', () => expect([...runs.keys()]).toEqual(Object.keys(SCENARIOS)));

  it.each(Object.entries(SCENARIOS))('%s', (name, { key, replace, stored, ...more }) => {
    const options: IncrementalOptions = { cursor_path: 'ts', ...more };
    let state: ResourceState | undefined = stored && { incremental: { ts: stored } };
    for (const run of runs.get(name) as readonly Run[]) {
      const before = replace ? undefined : storedCursor({ state, cursorPath: options.cursor_path, parentKey: undefined });
      const bounds = freezeBounds(options, before);
      const filter = createCursorFilter({ options, bounds, primaryKey: key, resource: 'r' });
      expect(startValue(options, bounds)).toEqual(run.start);
      expect(attempt(() => run.rows.filter((row) => filter.keep(row)))).toEqual(run.passed);
      // A run that fails keeps nothing.
      if (typeof run.passed === 'string') continue;
      const progress = filter.progress();
      state = advanceState({ state, incremental: options, progress: progress ? [{ incremental: progress }] : [] });
      expect(state ?? null).toEqual(run.state);
    }
  });
});

function attempt(load: () => Row[]): Row[] | string {
  try {
    return load();
  } catch (error) {
    return (error as Error).message;
  }
}

/** Each run is a line, with a line of the state after it. */
function readRuns(text: string): Map<string, Run[]> {
  const found = new Map<string, Run[]>();
  const pattern = /^(i\d+) run \d+ (?:in: (.*?) {2}start\/last\/end \[\((.*)\)\] {2}passed: (.*)|PipelineStepFailed.*)\n {5}state: (.*)$/gm;
  for (const [, name, rows, bounds, passed, state] of text.matchAll(pattern)) {
    const run: Run = {
      rows: rows === undefined ? [{ id: 1, ts: null }] : withDatetimes(parseJson(rows) as Row[]),
      start: bounds === undefined ? null : firstOf(bounds),
      passed: passed === undefined ? 'A row of resource "r" has null at the cursor path `ts`' : parsePython(passed),
      state: resourceState(parseJson(state as string)),
    };
    found.set(name as string, [...(found.get(name as string) ?? []), run]);
  }
  return found;
}

function resourceState(sources: Json): Json {
  const [source] = sources === null ? [] : Object.values(sources as Record<string, JsonObject>);
  return source ? ((source['resources'] as JsonObject)['r'] ?? null) : null;
}

/** The rows of i3 hold Python datetimes, which the file prints with a blank. */
function withDatetimes(rows: readonly Row[]): Row[] {
  return rows.map((row) => {
    const { ts } = row as JsonObject;
    const isDatetime = typeof ts === 'string' && ts.includes(' ');
    return isDatetime ? { ...(row as JsonObject), ts: typed('datetime', ts.replace(' ', 'T')) } : row;
  });
}

/** The first of `(start, last, end)`. */
function firstOf(bounds: string): Json {
  const datetime = /^datetime\.datetime\((\d+), (\d+), (\d+), (\d+), (\d+)/.exec(bounds);
  if (!datetime) return parsePython(bounds.split(', ')[0] as string);
  const [year, ...rest] = datetime.slice(1) as [string, ...string[]];
  const [month, day, hour, minute] = rest.map((part) => part.padStart(2, '0'));
  return typed('datetime', `${year}-${month}-${day}T${hour}:${minute}:00+00:00`);
}

function parsePython(text: string): Json {
  return parseJson(text.replaceAll("'", '"').replaceAll('None', 'null'));
}
