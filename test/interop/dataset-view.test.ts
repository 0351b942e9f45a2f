import { describe, expect, it } from 'vitest';
import { newSchema } from '../../src/core/schema-hash.ts';
import type { Schema, TableSchema } from '../../src/core/schema.ts';
import { viewOf } from './dataset-view.ts';
import { differences } from './differences.ts';
import type { StoredRow, StoredTable } from './place.ts';

const table = (name: string, more: Partial<TableSchema>): TableSchema => ({
  name,
  columns: { id: { name: 'id', data_type: 'text' } },
  ...more,
});
const schema: Schema = {
  ...newSchema('rest_api'),
  tables: { items: table('items', { resource: 'items' }), items__tags: table('items__tags', { parent: 'items' }) },
};

/** A dataset of one load; `drawn` stands for what differs from run to run. */
function dataset(
  drawn: string,
  change: { readonly tags?: readonly StoredRow[]; readonly type?: string; readonly last?: number } = {},
): StoredTable[] {
  const { type = 'VARCHAR', last = 7 } = change;
  const state = { pipeline_name: 'p', schema_names: ['rest_api'], _version_hash: drawn, sources: { s: { last, syncline_schema: drawn } } };
  const stored = (name: string, rows: readonly StoredRow[]): StoredTable => ({
    name,
    columns: [{ name: 'id', type, nullable: true }],
    rows,
  });
  return [
    stored('items__tags', change.tags ?? [{ value: 'a', _dlt_parent_id: `${drawn}1`, _dlt_list_idx: '0', _dlt_id: `${drawn}3` }]),
    stored('items', [
      { id: '1', _dlt_id: `${drawn}1`, _dlt_load_id: drawn },
      { id: '2', _dlt_id: `${drawn}2`, _dlt_load_id: drawn },
    ]),
    stored('_dlt_loads', [{ load_id: drawn, schema_name: 'rest_api', status: '0', schema_version_hash: 'h' }]),
    stored('_dlt_version', [{ schema_name: 'rest_api', inserted_at: drawn, version_hash: 'h', schema: JSON.stringify(schema) }]),
    stored('_dlt_pipeline_state', [{ pipeline_name: 'p', _dlt_load_id: drawn, state: JSON.stringify(state) }]),
    stored('_syncline_runs', [{ run_id: drawn }]),
  ];
}

const compared = (change: Parameters<typeof dataset>[1]): string[] => differences(viewOf(dataset('x')), viewOf(dataset('y', change)));
const tag = { value: 'a', _dlt_parent_id: 'y1', _dlt_list_idx: '0', _dlt_id: 'y3' };

describe('views of datasets', () => {
  it('are equal whatever is drawn', () => {
    expect(compared({})).toEqual([]);
  });

  it('differ by the row that a nested one belongs to, and by rows that are there twice or refer to nothing', () => {
    const [lacks, has, ...more] = compared({ tags: [{ ...tag, _dlt_parent_id: 'y2' }] });
    expect([lacks, has, more]).toEqual([
      expect.stringContaining(String.raw`\"id\":\"1\"`),
      expect.stringContaining(String.raw`\"id\":\"2\"`),
      [],
    ]);
    expect(compared({ tags: [tag, { ...tag, _dlt_list_idx: '1' }] })).toEqual([expect.stringContaining('with the id of another row')]);
    expect(compared({ tags: [{ ...tag, _dlt_parent_id: 'z' }] })).toContainEqual(expect.stringContaining('a row that is nowhere'));
    expect(compared({ tags: [] })).toEqual([expect.stringContaining('tables.items__tags.rows lacks')]);
  });

  it('differ by the type of a column and by the state', () => {
    expect(compared({ type: 'BIGINT' })).toContain('tables.items.columns.id is BIGINT, not VARCHAR');
    expect(compared({ last: 8 })).toEqual(['states.p.content.sources.s.last is 8, not 7']);
  });
});
