import assert from 'node:assert/strict';
import type { MergeStrategy, TableSchema } from '../core/schema.ts';
import { batchOf, type BatchRow } from './batch-of.ts';
import type { ContractCase } from './contract-case.ts';
import { columns, type DestinationSubject, nestedTable, openScene, ROOT_KEY, rootTable } from './destination-scene.ts';

const can =
  (strategy: MergeStrategy) =>
  ({ capabilities }: DestinationSubject): boolean =>
    capabilities.mergeStrategies.includes(strategy);

const DATA = {
  id: { data_type: 'bigint', nullable: false, primary_key: true },
  v: { data_type: 'text' },
  deleted: { data_type: 'bool' },
} as const;

/** A merged table with lists in lists. */
function chain(strategy: MergeStrategy, data: Parameters<typeof columns>[0] = DATA, hints: Partial<TableSchema> = {}): TableSchema[] {
  const root = rootTable('items', columns(data), { write_disposition: 'merge', 'x-merge-strategy': strategy, ...hints });
  const parts = nestedTable('items__parts', 'items', columns({ n: { data_type: 'bigint' } }));
  const bits = nestedTable('items__parts__bits', 'items__parts', columns({ value: { data_type: 'bigint' } }));
  for (const nested of [parts, bits]) nested.columns['_dlt_root_id'] = { ...ROOT_KEY };
  return [root, parts, bits];
}

/** What an item has beside its id. */
interface Item {
  readonly v?: string;
  readonly day?: string;
  readonly seq?: number;
  readonly deleted?: boolean;
  /** A part for each, with these bits. */
  readonly parts?: readonly (readonly number[])[];
  /** The row key; new in every load when it is left out. */
  readonly key?: string;
}

/** The rows of an item, of its parts and their bits. */
function item(load: string, id: number, { parts = [], key = `${load}-${id}`, ...data }: Item = {}): Record<string, BatchRow[]> {
  const partId = (n: number) => `${key}.${n}`;
  return {
    items: [{ id, ...data, _dlt_load_id: load, _dlt_id: key }],
    items__parts: parts.map((_, n) => ({ n, _dlt_root_id: key, _dlt_parent_id: key, _dlt_list_idx: n, _dlt_id: partId(n) })),
    items__parts__bits: parts.flatMap((bits, n) =>
      bits.map((value, i) => ({ value, _dlt_root_id: key, _dlt_parent_id: partId(n), _dlt_list_idx: i, _dlt_id: `${partId(n)}.${i}` })),
    ),
  };
}

function together(...items: readonly Record<string, BatchRow[]>[]): Record<string, BatchRow[]> {
  const tables = ['items', 'items__parts', 'items__parts__bits'];
  return Object.fromEntries(tables.map((table) => [table, items.flatMap((each) => each[table] ?? [])]));
}

const NESTED = ['items__parts', '_dlt_root_id', '_dlt_list_idx'] as const;
const DEEPEST = ['items__parts__bits', '_dlt_parent_id', 'value'] as const;

/** Every strategy of `merge`. */
export const destinationMergeCases: readonly ContractCase<DestinationSubject>[] = [
  {
    name: 'delete-insert replaces rows by primary key with all that is nested, the first of equal ones stays',
    applies: can('delete-insert'),
    async run(subject) {
      await using scene = await openScene(subject);
      await scene.load({
        id: 'a',
        tables: chain('delete-insert'),
        rows: together(item('a', 1, { v: 'x', parts: [[1, 2], [3]] }), item('a', 2, { v: 'y', parts: [[4]] })),
      });
      const second = [
        item('b', 2, { v: 'z', parts: [[5], []] }),
        item('b', 2, { v: 'later', parts: [[6]], key: 'b-2-again' }),
        item('b', 3),
      ];
      await scene.load({ id: 'b', rows: together(...second) });
      assert.deepEqual(await scene.cells('items', 'id', 'v', '_dlt_load_id'), ['1|x|a', '2|z|b', '3|-|b']);
      assert.deepEqual(await scene.cells(...NESTED), ['a-1|0', 'a-1|1', 'b-2|0', 'b-2|1']);
      assert.deepEqual(await scene.cells(...DEEPEST), ['a-1.0|1', 'a-1.0|2', 'a-1.1|3', 'b-2.0|5']);
    },
  },
  {
    name: 'delete-insert deletes what is marked, keeps the row that dedup_sort puts first, and matches merge keys',
    applies: can('delete-insert'),
    async run(subject) {
      await using scene = await openScene(subject);
      const data = {
        ...DATA,
        deleted: { data_type: 'bool', hard_delete: true },
        day: { data_type: 'text', merge_key: true },
        seq: { data_type: 'bigint', dedup_sort: 'desc' },
      } as const;
      await scene.load({
        id: 'a',
        tables: chain('delete-insert', data),
        rows: together(...[1, 2, 3, 4].map((id) => item('a', id, { day: `d${id}`, parts: [[id]] }))),
      });
      await scene.load({
        id: 'b',
        rows: together(
          item('b', 1, { seq: 2, deleted: true, key: 'b-1-deleted' }),
          item('b', 1, { seq: 1, v: 'older' }),
          item('b', 2, { seq: 1, v: 'old', parts: [[9]], key: 'b-2-old' }),
          item('b', 2, { seq: 5, v: 'new', parts: [[8]] }),
          item('b', 5, { day: 'd3', deleted: false }),
        ),
      });
      assert.deepEqual(await scene.cells('items', 'id', 'v'), ['2|new', '4|-', '5|-']);
      assert.deepEqual(await scene.cells(...DEEPEST), ['a-4.0|4', 'b-2.0|8']);
    },
  },
  {
    name: 'delete-insert without keys appends',
    applies: can('delete-insert'),
    async run(subject) {
      await using scene = await openScene(subject);
      const table = rootTable('items', columns({ v: { data_type: 'text' } }), { write_disposition: 'merge' });
      for (const id of ['a', 'b']) await scene.load({ id, tables: [table], rows: { items: [{ v: 'x', _dlt_load_id: id, _dlt_id: id }] } });
      assert.deepEqual(await scene.cells('items', 'v'), ['x', 'x']);
    },
  },
  {
    name: 'delete-insert heeds source_filter and destination_scope',
    applies: can('delete-insert'),
    async run(subject) {
      await using scene = await openScene(subject);
      const hints = {
        'x-merge-source-filter': `v <> '{{'`,
        'x-merge-destination-scope': 'id IN (SELECT id FROM {staging_table}) AND {table}.id < 3',
      };
      await scene.load({
        id: 'a',
        tables: chain('delete-insert', DATA, hints),
        rows: together(...[1, 2, 3].map((id) => item('a', id, { v: 'x', parts: [[id]] }))),
      });
      await scene.load({ id: 'b', rows: together(item('b', 2, { v: '{', parts: [[7]] }), item('b', 3, { v: 'y', parts: [[8]] })) });
      assert.deepEqual(await scene.cells('items', 'id', 'v'), ['1|x', '3|x', '3|y']);
      assert.deepEqual(await scene.cells(...DEEPEST), ['a-1.0|1', 'a-3.0|3', 'b-3.0|8']);
    },
  },
  {
    name: 'upsert updates, inserts, deletes what is marked, and drops what left a list',
    applies: can('upsert'),
    async run(subject) {
      await using scene = await openScene(subject);
      const data = { ...DATA, deleted: { data_type: 'bool', hard_delete: true } } as const;
      const tables = chain('upsert', data);
      await scene.load({
        id: 'a',
        tables,
        rows: together(item('a', 1, { key: 'k1', v: 'x', parts: [[1, 2], [3]] }), item('a', 2, { key: 'k2', parts: [[4]] })),
      });
      const second = [
        item('b', 1, { key: 'k1', parts: [[1]] }),
        item('b', 2, { key: 'k2', deleted: true, parts: [[4]] }),
        item('b', 3, { key: 'k3', v: 'n' }),
      ];
      await scene.load({ id: 'b', rows: together(...second, item('b', 3, { key: 'k3', v: 'again' })) });
      assert.deepEqual(await scene.cells('items', 'id', 'v', '_dlt_load_id'), ['1|-|b', '3|n|b']);
      assert.deepEqual(await scene.cells(...DEEPEST), ['k1.0|1']);
    },
  },
  {
    name: 'upsert leaves rows alone that did not change, when told so',
    applies: can('upsert'),
    async run(subject) {
      await using scene = await openScene(subject);
      const rows = (load: string, v: string) =>
        together(item(load, 1, { key: 'k1', v: 'x', parts: [[1]] }), item(load, 2, { key: 'k2', v, parts: [[v.length]] }));
      await scene.load({ id: 'a', tables: chain('upsert', DATA, { 'x-merge-skip-unchanged-rows': true }), rows: rows('a', 'y') });
      await scene.load({ id: 'b', rows: rows('b', 'changed') });
      assert.deepEqual(await scene.cells('items', 'id', 'v', '_dlt_load_id'), ['1|x|a', '2|changed|b']);
      assert.deepEqual(await scene.cells(...DEEPEST), ['k1.0|1', 'k2.0|7']);
    },
  },
  {
    name: 'insert-only never changes a row',
    applies: can('insert-only'),
    async run(subject) {
      await using scene = await openScene(subject);
      await scene.load({ id: 'a', tables: chain('insert-only'), rows: together(item('a', 1, { key: 'k1', v: 'x', parts: [[1]] })) });
      await scene.load({
        id: 'b',
        rows: together(item('b', 1, { key: 'k1', v: 'y', parts: [[2]] }), item('b', 2, { key: 'k2', v: 'z', parts: [[3]] })),
      });
      assert.deepEqual(await scene.cells('items', 'id', 'v'), ['1|x', '2|z']);
      assert.deepEqual(await scene.cells(...DEEPEST), ['k1.0|1', 'k2.0|3']);
    },
  },
  {
    name: 'cdc deletes what the load does not have, with all that is nested',
    applies: can('cdc'),
    async run(subject) {
      await using scene = await openScene(subject);
      await scene.load({
        id: 'a',
        tables: chain('cdc'),
        rows: together(item('a', 1, { key: 'k1', parts: [[1]] }), item('a', 2, { key: 'k2', parts: [[2]] })),
      });
      await scene.load({ id: 'b', rows: together(item('b', 2, { key: 'k2', v: 'y', parts: [[5]] })) });
      assert.deepEqual(await scene.cells('items', 'id', 'v'), ['2|y']);
      assert.deepEqual(await scene.cells(...DEEPEST), ['k2.0|5']);
    },
  },
  {
    name: 'scd2 retires what changed or went, and adds what is new or back',
    applies: can('scd2'),
    async run(subject) {
      await using scene = await openScene(subject);
      const tables = chain('scd2', {
        since: { data_type: 'timestamp', 'x-valid-from': true },
        until: { data_type: 'timestamp', 'x-valid-to': true, 'x-active-record-timestamp': null },
        id: DATA.id,
      });
      const [root] = tables as [TableSchema];
      root.columns['_dlt_id'] = {
        name: '_dlt_id',
        data_type: 'text',
        nullable: false,
        unique: false,
        row_key: false,
        'x-row-version': true,
      };
      await scene.load({ id: 'a', tables, rows: together(item('a', 1, { key: 'h1', parts: [[1]] }), item('a', 2, { key: 'h2' })) });
      root['x-boundary-timestamp'] = '2024-06-01T00:00:00+02:00';
      await scene.load({
        id: 'b',
        tables,
        rows: together(item('b', 2, { key: 'h2' }), item('b', 3, { key: 'h3', parts: [[3]] }), item('b', 3, { key: 'h3', parts: [[3]] })),
      });
      await scene.load({ id: 'c', rows: together(item('c', 1, { key: 'h1', parts: [[1]] }), item('c', 2, { key: 'h2' })) });
      const may = '2024-05-01T12:00:00.000000Z';
      const june = '2024-05-31T22:00:00.000000Z';
      assert.deepEqual(await scene.cells('items', '_dlt_id', 'since', 'until'), [
        `h1|${may}|${june}`,
        `h1|${june}|-`,
        `h2|${may}|-`,
        `h3|${june}|${june}`,
      ]);
      assert.deepEqual(await scene.cells(...DEEPEST), ['h1.0|1', 'h3.0|3']);
    },
  },
  {
    name: 'merge begins with the load whose schema says so, even if only at its end',
    applies: can('delete-insert'),
    async run(subject) {
      await using scene = await openScene(subject);
      const [root, ...nested] = chain('delete-insert') as [TableSchema, ...TableSchema[]];
      await scene.load({
        id: 'a',
        tables: [{ ...root, write_disposition: 'append' }, ...nested],
        rows: item('a', 1, { v: 'x', parts: [[1]] }),
      });
      const load = await scene.begin('b');
      const rows = together(
        item('b', 1, { v: 'y', parts: [[2]] }),
        item('b', 1, { v: 'again', key: 'b-1-again', parts: [[3]] }),
        item('b', 2),
      );
      for (const table of [root, ...nested]) await load.write(batchOf(table, rows[table.name] ?? []));
      scene.schema.tables['items'] = root;
      await load.commit({ schema: scene.settle(), state: undefined });
      assert.deepEqual(await scene.cells('items', 'id', 'v'), ['1|y', '2|-']);
      assert.deepEqual(await scene.cells(...DEEPEST), ['b-1.0|2']);
    },
  },
  {
    name: 'merge finds nested rows that were appended without a root key',
    applies: (subject) => can('delete-insert')(subject) && subject.capabilities.addsColumns,
    async run(subject) {
      await using scene = await openScene(subject);
      const [root, parts, bits] = chain('delete-insert') as [TableSchema, TableSchema, TableSchema];
      const without = [parts, bits].map((table) =>
        nestedTable(table.name, table.parent as string, { ...table.columns, [ROOT_KEY.name]: { name: ROOT_KEY.name } }),
      );
      const rows = together(item('a', 1, { parts: [[1], [2]] }), item('a', 2, { parts: [[3]] }));
      await scene.load({ id: 'a', tables: [{ ...root, write_disposition: 'append' }, ...without], rows });
      await scene.load({ id: 'b', tables: [root, parts, bits], rows: together(item('b', 1, { v: 'y', parts: [[9]] })) });
      assert.deepEqual(await scene.cells('items', 'id', 'v'), ['1|y', '2|-']);
      assert.deepEqual(await scene.cells('items__parts__bits', '_dlt_root_id', 'value'), ['a-2|3', 'b-1|9']);
    },
  },
  {
    name: 'merge goes from parent to parent where there are no root keys',
    applies: can('delete-insert'),
    async run(subject) {
      await using scene = await openScene(subject);
      const tables = chain('delete-insert');
      for (const table of tables) delete table.columns['_dlt_root_id'];
      await scene.load({ id: 'a', tables, rows: together(item('a', 1, { parts: [[1], [2]] }), item('a', 2, { parts: [[3]] })) });
      await scene.load({ id: 'b', rows: together(item('b', 1, { parts: [[9]] }), item('b', 1, { parts: [[7]], key: 'b-1-again' })) });
      assert.deepEqual(await scene.cells(...DEEPEST), ['a-2.0|3', 'b-1.0|9']);
    },
  },
];
