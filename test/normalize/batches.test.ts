import { describe, expect, it } from 'vitest';
import { batchRows, valueAt } from '../../src/columns/batch-rows.ts';
import type { ColumnBatch } from '../../src/core/column-batch.ts';
import type { Json } from '../../src/core/json.ts';
import { createNormalizer } from '../../src/normalize/normalizer.ts';
import { defaults, messages, normalizeRows } from './normalize-all.ts';

const rows = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => ({ id: from + i, text: 'x'.repeat(10), tags: [from + i] }));

describe('batches', () => {
  it('come when they are large enough, the rest when all is asked for', () => {
    const normalizer = createNormalizer(defaults({ batchRows: 10 }));
    const sizes: number[][] = [];
    for (let from = 0; from < 28; from += 4) {
      normalizer.addRows(messages, rows(from, from + 4));
      sizes.push(normalizer.drain().batches.map((batch) => batch.rowCount));
    }
    expect(sizes).toEqual([[], [], [12, 12], [], [], [12, 12], []]);
    expect(normalizer.drain(true).batches.map(({ table, rowCount }) => [table, rowCount])).toEqual([
      ['messages', 4],
      ['messages__tags', 4],
    ]);
    expect(normalizer.drain(true)).toEqual({ changes: [], batches: [] });
    expect(normalizer.finish().rowCounts).toEqual({ messages: 28, messages__tags: 28 });
  });

  it('stay as they are for a destination that keeps them', () => {
    const { capabilities } = defaults();
    const normalizer = createNormalizer(defaults({ batchRows: 10, capabilities: { ...capabilities, keepsBatches: true } }));
    const kept: { batch: ColumnBatch; was: unknown }[] = [];
    const take = (force: boolean) => {
      for (const batch of normalizer.drain(force).batches) kept.push({ batch, was: batchRows(batch) });
    };
    for (let from = 0; from < 250; from += 25) {
      normalizer.addRows(messages, rows(from, from + 25));
      take(false);
    }
    take(true);
    expect(kept).toHaveLength(20);
    for (const { batch, was } of kept) expect(batchRows(batch)).toEqual(was);
  });

  it('come sooner when texts are long', () => {
    const normalizer = createNormalizer(defaults());
    const long = { text: 'x'.repeat(1_000_000) };
    normalizer.addRows(messages, [long, long]);
    expect(normalizer.drain().batches).toEqual([]);
    normalizer.addRows(
      messages,
      Array.from({ length: 40 }, () => long),
    );
    expect(normalizer.drain().batches.map((batch) => batch.rowCount)).toEqual([42]);
  });

  it.each([
    ['upsert', ['0 1 2 3 4 5 6 7', '0 1 1 3 4 5 5 7'], ['messages', 'messages__tags']],
    ['delete-insert', [], []],
  ] as const)('number the root rows of %s, however they are cut', (strategy, numbers, names) => {
    const normalizer = createNormalizer(defaults({ batchRows: 3 }));
    const hints = { primary_key: 'id', write_disposition: { disposition: 'merge', strategy } } as const;
    const found = new Map<string, string[]>();
    const take = (force: boolean) => {
      for (const { table, rowCount, roots } of normalizer.drain(force).batches) {
        if (roots === undefined) continue;
        const values = Array.from({ length: rowCount }, (_, row) => String(valueAt(roots, row)));
        found.set(table, [...(found.get(table) ?? []), ...values]);
      }
    };
    for (const page of [0, 1]) {
      const tags = [['a'], ['b', 'c'], [], ['d']];
      normalizer.addRows(
        { name: 'messages', hints },
        tags.map((each) => ({ id: page, tags: each })),
      );
      take(false);
    }
    take(true);
    expect([...found.keys()]).toEqual(names);
    expect([...found.values()].map((each) => each.join(' '))).toEqual(numbers);
  });

  it('hold a new column that is null in the rows before it', () => {
    const { tables, changes } = normalizeRows([{ a: 1 }, { a: 2 }, { a: 3, late: 'x' }, { late: 'y' }]);
    expect(tables['messages']?.map(({ a, late }) => [a, late])).toEqual([
      [1n, undefined],
      [2n, undefined],
      [3n, 'x'],
      [undefined, 'y'],
    ]);
    expect(changes).toHaveLength(1);
  });

  it('announce what is new since the batch before', () => {
    const normalizer = createNormalizer(defaults());
    const announced: unknown[] = [];
    for (const row of [{ a: 1 }, { a: 2, b: 1 }, { a: 3, kids: [1] }, { a: 4 }] as Json[]) {
      normalizer.addRows(messages, [row]);
      const { changes } = normalizer.drain(true);
      announced.push(changes.map(({ kind, table, columns }) => [kind, table.name, columns.map((column) => column.name).toSorted()]));
    }
    expect(announced).toEqual([
      [['create_table', 'messages', ['_dlt_id', '_dlt_load_id', 'a']]],
      [['add_columns', 'messages', ['b']]],
      [['create_table', 'messages__kids', ['_dlt_id', '_dlt_list_idx', '_dlt_parent_id', 'value']]],
      [],
    ]);
  });

  it('of one huge page are cut while it is read, and stay good', () => {
    const normalizer = createNormalizer(defaults({ batchRows: 256 }));
    normalizer.addRows(messages, rows(0, 10_000));
    const { batches } = normalizer.drain(true);
    const main = batches.filter(({ table }) => table === 'messages');
    expect(main.length).toBeGreaterThan(3);
    expect(main.flatMap((batch) => batchRows(batch).map((row) => row['id']))).toEqual(rows(0, 10_000).map(({ id }) => BigInt(id)));
    expect(normalizer.finish().rowCounts).toEqual({ messages: 10_000, messages__tags: 10_000 });
  });

  it('have to be drained before the end', () => {
    const normalizer = createNormalizer(defaults());
    normalizer.addRows(messages, [{ a: 1 }]);
    expect(() => normalizer.finish()).toThrow(/not drained/);
  });

  it('leave the schema that they started from alone', () => {
    const { schema } = defaults();
    const before = structuredClone(schema);
    normalizeRows([{ a: 1, kids: [1] }], { schema, resource: { name: 't', hints: { write_disposition: 'merge' } } });
    expect(schema).toEqual(before);
  });
});
