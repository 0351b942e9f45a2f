import { describe, expect, it } from 'vitest';
import { ContractError } from '../../src/core/errors.ts';
import type { Json } from '../../src/core/json.ts';
import type { ContractMode, SchemaContract } from '../../src/core/schema.ts';
import { normalizeRows, type StoredRow } from './normalize-all.ts';

/** `t(id, v)` as a first load left it. */
const loaded = normalizeRows([{ id: 1, v: 1 }], { resource: { name: 't', hints: {} } }).schema;

function load(rows: Json[], contract: ContractMode | SchemaContract, schema = loaded) {
  return normalizeRows(rows, { schema, resource: { name: 't', hints: { schema_contract: contract } } });
}
const data = (rows: StoredRow[] | undefined) =>
  (rows ?? []).map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('_dlt'))));

function failure(run: () => unknown): ContractError {
  try {
    run();
  } catch (error) {
    if (error instanceof ContractError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const NEW_COLUMN: Json[] = [
  { id: 2, v: 2, w: 'secret' },
  { id: 3, v: 3 },
];
const BAD_TYPE: Json[] = [
  { id: 2, v: 'secret' },
  { id: 3, v: 3 },
];
const NEW_TABLE: Json[] = [
  { id: 2, v: 2, kids: [{ a: [1] }] },
  { id: 3, v: 3 },
];

describe('schema contracts', () => {
  it.each([
    [
      'columns',
      NEW_COLUMN,
      'evolve',
      [
        { id: 2n, v: 2n, w: 'secret' },
        { id: 3n, v: 3n },
      ],
    ],
    [
      'columns',
      NEW_COLUMN,
      'discard_value',
      [
        { id: 2n, v: 2n },
        { id: 3n, v: 3n },
      ],
    ],
    ['columns', NEW_COLUMN, 'discard_row', [{ id: 3n, v: 3n }]],
    [
      'data_type',
      BAD_TYPE,
      'evolve',
      [
        { id: 2n, v__v_text: 'secret' },
        { id: 3n, v: 3n },
      ],
    ],
    ['data_type', BAD_TYPE, 'discard_value', [{ id: 2n }, { id: 3n, v: 3n }]],
    ['data_type', BAD_TYPE, 'discard_row', [{ id: 3n, v: 3n }]],
    [
      'tables',
      NEW_TABLE,
      'discard_value',
      [
        { id: 2n, v: 2n },
        { id: 3n, v: 3n },
      ],
    ],
    [
      'tables',
      NEW_TABLE,
      'discard_row',
      [
        { id: 2n, v: 2n },
        { id: 3n, v: 3n },
      ],
    ],
  ] as const)('%s of rows %j: %s', (entity, rows, mode, expected) => {
    const { tables, changes } = load([...rows], { [entity]: mode });
    expect(data(tables['t'])).toEqual(expected);
    expect(Object.keys(tables)).toEqual(['t']);
    expect(changes.length).toBe(mode === 'evolve' ? 1 : 0);
  });

  it.each([
    ['columns', NEW_COLUMN, 't', 'w'],
    ['data_type', BAD_TYPE, 't', 'v__v_text'],
    ['tables', NEW_TABLE, 't__kids', undefined],
  ] as const)('%s: freeze names all but values', (entity, rows, table, column) => {
    const error = failure(() => load([...rows], { [entity]: 'freeze' }));
    expect(error.code).toBe('contract_violated');
    expect(error.context).toEqual({ schema: 's', table, resource: 't', entity, mode: 'freeze', ...(column ? { column } : {}) });
    for (const name of [table, 's', entity, 'freeze', ...(column ? [column] : [])]) expect(error.message).toContain(name);
    expect(error.message).not.toContain('secret');
  });

  it('lets the columns of the first load come, all of them', () => {
    const { tables, schema } = normalizeRows([{ id: 1 }, { id: 2, late: 1, kids: [{ a: 1 }, { a: 2, b: 3 }] }], {
      resource: { name: 'fresh', hints: { schema_contract: { columns: 'discard_value' }, columns: { hinted: { data_type: 'text' } } } },
    });
    expect(data(tables['fresh'])).toEqual([{ id: 1n }, { id: 2n, late: 1n }]);
    // Of a nested table that data makes it is, as in dlt, the columns of its first row.
    expect(data(tables['fresh__kids'])).toEqual([{ a: 1n }, { a: 2n }]);
    expect(schema.tables['fresh']?.columns).toHaveProperty('hinted');
    expect(schema.tables['fresh']?.['x-normalizer']).toEqual({ 'seen-data': true });
    expect(
      data(
        normalizeRows([{ id: 3, later: 1 }], {
          schema,
          resource: { name: 'fresh', hints: { schema_contract: { columns: 'discard_value' } } },
        }).tables['fresh'],
      ),
    ).toEqual([{ id: 3n }]);
  });

  it('drops what is below a dropped row, and nothing above', () => {
    const { schema } = load([{ id: 1, kids: [{ a: 1 }] }], 'evolve');
    const { tables } = load([{ id: 2, kids: [{ a: 1, b: 1, toys: [1] }, { a: 2 }] }], { columns: 'discard_row' }, schema);
    expect(data(tables['t'])).toEqual([{ id: 2n }]);
    expect(data(tables['t__kids'])).toEqual([{ a: 2n }]);
    expect(Object.keys(tables)).toEqual(['t', 't__kids']);
  });

  it('keeps rows together when one between them is dropped', () => {
    const rows = Array.from({ length: 50 }, (_, id): Json => (id % 3 ? { id, v: id % 5 ? id : null } : { id, v: id, bad: 'x' }));
    const { tables } = load(rows, { columns: 'discard_row' });
    const kept = rows.map((row) => row as { id: number; v: number | null; bad?: string }).filter((row) => row.bad === undefined);
    expect(data(tables['t'])).toEqual(kept.map(({ id, v }) => ({ id: BigInt(id), ...(v === null ? {} : { v: BigInt(v) }) })));
  });

  it('of the source apply to all tables, and the one of a resource comes first', () => {
    const options = { schema: loaded, schemaContract: 'freeze' } as const;
    expect(failure(() => normalizeRows([{ a: 1 }], { ...options, resource: { name: 'new', hints: {} } })).context).toMatchObject({
      table: 'new',
      entity: 'tables',
    });
    expect(normalizeRows([{ a: 1 }], { ...options, resource: { name: 'new', hints: { schema_contract: 'evolve' } } }).rowCounts).toEqual({
      new: 1,
    });
    expect(
      normalizeRows([{ a: 1 }], { ...options, schemaContract: 'discard_row', resource: { name: 'new', hints: {} } }).rowCounts,
    ).toEqual({});
    expect(load([{ id: 1 }], 'evolve').schema.settings.schema_contract).toBeUndefined();
  });

  it('of a table that may not come keep its nested tables out, too', () => {
    const hints = {
      schema_contract: { tables: 'discard_row' },
      nested_hints: { kids: { columns: { a: { data_type: 'text' } } } },
    } as const;
    const { schema, tables } = normalizeRows([{ kids: [{ a: 1 }] }], { resource: { name: 'new', hints } });
    expect(tables).toEqual({});
    expect(Object.keys(schema.tables).filter((name) => name.startsWith('new'))).toEqual([]);
    expect(normalizeRows([], { resource: { name: 'new', hints: { ...hints, columns: { a: { data_type: 'text' } } } } }).changes).toEqual(
      [],
    );
  });

  it('hold hints, too', () => {
    const hints = { schema_contract: 'freeze', columns: { v: { data_type: 'text' } } } as const;
    const error = failure(() => normalizeRows([{ id: 1 }], { schema: loaded, resource: { name: 't', hints } }));
    expect(error.context).toMatchObject({ table: 't', column: 'v', entity: 'data_type' });
  });

  it('refuse nulls where none may be', () => {
    const keyed = { name: 't', hints: { primary_key: 'id' } };
    const key = failure(() => normalizeRows([{ id: 1 }, { id: null }], { resource: keyed }));
    expect([key.code, key.context]).toEqual(['null_in_required_column', { table: 't', column: 'id', resource: 't' }]);
    // Missing, or gone to a variant column: nothing is null in the data, but the key has no value.
    for (const rows of [
      [{ id: 1 }, { v: 2 }],
      [{ id: 1 }, { id: 'x' }],
    ] as Json[][]) {
      expect(failure(() => normalizeRows(rows, { resource: keyed })).code).toBe('null_in_required_column');
    }
    expect(failure(() => normalizeRows([{ v: 1 }], { resource: keyed }))).toMatchObject({
      code: 'unbound_column',
      context: { column: 'id' },
    });
  });

  it('have no second variant', () => {
    const error = failure(() => normalizeRows([{ v: true }, { v: '2024-01-01T00:00:00Z' }, { v: 'secret' }]));
    expect(error).toMatchObject({ code: 'variant_type_conflict', context: { column: 'v', variant: 'v__v_text' } });
    expect(error.message).not.toContain('secret');
  });
});
