import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { batchRows } from '../../columns/batch-rows.ts';
import type { ColumnBatch } from '../../core/column-batch.ts';
import type { ColumnSchema, TableSchema } from '../../core/schema.ts';
import { batchOf, ROOT } from '../../testing/batch-of.ts';
import { keepBatch } from './keep-batch.ts';

const TYPES = ['text', 'json', 'binary', 'bigint', 'decimal', 'double', 'bool', 'date', 'timestamp'] as const;
const table: TableSchema = {
  name: 't',
  columns: Object.fromEntries(TYPES.map((data_type) => [data_type, { name: data_type, data_type } satisfies ColumnSchema])),
};
const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const integer = fc.maxSafeInteger();
const row = fc.record(
  {
    text,
    json: text,
    binary: fc.uint8Array({ maxLength: 5 }),
    bigint: integer,
    decimal: fc.bigInt({ min: -(10n ** 37n), max: 10n ** 37n }),
    double: fc.double(),
    bool: fc.boolean(),
    date: fc.integer({ min: -100_000, max: 100_000 }),
    timestamp: integer,
    [ROOT]: fc.nat(),
  },
  { requiredKeys: [] },
);

/** What a builder does when it uses the arrays again. */
function spoil({ columns, roots }: ColumnBatch): void {
  for (const { validity, data } of [...columns, ...(roots ? [roots] : [])]) {
    validity?.fill(0);
    if (data.kind !== 'bytes') data.values.fill(1);
    else {
      data.views.fill(0);
      data.heap.fill(0);
    }
  }
}

it('stays as it was when the arrays are used again', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 20 }), (rows) => {
      const batch = batchOf(table, rows);
      const expected = [batchRows(batch), batch.roots && batchRows({ ...batch, columns: [batch.roots] })];
      const { batch: kept } = keepBatch(batch);
      spoil(batch);
      expect([batchRows(kept), kept.roots && batchRows({ ...kept, columns: [kept.roots] })]).toEqual(expected);
    }),
  );
});

it('takes what the rows need, not what the arrays could hold, and a shared heap once', () => {
  const heap = Buffer.alloc(1000, 'a');
  const views = Uint32Array.of(0, 4, 4, 2, 900, 100);
  const columns = ['a', 'b'].map((name) => ({
    schema: { name, data_type: 'text' } as const,
    validity: undefined,
    data: { kind: 'bytes', views, heap } as const,
  }));
  const { batch, bytes } = keepBatch({ table: 't', rowCount: 2, columns });
  expect(bytes).toBe(6 + 2 * 16);
  const [a, b] = batch.columns.map(({ data }) => (data.kind === 'bytes' ? data.heap : undefined));
  expect(a).toBe(b);
});
