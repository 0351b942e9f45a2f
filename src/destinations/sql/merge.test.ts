import { describe, expect, it } from 'vitest';
import type { ColumnSchema, MergeStrategy, TableSchema } from '../../core/schema.ts';
import { columns, nestedTable, rootTable } from '../../testing/destination-scene.ts';
import { mergeStatements } from './merge.ts';
import type { ChainTable } from './table-chain.ts';

const data = { id: { data_type: 'bigint', primary_key: true }, v: { data_type: 'text' } } as const;

function statements(hints: Partial<TableSchema>, change: (table: TableSchema) => void = () => undefined): string[] {
  const table = rootTable('items', columns(data), { write_disposition: 'merge', ...hints });
  change(table);
  const root: ChainTable = { schema: table, target: '"ds"."items"', stage: '"stage"."items"' };
  return mergeStatements({ chain: [root], stage: '"stage"."items"', startedAt: new Date('2024-05-01T12:00:00Z'), prefix: 'm' });
}

const without =
  (hint: keyof ColumnSchema) =>
  (table: TableSchema): void => {
    for (const column of Object.values(table.columns)) delete column[hint];
  };

describe('the statements of a merge', () => {
  it('say what they do, for people who read a log', () => {
    expect(statements({})).toEqual([
      'DELETE FROM "ds"."items" WHERE EXISTS (SELECT 1 FROM "stage"."items" AS s WHERE "ds"."items"."id" = s."id")',
      'INSERT INTO "ds"."items" ("id", "v", "_dlt_load_id", "_dlt_id") SELECT "id", "v", "_dlt_load_id", "_dlt_id" FROM "stage"."items" ' +
        'WHERE "_syncline_row" IN (SELECT MIN("_syncline_row") FROM "stage"."items" GROUP BY "id")',
    ]);
  });

  it('leave no temporary table behind', () => {
    for (const strategy of ['delete-insert', 'upsert', 'insert-only', 'cdc'] as const satisfies MergeStrategy[]) {
      const all = statements({ 'x-merge-strategy': strategy, 'x-merge-skip-unchanged-rows': true });
      const made = all.flatMap((sql) => /^CREATE TEMPORARY TABLE (\S+)/.exec(sql)?.[1] ?? []);
      expect(all.flatMap((sql) => /^DROP TABLE (\S+)/.exec(sql)?.[1] ?? [])).toEqual(made);
    }
  });

  it('fill the placeholders of a scope and keep literal braces', () => {
    const [first] = statements({ 'x-merge-destination-scope': `{table}.v <> '{{x}}' AND v IN (SELECT v FROM {staging_table})` });
    expect(first).toBe(`DELETE FROM "ds"."items" WHERE "ds"."items".v <> '{x}' AND v IN (SELECT v FROM "stage"."items")`);
  });

  it.each([
    ['an unknown placeholder', 'merge_placeholder_unknown', { 'x-merge-destination-scope': 'v > {limit}' }, undefined],
    ['a placeholder where none is known', 'merge_placeholder_unknown', { 'x-merge-source-filter': '{table}.v > 1' }, undefined],
    ['a placeholder of every object', 'merge_placeholder_unknown', { 'x-merge-destination-scope': '{constructor}' }, undefined],
    ['a single brace', 'merge_placeholder_unknown', { 'x-merge-source-filter': `v = '{'` }, undefined],
    ['upsert without a key', 'merge_needs_primary_key', { 'x-merge-strategy': 'upsert' }, 'primary_key'],
    ['cdc without a key', 'merge_needs_primary_key', { 'x-merge-strategy': 'cdc' }, 'primary_key'],
    ['scd2 without its columns', 'history_columns_missing', { 'x-merge-strategy': 'scd2' }, undefined],
  ] as const)('refuse %s', (_, code, hints, removed) => {
    expect(() => statements(hints, removed && without(removed))).toThrow(
      expect.objectContaining({ code, hint: expect.stringMatching(/\.$/) }),
    );
  });

  it('refuse a boundary that is no time', () => {
    const add = (table: TableSchema): void => {
      Object.assign(
        table.columns,
        columns({ a: { data_type: 'timestamp', 'x-valid-from': true }, b: { data_type: 'timestamp', 'x-valid-to': true } }),
      );
      Object.assign(table.columns['_dlt_id'] as ColumnSchema, { 'x-row-version': true });
    };
    expect(() => statements({ 'x-merge-strategy': 'scd2', 'x-boundary-timestamp': 'yesterday' }, add)).toThrow(
      expect.objectContaining({ code: 'timestamp_invalid' }),
    );
    expect(statements({ 'x-merge-strategy': 'scd2', 'x-boundary-timestamp': '2024-08-21T14:15:00+02:00' }, add)[0]).toContain(
      `SET "b" = '2024-08-21T12:15:00+00:00'`,
    );
  });

  it('refuse tables that do not tell their rows or parents apart', () => {
    const root: ChainTable = { schema: rootTable('items', columns(data)), target: 't', stage: 's' };
    const merge =
      (nested: TableSchema, schema = root.schema) =>
      () =>
        mergeStatements({
          chain: [
            { ...root, schema },
            { schema: nested, target: 'n', stage: 'm' },
          ],
          stage: 's',
          startedAt: new Date(),
          prefix: 'm',
        });
    const orphan = nestedTable('items__x', 'items', {});
    delete orphan.columns['_dlt_parent_id'];
    expect(merge(orphan)).toThrow(expect.objectContaining({ code: 'parent_key_missing' }));
    const nameless = { ...root.schema, columns: columns({ id: { data_type: 'bigint', merge_key: true } }) };
    expect(merge(nestedTable('items__x', 'items', {}), nameless)).toThrow(expect.objectContaining({ code: 'row_key_missing' }));
  });
});
