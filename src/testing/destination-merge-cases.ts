import assert from 'node:assert/strict';
import type { TableSchema } from '../core/schema.ts';
import { batchOf } from './batch-of.ts';
import type { ContractCase } from './contract-case.ts';
import { lacksAny, lacksNewColumns, lacksStrategy } from './destination-lacks.ts';
import { chain, DATA, DEEPEST, item, NESTED, together } from './destination-merge-scene.ts';
import { columns, type DestinationSubject, nestedTable, openScene, ROOT_KEY, rootTable } from './destination-scene.ts';

/** Merging by primary or merge key, and when it begins. */
export const destinationMergeCases: readonly ContractCase<DestinationSubject>[] = [
  {
    name: 'delete-insert replaces rows by primary key with all that is nested, the first of equal ones stays',
    lacks: lacksStrategy('delete-insert'),
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
    lacks: lacksStrategy('delete-insert'),
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
    lacks: lacksStrategy('delete-insert'),
    async run(subject) {
      await using scene = await openScene(subject);
      const table = rootTable('items', columns({ v: { data_type: 'text' } }), { write_disposition: 'merge' });
      for (const id of ['a', 'b']) await scene.load({ id, tables: [table], rows: { items: [{ v: 'x', _dlt_load_id: id, _dlt_id: id }] } });
      assert.deepEqual(await scene.cells('items', 'v'), ['x', 'x']);
    },
  },
  {
    name: 'delete-insert heeds source_filter and destination_scope',
    lacks: lacksStrategy('delete-insert'),
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
    name: 'merge begins with the load whose schema says so, even if only at its end',
    lacks: lacksStrategy('delete-insert'),
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
    lacks: lacksAny(lacksStrategy('delete-insert'), lacksNewColumns),
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
    lacks: lacksStrategy('delete-insert'),
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
