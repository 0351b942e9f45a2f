import { describe, expect, it } from 'vitest';
import { JsonFloat } from '../core/json.ts';
import type { IncrementalState } from '../core/state.ts';
import { freezeBounds, type IncrementalOptions, incrementalParams, incrementalValues, startValue } from './incremental.ts';

const stored: IncrementalState = { initial_value: 1, last_value: 20, unique_hashes: ['669czW83KR00'], start_value: 10 };
const of = (options: Partial<IncrementalOptions>): IncrementalOptions => ({ cursor_path: 'ts', ...options });

describe('freezeBounds', () => {
  it('goes on from what is stored, whatever the initial value is now', () => {
    expect(freezeBounds(of({ initial_value: 99 }), stored)).toEqual(stored);
  });

  it('starts at the initial value when nothing is stored', () => {
    expect(freezeBounds(of({ initial_value: 5 }), undefined)).toEqual({
      initial_value: 5,
      last_value: 5,
      unique_hashes: [],
      start_value: 5,
    });
    expect(freezeBounds(of({}), undefined).last_value).toBeNull();
  });

  it('leaves the state out when there is an end', () => {
    expect(freezeBounds(of({ initial_value: 5, end_value: 9 }), stored).last_value).toBe(5);
  });
});

describe('startValue', () => {
  it('takes the lag off the last value', () => expect(startValue(of({ lag: 7 }), stored)).toBe(13));
  it('never crosses the initial value', () => expect(startValue(of({ lag: 7, initial_value: 15 }), stored)).toBe(15));
  it('goes up for min', () => expect(startValue(of({ lag: 7, last_value_func: 'min' }), stored)).toBe(27));

  it.each<Partial<IncrementalOptions>>([{ lag: 0 }, { lag: 7, initial_value: 20, end_value: 30 }, { lag: 7, last_value_func: () => 1 }])(
    'leaves the last value alone with %j',
    (options) => expect(startValue(of(options), stored)).toBe(20),
  );
});

describe('incrementalValues', () => {
  it('has the cursor and the attributes of its configuration', () => {
    const options = of({ initial_value: 5, lag: 2, row_order: 'asc' });
    expect(incrementalValues(options, stored)).toEqual({
      'incremental.start_value': 18,
      'incremental.last_value': 18,
      'incremental.initial_value': 5,
      'incremental.end_value': null,
      'incremental.cursor_path': 'ts',
      'incremental.row_order': 'asc',
      'incremental.lag': 2,
      'incremental.on_cursor_value_missing': 'raise',
      'incremental.range_start': 'closed',
      'incremental.range_end': 'open',
    });
  });

  it('converts values that are there, and only those', () => {
    const seen: unknown[] = [];
    const convert = (value: unknown) => {
      seen.push(value);
      return `<${String(value)}>`;
    };
    const bounds = { ...stored, last_value: new JsonFloat(20) };
    expect(incrementalValues(of({ convert }), bounds)).toMatchObject({
      'incremental.start_value': '<20>',
      'incremental.initial_value': null,
      'incremental.end_value': null,
    });
    expect(new Set(seen)).toEqual(new Set([20]));
  });

  it('sends a datetime that dlt stored as its text', () => {
    const bounds = { ...stored, last_value: '\uf0272024-01-01T10:30:00+00:00' };
    expect(incrementalValues(of({}), bounds)['incremental.start_value']).toBe('2024-01-01T10:30:00+00:00');
  });
});

describe('incrementalParams', () => {
  it('names the bounds as the API does', () => {
    const convert = (value: unknown) => `v${String(value)}`;
    const options = of({ start_param: 'since', end_param: 'until', initial_value: 1, convert });
    expect(incrementalParams(options, stored)).toEqual({ since: 'v20', until: null });
    expect(incrementalParams({ ...options, end_value: 9 }, freezeBounds({ ...options, end_value: 9 }, stored))).toEqual({
      since: 'v1',
      until: 'v9',
    });
    expect(incrementalParams(of({}), stored)).toEqual({});
  });
});
