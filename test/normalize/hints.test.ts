import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/core/json.ts';
import type { Schema, TableSchema } from '../../src/core/schema.ts';
import { newSchema } from '../../src/core/schema-hash.ts';
import type { ColumnHint, ResourceHints } from '../../src/core/source.ts';
import { normalizePages, normalizeRows } from './normalize-all.ts';

function run(hints: ResourceHints, rows: Json[] = [{ id: 1 }], schema: Schema = newSchema('s')) {
  return normalizeRows(rows, { schema, resource: { name: 'items', hints } });
}
const columnsOf = (table: TableSchema | undefined) =>
  Object.fromEntries(Object.entries(table?.columns ?? {}).filter(([name]) => !name.startsWith('_dlt')));

describe('hints', () => {
  it('become columns under their stored names', () => {
    const { schema } = run(
      {
        columns: {
          userId: { data_type: 'text', description: 'who' },
          amount: { data_type: 'decimal', precision: 10, scale: 2 },
          seq: { dedup_sort: 'desc' },
          gone: { hard_delete: true },
        },
        primary_key: ['userId', 'id'],
        merge_key: 'day',
        incremental_column: 'updatedAt',
      },
      [{ userId: 5, id: 1, amount: 1.5, seq: 1, gone: true, day: 1, updatedAt: '2024-01-01T00:00:00Z' }],
    );
    expect(columnsOf(schema.tables['items'])).toEqual({
      user_id: { name: 'user_id', data_type: 'text', description: 'who', nullable: false, primary_key: true },
      amount: { name: 'amount', data_type: 'decimal', precision: 10, scale: 2 },
      seq: { name: 'seq', dedup_sort: 'desc', data_type: 'bigint', nullable: true },
      gone: { name: 'gone', hard_delete: true, data_type: 'bool', nullable: true },
      id: { name: 'id', nullable: false, primary_key: true, data_type: 'bigint' },
      day: { name: 'day', nullable: false, merge_key: true, data_type: 'bigint' },
      updated_at: { name: 'updated_at', incremental: true, data_type: 'timestamp', nullable: true },
    });
  });

  it('of a later run change the stored table as dlt changes it', () => {
    const first = run(
      { primary_key: 'id', write_disposition: 'merge', columns: { v: { cluster: true } }, references: [reference('a', 'x')] },
      [{ id: 1, v: 1, w: 1 }],
    );
    const second = run(
      {
        primary_key: 'w',
        columns: { v: { description: 'new' } },
        max_table_nesting: 2,
        references: [reference('b', 'y'), reference('a', 'z')],
      },
      [{ id: 1, v: 1, w: 1 }],
      first.schema,
    );
    expect(second.schema.tables['items']).toMatchObject({
      write_disposition: 'append',
      'x-normalizer': { 'seen-data': true, max_nesting: 2 },
    });
    expect(second.schema.tables['items']?.references).toEqual([reference('a', 'z'), reference('b', 'y')]);
    expect(columnsOf(second.schema.tables['items'])).toEqual({
      id: { name: 'id', data_type: 'bigint', nullable: false },
      v: { name: 'v', data_type: 'bigint', nullable: true, cluster: true, description: 'new' },
      w: { name: 'w', data_type: 'bigint', nullable: false, primary_key: true },
    });
    expect(second.changes).toEqual([]);
    expect(first.schema.tables['items']?.columns['id']?.primary_key).toBe(true);
  });

  it('add columns with a type to a table that is there, and announce them', () => {
    const { schema } = run({}, [{ id: 1 }]);
    const { changes } = run({ columns: { extra: { data_type: 'text' } } }, [{ id: 1, late: 1 }], schema);
    expect(changes.map(({ kind, columns }) => [kind, columns.map((c) => c.name)])).toEqual([['add_columns', ['extra', 'late']]]);
  });

  it('of keys win over those of columns, and columns under one name are merged', () => {
    const columns = {
      a: { primary_key: true },
      userId: { data_type: 'text', nullable: false },
      user_id: { description: 'later', nullable: true },
    } as const;
    const { schema } = run({ primary_key: 'userId', columns }, [{ a: 1, userId: 2 }]);
    expect(columnsOf(schema.tables['items'])).toEqual({
      user_id: { name: 'user_id', data_type: 'text', nullable: false, primary_key: true, description: 'later' },
      a: { name: 'a', data_type: 'bigint', nullable: true },
    });
  });

  it('of nested tables wait for their rows', () => {
    const nested_hints = { kids: { columns: { a: { data_type: 'text' } } } } as const;
    const first = run({ nested_hints }, [{ id: 1 }]);
    expect(first.changes.map(({ table }) => table.name)).toEqual(['items']);
    expect(first.schema.tables['items__kids']?.['x-normalizer']).toBeUndefined();
    const second = run({ nested_hints }, [{ id: 1, kids: [{ a: 1 }] }], first.schema);
    expect(second.changes.map(({ kind, table }) => [kind, table.name])).toEqual([['create_table', 'items__kids']]);
    expect(second.tables['items__kids']?.[0]).toMatchObject({ a: '1' });
  });

  it('of merges become table hints', () => {
    const options = {
      disposition: 'merge',
      source_filter: 'a > 1',
      destination_scope: 'b',
      skip_unchanged_rows: true,
      deduplicated: true,
    } as const;
    const { schema } = run({ primary_key: 'id', write_disposition: { ...options, strategy: 'cdc', row_version_column_name: 'verNo' } }, [
      { id: 1, verNo: 1 },
    ]);
    expect(schema.tables['items']).toMatchObject({
      write_disposition: 'merge',
      'x-merge-strategy': 'cdc',
      'x-merge-source-filter': 'a > 1',
      'x-merge-destination-scope': 'b',
      'x-merge-skip-unchanged-rows': true,
      'x-stage-data-deduplicated': true,
      columns: { ver_no: { nullable: false, 'x-row-version': true } },
    });
    expect(schema.normalizers.json.config).toEqual({ propagation: { tables: { items: { _dlt_id: '_dlt_root_id' } } } });
  });

  it('of scd2 name its columns', () => {
    const write_disposition = {
      disposition: 'merge',
      strategy: 'scd2',
      validity_column_names: ['From', 'To'],
      active_record_timestamp: '9999-12-31',
      boundary_timestamp: '2024-01-01',
      row_version_column_name: 'hash',
    } as const;
    const { schema } = run({ write_disposition }, [{ id: 1, hash: 'x' }]);
    expect(schema.tables['items']?.['x-boundary-timestamp']).toBe('2024-01-01');
    expect(columnsOf(schema.tables['items'])).toMatchObject({
      from: { data_type: 'timestamp', 'x-valid-from': true },
      to: { data_type: 'timestamp', 'x-valid-to': true, 'x-active-record-timestamp': '9999-12-31' },
      hash: { data_type: 'text', nullable: false, unique: false, row_key: false, 'x-row-version': true },
    });
    expect(schema.normalizers.json.config).toBeUndefined();
  });

  it('give root keys when the source asks, and take them back', () => {
    const rows = [{ id: 1, kids: [1] }];
    const resource = { name: 'items', hints: {} };
    const asked = normalizeRows(rows, { resource, rootKey: true, maxTableNesting: 5 });
    expect(asked.schema.normalizers.json.config).toEqual({
      max_nesting: 5,
      root_key_propagation: true,
      propagation: { tables: { items: { _dlt_id: '_dlt_root_id' } } },
    });
    expect(asked.schema.tables['items__kids']?.columns['_dlt_root_id']).toMatchObject({ root_key: true, nullable: false });
    const merged = { resource: { name: 'items', hints: { write_disposition: 'merge' } }, rootKey: false } as const;
    expect(normalizeRows(rows, merged).schema.tables['items__kids']?.columns).not.toHaveProperty('_dlt_root_id');
    // A column that is there has to be filled.
    expect(normalizeRows(rows, { ...merged, schema: asked.schema }).tables['items__kids']?.[0]).toHaveProperty('_dlt_root_id');
  });

  it('leave a root key to the load after the one that stops merging', () => {
    const merged = run({ write_disposition: 'merge' }).schema;
    const first = run({}, [{ id: 1 }], merged).schema;
    expect(first.normalizers.json.config).toEqual({ propagation: { tables: { items: { _dlt_id: '_dlt_root_id' } } } });
    expect(run({}, [{ id: 1 }], first).schema.normalizers.json.config).toBeUndefined();
  });

  it('without a type wait for data, and come where the data comes', () => {
    const { schema } = run({ primary_key: 'late' }, [{ id: 1, late: 2 }]);
    expect(Object.keys(schema.tables['items']?.columns ?? {})).toEqual(['id', 'late', '_dlt_load_id', '_dlt_id']);
  });

  it('of old dlt versions stand: a `complex` variant takes what `json` would', () => {
    const { schema } = run({ max_table_nesting: 0 }, [{ v: 1 }]);
    const columns = schema.tables['items']?.columns as TableSchema['columns'];
    columns['v__v_complex'] = { name: 'v__v_complex', data_type: 'json', nullable: true, variant: true };
    expect(run({ max_table_nesting: 0 }, [{ v: [1] }], schema).tables['items']?.[0]).toMatchObject({ v__v_complex: '[1]' });
    expect(run({ max_table_nesting: 0 }, [{ w: 1 }, { w: [1] }]).tables['items']?.[1]).toMatchObject({ w__v_json: '[1]' });
  });

  it('make a nested table with a key a table of its own', () => {
    const nested_hints = {
      lineItems: { primary_key: 'sku', columns: { qty: { data_type: 'double' } } },
      tags: { columns: { value: { data_type: 'text' } } },
    } as const;
    const { schema, tables } = run({ nested_hints, write_disposition: 'merge' }, [
      { id: 1, lineItems: [{ sku: 'a', qty: 1, notes: [1] }], tags: [1] },
    ]);
    expect(schema.tables['items__line_items']).toMatchObject({ resource: 'items', write_disposition: 'append' });
    expect(schema.tables['items__line_items']?.parent).toBeUndefined();
    expect(tables['items__line_items']).toEqual([
      { sku: 'a', qty: 1, _dlt_load_id: 'LOAD', _dlt_id: expect.any(String), _dlt_root_id: tables['items']?.[0]?.['_dlt_id'] },
    ]);
    expect(tables['items__line_items__notes']?.[0]).toMatchObject({ _dlt_parent_id: tables['items__line_items']?.[0]?.['_dlt_id'] });
    expect(tables['items__tags']?.[0]).toMatchObject({ value: '1', _dlt_list_idx: 0n });
    expect(() => run({}, [{ id: 1 }], schema)).not.toThrow();
    expect(() => run({ nested_hints: { tags: { primary_key: 'value' } } }, [{ id: 1 }], schema)).toThrow(
      expect.objectContaining({ code: 'table_parent_changed' }) as Error,
    );
  });

  it('may depend on the row', () => {
    const hints: ResourceHints = {
      table_name: (row) => `evt_${(row as JsonObject)['kind'] as string}`,
      primary_key: (row) => ((row as JsonObject)['kind'] === 'b' ? 'key' : 'id'),
      columns: (row): Record<string, ColumnHint> => ((row as JsonObject)['kind'] === 'a' ? { v: { data_type: 'text' } } : {}),
    };
    const { tables, schema, rowCounts } = run(hints, [
      { kind: 'a', id: 1, v: 1 },
      { kind: 'b', key: 1, v: 2 },
      { kind: 'a', id: 2, v: 3 },
    ]);
    expect(rowCounts).toEqual({ evt_a: 2, evt_b: 1 });
    expect(tables['evt_a']?.map((row) => row['v'])).toEqual(['1', '3']);
    expect(schema.tables['evt_b']).toMatchObject({
      resource: 'items',
      columns: { key: { primary_key: true }, v: { data_type: 'bigint' } },
    });
  });

  it('of two resources meet in one table', () => {
    const page = (name: string, columns: ResourceHints['columns'], rows: Json[]) => ({
      resource: { name, hints: { table_name: 'both', ...(columns ? { columns } : {}) } },
      rows,
    });
    const { tables } = normalizePages([
      page('a', undefined, [{ id: 1, x: 1 }]),
      page('b', { y: { data_type: 'text' } }, [{ id: 2, y: 2 }]),
      page('a', undefined, [{ id: 3, x: 2, y: 3 }]),
    ]);
    expect(tables['both']?.map(({ id, x, y }) => [id, x, y])).toEqual([
      [1n, 1n, undefined],
      [2n, undefined, '2'],
      [3n, 2n, '3'],
    ]);
  });

  it('make the table of a resource without rows when its columns are known', () => {
    const { changes, schema, rowCounts } = run({ columns: { id: { data_type: 'bigint' }, note: {} } }, []);
    expect(rowCounts).toEqual({});
    expect(changes.map(({ kind, table, columns }) => [kind, table.name, columns.map((c) => c.name)])).toEqual([
      ['create_table', 'items', ['id', '_dlt_load_id', '_dlt_id']],
    ]);
    expect(schema.tables['items']?.['x-normalizer']).toEqual({ 'seen-data': true });
    expect(run({ primary_key: 'id' }, []).schema.tables).not.toHaveProperty('items');
    expect(run({}, [], schema).changes).toEqual([]);
    expect(run({ write_disposition: 'replace' }, [], schema).schema.tables['items']?.write_disposition).toBe('replace');
  });

  it('keep the rows of `skip` out', () => {
    const { tables, schema } = run({ write_disposition: 'skip' }, [{ id: 1, kids: [1] }]);
    expect(tables).toEqual({});
    expect(schema.tables).toHaveProperty('items__kids');
  });

  it('name a strategy that the destination has', () => {
    const resource = { name: 'items', hints: { write_disposition: { disposition: 'merge', strategy: 'scd2' } } } as const;
    expect(() =>
      normalizeRows([{ id: 1 }], { resource, capabilities: { mergeStrategies: ['delete-insert'], maxIdentifierLength: 63 } }),
    ).toThrow(expect.objectContaining({ code: 'merge_strategy_unsupported', hint: 'Use one of `delete-insert`.' }) as Error);
  });

  it('raise the version once, and only when something changed', () => {
    const first = run({}, [{ id: 1 }]).schema;
    const second = run({}, [{ id: 2 }], first).schema;
    const third = run({}, [{ id: 2, v: 1 }], second).schema;
    expect([first, second, third].map(({ version }) => version)).toEqual([2, 2, 3]);
    expect(third.previous_hashes).toEqual([first.version_hash, newSchema('s').version_hash]);
  });
});

function reference(table: string, column: string): JsonObject {
  return { referenced_table: table, columns: ['id'], referenced_columns: [column] };
}
