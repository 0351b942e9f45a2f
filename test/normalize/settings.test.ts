import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/core/json.ts';
import type { Schema } from '../../src/core/schema.ts';
import { newSchema } from '../../src/core/schema-hash.ts';
import { normalizeRows } from './normalize-all.ts';

/** A schema that a program set up: a configuration cannot say these things, but a dataset may come with them. */
function schemaWith(change: (schema: Schema) => void): Schema {
  const schema = newSchema('s');
  change(schema);
  return schema;
}
const columnsOf = (schema: Schema, table: string) =>
  Object.keys(schema.tables[table]?.columns ?? {}).filter((name) => !name.startsWith('_dlt'));

describe('settings of a stored schema', () => {
  it('prefer types by name, unless a value does not fit', () => {
    const schema = schemaWith(({ settings }) => {
      settings.preferred_types = { 're:_raw$': 'json', exact: 'double', code: 'bigint' };
    });
    const { tables, schema: after } = normalizeRows(
      [
        { a_raw: { b: [1] }, exact: 1, not_exact: 1, code: 'x' },
        { code: '7', a_raw: [] },
      ],
      { schema },
    );
    expect(tables['messages']?.[0]).toMatchObject({ a_raw: '{"b":[1]}', exact: 1, not_exact: 1n, code__v_text: 'x' });
    expect(tables['messages']?.[1]).toMatchObject({ a_raw: '[]', code: 7n });
    expect(columnsOf(after, 'messages')).toEqual(['a_raw', 'exact', 'not_exact', 'code__v_text', 'code']);
  });

  it('give hints by name', () => {
    const schema = schemaWith(({ settings }) => {
      settings.default_hints = { ...settings.default_hints, partition: ['re:^day'], not_null: ['must', '_dlt_id', '_dlt_load_id'] };
    });
    const { schema: after } = normalizeRows([{ day_of: 1, must: 1 }], { schema });
    expect(after.tables['messages']?.columns).toMatchObject({ day_of: { partition: true, nullable: true }, must: { nullable: false } });
    expect(() => normalizeRows([{ must: null }], { schema })).toThrow(
      expect.objectContaining({ code: 'null_in_required_column' }) as Error,
    );
  });

  it('turn the search for timestamps off', () => {
    const schema = schemaWith(({ settings }) => {
      settings.detections = [];
    });
    expect(normalizeRows([{ at: '2024-01-01T00:00:00Z' }], { schema }).schema.tables['messages']?.columns['at']?.data_type).toBe('text');
  });

  it('filter fields and tables by their path', () => {
    const schema = schemaWith(({ tables }) => {
      const filters = { excludes: ['secret', 're:^raw'], includes: ['re:^raw__keep'] };
      tables['messages'] = { name: 'messages', resource: 'messages', write_disposition: 'append', columns: {}, filters };
    });
    const row: Json = { id: 1, secret: 2, raw: { a: 1, keep: 2, list: [1] }, kids: [{ secret: 3 }], raws: [1] };
    const { tables, schema: after } = normalizeRows([row], { schema });
    expect(columnsOf(after, 'messages')).toEqual(['id', 'raw__keep']);
    expect(Object.keys(tables)).toEqual(['messages', 'messages__kids']);
    expect(tables['messages__kids']?.[0]).toMatchObject({ secret: 3n });
  });

  it('take names as old versions did', () => {
    const schema = schemaWith(({ normalizers }) => {
      normalizers.use_break_path_on_normalize = false;
    });
    const { tables } = normalizeRows([{ a__B: 1, '': 2, l__X: [1] }], { schema });
    expect(tables['messages']?.[0]).toMatchObject({ a_b: 1n, _empty: 2n });
    expect(Object.keys(tables)).toEqual(['messages', 'messages__l_x']);
  });

  it('keep what they do not understand', () => {
    const schema = schemaWith(({ settings, tables }) => {
      settings['x-mine'] = { a: 1 };
      (tables['_dlt_loads'] as Schema['tables'][string])['x-mine'] = true;
    });
    const after = normalizeRows([{ a: 1 }], { schema }).schema;
    expect([after.settings['x-mine'], after.tables['_dlt_loads']?.['x-mine']]).toEqual([{ a: 1 }, true]);
  });
});
