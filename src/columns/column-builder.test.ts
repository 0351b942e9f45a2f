import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnBatch } from '../core/column-batch.ts';
import type { ColumnSchema } from '../core/schema.ts';
import { batchRows, type BatchValue } from './batch-rows.ts';
import { TableBuilder } from './table-builder.ts';

const column = (name: string, data_type: ColumnSchema['data_type'], more: Partial<ColumnSchema> = {}): ColumnSchema => ({
  name,
  data_type,
  nullable: true,
  ...more,
});
const columnOf = (batch: ColumnBatch, name: string) => batch.columns.find((c) => c.schema.name === name);

describe('TableBuilder', () => {
  it('holds values of every kind', () => {
    const table = new TableBuilder('t');
    const values: [ColumnSchema, (row: number, builder: ReturnType<TableBuilder['addColumn']>) => void, BatchValue][] = [
      [column('text', 'text'), (row, c) => c.setText(row, 'zażółć 👍'), 'zażółć 👍'],
      [column('bool', 'bool'), (row, c) => c.setBool(row, true), true],
      [column('int', 'bigint'), (row, c) => c.setInteger(row, -5_000_000_000), -5_000_000_000n],
      [column('big', 'bigint'), (row, c) => c.setBigint(row, -(2n ** 63n)), -(2n ** 63n)],
      [column('huge', 'bigint', { precision: 128 }), (row, c) => c.setBigint(row, 2n ** 126n), 2n ** 126n],
      [column('decimal', 'decimal'), (row, c) => c.setBigint(row, -1n), -1n],
      [column('double', 'double'), (row, c) => c.setDouble(row, 1.5), 1.5],
      [column('date', 'date'), (row, c) => c.setDays(row, -3), -3],
      [column('binary', 'binary'), (row, c) => c.setBytes(row, Uint8Array.of(9, 0, 255, 9), 1, 3), Uint8Array.of(0, 255)],
    ];
    for (const [schema, set] of values) set(0, table.addColumn(schema));
    table.endRow();
    const batch = table.take();
    expect(batch.rowCount).toBe(1);
    expect(batch.columns.every((c) => c.validity === undefined)).toBe(true);
    expect(Object.values(batchRows(batch)[0] ?? {})).toEqual(values.map(([, , value]) => value));
  });

  it('writes a constant once', () => {
    const table = new TableBuilder('t');
    const load = table.addColumn(column('_dlt_load_id', 'text'));
    load.constant = '1700000000.123';
    for (let row = 0; row < 300; row += 1) table.endRow();
    const batch = table.take();
    expect(table.heap.length).toBe(0);
    expect(batchRows(batch).map((r) => r['_dlt_load_id'])).toEqual(Array.from({ length: 300 }, () => '1700000000.123'));
    const { data } = columnOf(batch, '_dlt_load_id') as ColumnBatch['columns'][number];
    expect(data.kind === 'bytes' && new Set(data.views.subarray(0, 600))).toEqual(new Set([0, 14]));
  });

  it('leaves out columns that are null in all rows', () => {
    const table = new TableBuilder('t');
    table.addColumn(column('a', 'text'));
    table.endRow();
    expect(table.take().columns).toEqual([]);
  });

  it('keeps every array as long as the batch', () => {
    const table = new TableBuilder('t');
    const early = table.addColumn(column('early', 'bigint'));
    early.setInteger(0, 7);
    for (let row = 0; row < 1000; row += 1) table.endRow();
    const { data, validity } = columnOf(table.take(), 'early') as ColumnBatch['columns'][number];
    expect(data.kind === 'int64' && data.values.length).toBeGreaterThanOrEqual(2000);
    expect(validity?.length).toBeGreaterThanOrEqual(125);
  });

  it('ends the heap with the last text', () => {
    const table = new TableBuilder('t');
    const text = table.addColumn(column('a', 'text'));
    for (const value of ['first', 'second']) {
      text.setText(table.rows, value);
      table.endRow();
      const [taken] = table.take().columns;
      expect(taken?.data.kind === 'bytes' && Buffer.from(taken.data.heap).toString()).toBe(value);
    }
  });

  it('makes U+FFFD of lone surrogates, counts them, and leaves out NUL', () => {
    const table = new TableBuilder('t');
    const text = table.addColumn(column('a', 'text'));
    const long = 'x'.repeat(100);
    for (const value of ['a\ud800b', 'a\0b', `${long}\udfff`, `${long}\0`, 'fine 👍', '\ufffd']) {
      text.setText(table.rows, value);
      table.endRow();
    }
    expect(batchRows(table.take()).map((r) => r['a'])).toEqual(['a\ufffdb', 'ab', `${long}\ufffd`, long, 'fine 👍', '\ufffd']);
    expect(text.repairedTexts).toBe(2);
  });

  it('keeps a batch that was taken for good', () => {
    const table = new TableBuilder('t');
    const text = table.addColumn(column('a', 'text'));
    const int = table.addColumn(column('b', 'bigint'));
    text.setText(0, 'first');
    int.setInteger(0, 1);
    table.endRow();
    const kept = table.takeForGood();
    text.setText(0, 'later');
    int.setInteger(0, 2);
    table.endRow();
    expect(batchRows(kept)).toEqual([{ a: 'first', b: 1n }]);
    expect(batchRows(table.take())).toEqual([{ a: 'later', b: 2n }]);
  });

  it('gives back what was set, over many batches, with nulls, overwritten and cancelled rows', () => {
    type Step = { a?: string | null | undefined; b?: number | undefined; again?: boolean | undefined; cancel?: boolean | undefined };
    const step = fc.record(
      {
        a: fc.oneof(fc.string({ unit: 'grapheme' }), fc.constant(null)),
        b: fc.maxSafeInteger(),
        again: fc.boolean(),
        cancel: fc.boolean(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(fc.array(step, { maxLength: 150 }), { maxLength: 4 }), (batches: Step[][]) => {
        const table = new TableBuilder('t');
        const a = table.addColumn(column('a', 'text'));
        const b = table.addColumn(column('b', 'bigint'));
        for (const steps of batches) {
          const expected: Record<string, unknown>[] = [];
          for (const { a: text, b: int, again, cancel } of steps) {
            const row: Record<string, unknown> = {};
            if (again) a.setText(table.rows, 'before');
            if (text === null) a.unset(table.rows);
            else if (text !== undefined) a.setText(table.rows, text);
            const left = text === undefined ? (again ? 'before' : undefined) : text;
            if (typeof left === 'string') row['a'] = left.replaceAll('\0', '');
            if (int !== undefined) b.setInteger(table.rows, int);
            if (int !== undefined) row['b'] = BigInt(int);
            if (cancel) table.cancelRow();
            else {
              table.endRow();
              expected.push(row);
            }
          }
          expect(batchRows(table.take())).toEqual(expected);
        }
      }),
    );
  });
});
