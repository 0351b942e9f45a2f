import { describe, expect, it } from 'vitest';
import { shake } from '../../src/core/hash.ts';
import type { Json } from '../../src/core/json.ts';
import { messages, normalizePages, normalizeRows, type StoredRow } from './normalize-all.ts';

const rows = Array.from(
  { length: 20 },
  (_, i): Json => ({
    id: i,
    kids: [
      { a: i, toys: ['x', 'y'] },
      { a: -i, toys: [] },
    ],
  }),
);
const ids = (table: StoredRow[] | undefined) => (table ?? []).map((row) => row['_dlt_id'] as string);

describe('row ids', () => {
  it('are unique, 14 characters of base64, and the same for the same seed however the rows are paged', () => {
    const whole = normalizeRows(rows);
    const paged = normalizePages(
      rows.map((row) => ({ resource: messages, rows: [row] })),
      { batchRows: 3 },
    );
    expect(paged.tables).toEqual(whole.tables);
    const all = Object.values(whole.tables).flatMap(ids);
    expect(all).toHaveLength(20 + 40 + 40);
    expect(new Set(all).size).toBe(100);
    for (const id of all) expect(Buffer.from(id, 'base64').toString('base64').replace(/=+$/, '')).toBe(id);
    expect(all.every((id) => Buffer.from(id, 'base64').length === 10)).toBe(true);
    expect(ids(normalizeRows(rows, { seed: new Uint8Array(16).fill(1) }).tables['messages'])).not.toEqual(ids(whole.tables['messages']));
  });

  it('link nested rows to parent and root', () => {
    const { tables } = normalizeRows(rows, { rootKey: true });
    const [roots, kids, toys] = ['messages', 'messages__kids', 'messages__kids__toys'].map((name) => tables[name] ?? []) as [
      StoredRow[],
      StoredRow[],
      StoredRow[],
    ];
    kids.forEach((kid, i) => {
      expect(kid['_dlt_parent_id']).toBe(roots[Math.floor(i / 2)]?.['_dlt_id']);
      expect(kid['_dlt_root_id']).toBe(kid['_dlt_parent_id']);
      expect(kid['_dlt_list_idx']).toBe(BigInt(i % 2));
    });
    toys.forEach((toy, i) => {
      const kid = kids[Math.floor(i / 2) * 2] as StoredRow;
      expect(toy['_dlt_parent_id']).toBe(kid['_dlt_id']);
      expect(toy['_dlt_root_id']).toBe(kid['_dlt_root_id']);
      expect(toy['_dlt_list_idx']).toBe(BigInt(i % 2));
    });
  });

  it.each(['upsert', 'insert-only', 'cdc'] as const)('of %s come from the primary key and the position', (strategy) => {
    const hints = { primary_key: ['id', 'b.c'], write_disposition: { disposition: 'merge', strategy } } as const;
    const { tables } = normalizeRows([{ id: 2, 'b.c': 'x', kids: [1] }], { resource: { name: 'items', hints } });
    const id = shake('{"b_c":"x","id":2}', 10);
    expect(tables['items']?.[0]?.['_dlt_id']).toBe(id);
    expect(tables['items__kids']?.[0]).toMatchObject({ _dlt_id: shake(`${id}_items__kids_0`, 10), _dlt_parent_id: id, _dlt_root_id: id });
  });

  it('of scd2 come from the row, dlt columns left out', () => {
    const hints = { write_disposition: { disposition: 'merge', strategy: 'scd2' } } as const;
    const { tables } = normalizeRows([{ v: 2, id: 1, c: [1, 2], _dltX: 1 }], { resource: { name: 'items', hints } });
    expect(tables['items']?.[0]?.['_dlt_id']).toBe('WJokW4WTrwIXFg');
    expect(ids(tables['items__c'])).toEqual([0, 1].map((i) => shake(`WJokW4WTrwIXFg_items__c_${i}`, 10)));
  });

  it('need all of the primary key', () => {
    const hints = { primary_key: 'id', write_disposition: { disposition: 'merge', strategy: 'upsert' } } as const;
    expect(() => normalizeRows([{ id: 1 }, { v: 1 }], { resource: { name: 'items', hints } })).toThrow(
      expect.objectContaining({ code: 'primary_key_missing', message: expect.stringMatching(/"items" lacks "id"/) as string }) as Error,
    );
    expect(() =>
      normalizeRows([{ id: 1 }], { resource: { name: 'items', hints: { write_disposition: hints.write_disposition } } }),
    ).toThrow(expect.objectContaining({ code: 'merge_needs_primary_key' }) as Error);
  });

  it('of the data are kept, and then those below come from them', () => {
    const { tables, schema } = normalizeRows([{ _dlt_id: 'mine', kids: [{ a: 1 }] }, { _dlt_id: '', kids: [{ a: 2 }] }, { _dlt_id: 7 }]);
    const [first, second, third] = ids(tables['messages']);
    expect([first, third]).toEqual(['mine', '7']);
    expect(second).toHaveLength(14);
    expect(tables['messages__kids']?.[0]?.['_dlt_id']).toBe(shake('mine_messages__kids_0', 10));
    expect(schema.tables['messages']?.columns['_dlt_id']?.data_type).toBe('text');
  });

  it('are unique when two lists go to one table', () => {
    const hints = { primary_key: 'id', write_disposition: { disposition: 'merge', strategy: 'upsert' } } as const;
    const rows = [
      { id: 7, a: { b: [0] } },
      { id: 1, a: { b: [1, 2] }, a__b: [3] },
    ];
    const tables = { t__a__b: normalizeRows(rows as Json[], { resource: { name: 't', hints } }).tables['t__a__b']?.slice(1) };
    expect(ids(tables['t__a__b'])).toEqual([0, 1, 2].map((i) => shake(`z5jIxXIbUnmbKw_t__a__b_${i}`, 10)));
    expect(tables['t__a__b']?.map((r) => [r['value'], r['_dlt_list_idx']])).toEqual([
      [3n, 0n],
      [1n, 0n],
      [2n, 1n],
    ]);
  });

  it('propagate what a stored schema asks for', () => {
    const first = normalizeRows([{ id: 1 }]).schema;
    first.normalizers.json.config = {
      propagation: { root: { _dlt_load_id: 'load' }, tables: { messages: { id: 'message_id', _dlt_id: 'message' } } },
    };
    const { tables, schema } = normalizeRows([{ id: 5, kids: [{ message_id: 'no', a: [1] }, { a: [] }] }], { schema: first });
    const id = ids(tables['messages'])[0];
    expect(tables['messages__kids']).toEqual(
      Array.from({ length: 2 }, () => expect.objectContaining({ message_id: 5n, load: 'LOAD', message: id }) as StoredRow),
    );
    expect(tables['messages__kids__a']).toEqual([expect.objectContaining({ message_id: 5n, load: 'LOAD', message: id, value: 1n })]);
    expect(schema.normalizers.json.config).toEqual(first.normalizers.json.config);
  });
});
