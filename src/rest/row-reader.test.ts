import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Json, JsonFloat, type JsonObject } from '../core/json.ts';
import { parseJson } from '../core/parse-json.ts';
import { printJson } from '../core/print-json.ts';
import type { PageBody, RowReader } from '../core/source.ts';
import type { IncrementalState } from '../core/state.ts';
import type { IncrementalOptions } from './incremental-options.ts';
import { freezeBounds } from './incremental.ts';
import { createRowReader } from './row-reader.ts';

const pageOf = (rows: readonly Json[]): PageBody => ({ body: Buffer.from(printJson([...rows])), selector: '$' });
const readerOf = (options: IncrementalOptions, stored: IncrementalState | undefined, snapshot?: Json): RowReader =>
  createRowReader({ resource: 'r', steps: undefined, incremental: options }, { incremental: freezeBounds(options, stored) }, snapshot);

/** What a reader gives of pages, with all that it says after each of them. */
const readAll = (reader: RowReader, pages: readonly (readonly Json[])[]) =>
  pages.map((rows) => ({ kept: reader.read(pageOf(rows)), exhausted: reader.exhausted, progress: reader.progress() }));

describe('createRowReader', () => {
  it('goes on after any page with what another reader remembered', () => {
    const number = fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constantFrom<Json>(2n ** 60n, 2n ** 60n + 1n, new JsonFloat(3), 2.5));
    const text = fc.constantFrom(
      'a',
      'b',
      '9',
      '10',
      '2024-01-01',
      '2024-01-01T00:00:00Z',
      '2024-01-01T01:00:00+01:00',
      '2024-01-01 00:00:00',
    );
    const options = fc.record({
      last_value_func: fc.constantFrom<'max' | 'min'>('max', 'min'),
      row_order: fc.constantFrom<'asc' | 'desc' | undefined>('asc', 'desc', undefined),
      range_start: fc.constantFrom<'closed' | 'open'>('closed', 'open'),
      on_cursor_value_missing: fc.constantFrom<'include' | 'exclude'>('include', 'exclude'),
      primary_key: fc.constantFrom<string | string[] | undefined>('id', undefined, []),
    });
    const cases = fc.oneof(number, text).chain((sample) => {
      const value = typeof sample === 'string' ? text : number;
      const row = fc.record({ id: fc.integer({ min: 0, max: 3 }), ts: fc.option(value) }) as fc.Arbitrary<JsonObject>;
      const stored = fc.option(
        fc.record({
          initial_value: fc.constant(null),
          last_value: value,
          unique_hashes: fc.constantFrom<string[]>([], ['669czW83KR00'], ['669czW83KR00ut4bv/U5']),
          start_value: fc.constant(null),
        }),
        { nil: undefined },
      );
      return fc.record({ pages: fc.array(fc.array(row, { maxLength: 4 }), { minLength: 1, maxLength: 5 }), stored, end: fc.option(value) });
    });
    const run = fc.property(options, cases, fc.nat(), ({ ...given }, { pages, stored, end }, at) => {
      const all = { ...given, cursor_path: 'ts', end_value: end } as IncrementalOptions;
      const whole = readAll(readerOf(all, stored), pages);
      const split = at % (pages.length + 1);
      const first = readerOf(all, stored);
      const parts = readAll(first, pages.slice(0, split));
      const snapshot = first.snapshot();
      const text = snapshot === undefined ? undefined : parseJson(printJson(snapshot));
      const second = readerOf(all, stored, text);
      expect(second.exhausted).toBe(first.exhausted);
      expect(second.progress()).toEqual(first.progress());
      expect([...parts, ...readAll(second, pages.slice(split))]).toEqual(whole);
    });
    fc.assert(run, { numRuns: 500 });
  });

  it('remembers nothing before the first row, and without an incremental', () => {
    expect(readerOf({ cursor_path: 'ts' }, undefined).snapshot()).toBeUndefined();
    const plain = createRowReader({ resource: 'r', steps: undefined, incremental: undefined }, {});
    expect(plain.read(pageOf([{ id: 1 }]))).toEqual([{ id: 1 }]);
    expect(plain.snapshot()).toBeUndefined();
  });
});
