import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type Json, JsonFloat, type JsonObject } from '../core/json.ts';
import { parseJson } from '../core/parse-json.ts';
import type { Row } from '../core/source.ts';
import type { IncrementalState } from '../core/state.ts';
import { createCursorFilter, type CursorFilterOptions } from './incremental-filter.ts';
import type { DedupKey } from './incremental-options.ts';
import { freezeBounds, type IncrementalOptions, startValue } from './incremental.ts';

interface GoldenRun {
  readonly batches: readonly Row[][];
  readonly start?: Json;
  readonly passed?: Json;
  readonly exhausted?: boolean;
  readonly state?: IncrementalState;
  readonly error?: string;
}

const golden = readFileSync(new URL('../../test/golden/incremental-filter.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => parseJson(line) as JsonObject);

const filterOf = (options: Partial<IncrementalOptions>, more: Partial<CursorFilterOptions> = {}) => {
  const all: IncrementalOptions = { cursor_path: 'ts', ...options };
  return createCursorFilter({ options: all, bounds: freezeBounds(all, undefined), resource: 'r', ...more });
};
const keptOf = (options: Partial<IncrementalOptions>, rows: readonly Row[]) => {
  const filter = filterOf(options);
  return rows.filter((row) => filter.keep(row));
};

describe('createCursorFilter', () => {
  it('keeps and remembers what dlt keeps and remembers, page after page, run after run', () => {
    const wrong: unknown[] = [];
    let wentOn = 0;
    for (const { options, primary_key: key, stored, runs } of golden) {
      let state = (stored ?? undefined) as IncrementalState | undefined;
      for (const run of runs as unknown as readonly GoldenRun[]) {
        const got = attempt(() => load({ options: plainOptions(options as JsonObject), key: key as DedupKey | null, stored: state, run }));
        const { batches: _, ...expected } = run;
        // dlt stops at a row at the start that it knows, and leaves out new ones that follow it.
        if (expected.exhausted && isDeepStrictEqual(got, { ...expected, exhausted: false })) wentOn += 1;
        else if (!isDeepStrictEqual(got, expected)) {
          wrong.push({ options, key, expected, got });
          break;
        }
        if (run.state) state = run.state;
      }
    }
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(wentOn).toBe(1);
    expect(golden.length).toBeGreaterThan(150);
  });

  it('tells what is wrong with a row, and what to do', () => {
    expect(() => keptOf({}, [{ id: 1 }])).toThrow(
      expect.objectContaining({ code: 'cursor_value_missing', hint: expect.stringContaining('cursor_path') }),
    );
    expect(() => keptOf({}, [{ ts: null }])).toThrow(
      expect.objectContaining({ code: 'cursor_value_null', hint: expect.stringContaining('on_cursor_value_missing') }),
    );
    expect(() => keptOf({ initial_value: 1 }, [{ ts: 'secret' }])).toThrow(
      'The cursor value at `ts` in a row of resource "r" is a text, but the last value is a number',
    );
    expect(() => keptOf({ initial_value: 1, end_value: 5 }, [{ ts: 'secret' }])).toThrow('is a text, but the end_value is a number');
    const keyed = filterOf({}, { primaryKey: 'uid' });
    expect(() => [keyed.keep({ ts: 1 }), keyed.progress()]).toThrow('A row of resource "r" lacks `uid`');
  });

  it('compares numbers exactly, whatever their size and notation', () => {
    const rows = [{ ts: 9007199254740992 }, { ts: 9007199254740993n }, { ts: new JsonFloat(9007199254740992) }, { ts: 2n ** 70n }];
    expect(keptOf({ initial_value: 9007199254740993n }, rows)).toEqual([{ ts: 9007199254740993n }, { ts: 2n ** 70n }]);
  });

  it('compares dates and numbers in texts as such, whatever their notation', () => {
    const kept = (values: readonly Json[], options: Partial<IncrementalOptions>) =>
      keptOf(
        options,
        values.map((ts) => ({ ts })),
      ).map((row) => (row as JsonObject)['ts']);
    const dates = ['Sun, 31 Dec 2023 23:59:59 GMT', '2024-01-01T01:00:00+02:00', '2024-01-01T00:30:00.5Z', '2023-12-31T23:59:59-01:00'];
    expect(kept(dates, { initial_value: '2024-01-01' })).toEqual(dates.slice(2));
    expect(kept(dates, { initial_value: '2023-12-31T23:30:00Z', end_value: '2024-01-01T00:45:00Z' })).toEqual([dates[0], dates[2]]);
    expect(kept(['9', '10', '8.5', '9007199254740993', '9.0'], { initial_value: '9', range_start: 'open' })).toEqual([
      '10',
      '9007199254740993',
    ]);
    expect(kept(['9', '10', '100'], { initial_value: '100', end_value: '9.5', last_value_func: 'min' })).toEqual(['10', '100']);
  });

  it('goes by the rows where the initial value is of another kind, and by the last value later', () => {
    const filter = filterOf({ initial_value: '0' });
    const texts = ['2024-01-01T00:30:00+02:00', '2023-12-31T23:00:00Z', '2024-01-01T00:00:00+02:00'];
    expect(texts.map((ts) => filter.keep({ ts }))).toEqual([true, true, true]);
    expect(filter.progress()?.last_value).toBe('2023-12-31T23:00:00Z');
    const bounds = { initial_value: '0', last_value: '12a4', unique_hashes: [], start_value: null };
    const later = filterOf({}, { bounds });
    expect(['9', '100', '12a5', 'b'].map((ts) => later.keep({ ts }))).toEqual([true, false, true, true]);
  });

  it('has one notation of the last value, whichever row came first', () => {
    const texts = ['2024-01-01', '2024-01-01T00:00:00Z', '2024-01-01T00:00:00'];
    for (const values of [texts, texts.toReversed()]) {
      const filter = filterOf({});
      for (const ts of values) filter.keep({ ts });
      expect(filter.progress()?.last_value).toBe('2024-01-01T00:00:00Z');
      expect(filter.progress()?.unique_hashes).toHaveLength(3);
    }
  });

  it('neither loses nor doubles rows at the boundary, across pages, runs and notations', () => {
    const [early, late] = ['2024-01-01T12:00:00Z', '2024-01-01T13:00:00+01:00'];
    const options: IncrementalOptions = { cursor_path: 'ts', primary_key: 'id' };
    const run = (stored: IncrementalState | undefined, pages: readonly Row[][]) => {
      const filter = createCursorFilter({ options, bounds: freezeBounds(options, stored), resource: 'r' });
      const ids = pages.flatMap((rows) => rows.filter((row) => filter.keep(row)).map((row) => (row as JsonObject)['id']));
      return { ids, state: filter.progress() };
    };
    const first = run(undefined, [
      [
        { id: 0, ts: '2024-01-01' },
        { id: 1, ts: late },
      ],
      [{ id: 2, ts: early }],
    ]);
    expect(first.ids).toEqual([0, 1, 2]);
    const second = run(first.state, [
      [
        { id: 2, ts: early },
        { id: 3, ts: late },
      ],
      [
        { id: 1, ts: early },
        { id: 4, ts: early },
      ],
    ]);
    expect(second.ids).toEqual([3, 4]);
    expect(second.state?.unique_hashes).toHaveLength(4);
    const third = run(second.state, [[1, 2, 3, 4].map((id) => ({ id, ts: early })), [{ id: 1, ts: '2024-01-01T12:00:00.001Z' }]]);
    expect(third.ids).toEqual([1]);
    expect(third.state?.unique_hashes).toHaveLength(1);
  });

  it.each<['asc' | 'desc', Partial<IncrementalOptions>, readonly number[], number]>([
    // Rows of one value may be in any order, so a known row at the start does not end a walk.
    ['desc', { initial_value: 3 }, [5, 3, 3, 2, 1], 3],
    ['desc', { initial_value: 3, range_start: 'open' }, [5, 3, 3, 2, 1], 1],
    ['desc', { initial_value: 3, last_value_func: 'min' }, [3, 2, 1], -1],
    ['asc', { initial_value: 1, end_value: 3 }, [1, 2, 3, 3], 2],
    ['asc', { initial_value: 1, end_value: 3, range_end: 'closed' }, [1, 2, 3, 3, 4], 4],
    ['asc', { initial_value: 3 }, [1, 2, 5], -1],
  ])('ends a walk in %s order with %o', (row_order, options, values, expected) => {
    const bounds = { initial_value: 3, last_value: 3, unique_hashes: ['669czW83KR00'], start_value: null };
    const all: IncrementalOptions = { cursor_path: 'ts', row_order, ...options };
    const filter = filterOf(all, { primaryKey: 'id', ...(options.end_value === undefined && { bounds }) });
    const at = values.findIndex((ts) => {
      filter.keep({ id: 1, ts });
      return filter.exhausted;
    });
    expect(at).toBe(expected);
  });

  it('takes a number that is too large to be one for null', () => {
    const row = { ts: new JsonFloat(Number.POSITIVE_INFINITY) };
    expect(() => keptOf({}, [row])).toThrow(expect.objectContaining({ code: 'cursor_value_null' }));
    expect(keptOf({ on_cursor_value_missing: 'exclude' }, [row, { ts: 1 }])).toEqual([{ ts: 1 }]);
  });

  it('calls a function of the configuration with plain values', () => {
    const calls: unknown[] = [];
    const last_value_func = (values: readonly unknown[]) => {
      calls.push(values);
      return Math.max(...(values as number[]));
    };
    const filter = filterOf({ initial_value: 1, last_value_func });
    expect([{ ts: new JsonFloat(2) }, { ts: 1 }, { ts: 0 }].map((row) => filter.keep(row))).toEqual([true, true, false]);
    expect(calls[0]).toEqual([2, 1]);
    expect(filter.progress()?.last_value).toBe(2);
  });

  it('takes a function for the key', () => {
    const bounds = { initial_value: null, last_value: 1, unique_hashes: ['669czW83KR00'], start_value: null };
    const filter = filterOf({ primary_key: () => 'id' }, { bounds, primaryKey: 'other' });
    expect(
      [
        { id: 1, ts: 1 },
        { id: 2, ts: 1 },
      ].map((row) => filter.keep(row)),
    ).toEqual([false, true]);
  });

  it('goes on from a datetime that dlt stored, by its instant', () => {
    const bounds = { initial_value: null, last_value: '\uf0272024-01-02T00:00:00+02:00', unique_hashes: [], start_value: null };
    const filter = filterOf({}, { bounds });
    const texts = ['2024-01-01T21:59:59Z', '2024-01-01T22:00:01Z', '2024-01-02 00:00:00'];
    expect(texts.map((ts) => filter.keep({ ts }))).toEqual([false, true, true]);
    expect(filter.progress()?.last_value).toBe('2024-01-02 00:00:00');
    expect(() => filterOf({}, { bounds }).keep({ ts: 'soon' })).toThrow('is a text, but the last value is a datetime');
  });

  it('keeps the hashes of many rows at one value', () => {
    const filter = filterOf({}, { primaryKey: 'id' });
    for (let id = 0; id < 1000; id++) filter.keep({ id, ts: 1 });
    expect(new Set(filter.progress()?.unique_hashes).size).toBe(1000);
    filter.keep({ id: 1, ts: 2 });
    expect(filter.progress()?.unique_hashes).toEqual(['669czW83KR00']);
  });

  it('says what is stored when no row came', () => {
    const bounds = { initial_value: null, last_value: 1, unique_hashes: ['669czW83KR00'], start_value: 0 };
    expect(filterOf({ range_start: 'open' }, { bounds }).progress()).toEqual(bounds);
    expect(filterOf({ initial_value: 3 }).progress()).toEqual({ initial_value: 3, last_value: 3, unique_hashes: [], start_value: 3 });
    expect(filterOf({ initial_value: 1, end_value: 2 }).progress()).toBeUndefined();
  });

  it.each<Partial<IncrementalOptions>>([{ last_value_func: fails, initial_value: 1 }, { primary_key: fails }])(
    'names the function of the configuration that failed (%#)',
    (options) => {
      const [key] = Object.keys(options);
      const run = () => {
        const filter = filterOf(options);
        filter.keep({ ts: 1 });
        filter.progress();
      };
      expect(run).toThrow(
        expect.objectContaining({
          code: 'incremental_function_failed',
          message: `The function \`${key}\` of the incremental on \`ts\` failed: mine`,
        }),
      );
    },
  );
});

function fails(): never {
  throw new RangeError('mine');
}

function load(options: {
  options: IncrementalOptions;
  key: DedupKey | null;
  stored: IncrementalState | undefined;
  run: GoldenRun;
}): object {
  const bounds = freezeBounds(options.options, options.stored);
  const filter = createCursorFilter({ options: options.options, bounds, primaryKey: options.key ?? undefined, resource: 'r' });
  let exhausted = false;
  const passed = options.run.batches.map((rows) => {
    const kept = rows.filter((row) => filter.keep(row));
    exhausted ||= filter.exhausted;
    return kept;
  });
  const state = filter.progress();
  return { start: startValue(options.options, bounds), passed, exhausted, ...(state ? { state } : {}) };
}

function plainOptions(options: JsonObject): IncrementalOptions {
  const { lag } = options;
  return { ...options, ...(lag instanceof JsonFloat ? { lag: lag.value } : {}) } as unknown as IncrementalOptions;
}

function attempt(run: () => object): object {
  try {
    return run();
  } catch (error) {
    return { error: (error as { readonly code?: string }).code ?? String(error) };
  }
}
