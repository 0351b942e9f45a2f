import assert from 'node:assert/strict';
import type { TableSchema } from '../core/schema.ts';
import type { ContractCase } from './contract-case.ts';
import { lacksStrategy } from './destination-lacks.ts';
import { chain, DATA, DEEPEST, item, together } from './destination-merge-scene.ts';
import { type DestinationSubject, openScene } from './destination-scene.ts';

/** The strategies of `merge` other than its default. */
export const destinationMergeStrategyCases: readonly ContractCase<DestinationSubject>[] = [
  {
    name: 'upsert updates, inserts, deletes what is marked, and drops what left a list',
    lacks: lacksStrategy('upsert'),
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
    lacks: lacksStrategy('upsert'),
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
    name: 'upsert takes the lists of the row that it takes, when a key comes twice',
    lacks: lacksStrategy('upsert'),
    async run(subject) {
      await using scene = await openScene(subject);
      const data = { ...DATA, seq: { data_type: 'bigint', dedup_sort: 'desc' } } as const;
      await scene.load({
        id: 'a',
        tables: chain('upsert', data, { 'x-merge-skip-unchanged-rows': true }),
        rows: item('a', 1, { key: 'k1', v: 'x', parts: [[1], [2]], root: 0 }),
      });
      const rows = [
        item('b', 1, { key: 'k1', v: 'long', seq: 1, parts: [[1], [3], [4, 5]], root: 0 }),
        item('b', 2, { key: 'k2', v: 'empty', seq: 3, root: 1 }),
        item('b', 1, { key: 'k1', v: 'short', seq: 2, parts: [[6]], root: 2 }),
        item('b', 2, { key: 'k2', v: 'filled', seq: 2, parts: [[7]], root: 3 }),
        item('b', 3, { key: 'k3', v: 'first', parts: [[8]], root: 4 }),
        item('b', 3, { key: 'k3', v: 'second', parts: [[9], [9]], root: 5 }),
      ];
      await scene.load({ id: 'b', rows: together(...rows) });
      assert.deepEqual(await scene.cells('items', 'id', 'v'), ['1|short', '2|empty', '3|first']);
      assert.deepEqual(await scene.cells(...DEEPEST), ['k1.0|6', 'k3.0|8']);
    },
  },
  {
    name: 'insert-only adds the lists of the row that it adds, when a key comes twice',
    lacks: lacksStrategy('insert-only'),
    async run(subject) {
      await using scene = await openScene(subject);
      const rows = [
        item('a', 1, { key: 'k1', v: 'first', parts: [[1]], root: 0 }),
        item('a', 1, { key: 'k1', v: 'second', parts: [[2], [3]], root: 1 }),
      ];
      await scene.load({ id: 'a', tables: chain('insert-only'), rows: together(...rows) });
      assert.deepEqual(await scene.cells('items', 'v'), ['first']);
      assert.deepEqual(await scene.cells(...DEEPEST), ['k1.0|1']);
    },
  },
  {
    name: 'insert-only never changes a row',
    lacks: lacksStrategy('insert-only'),
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
    lacks: lacksStrategy('cdc'),
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
    lacks: lacksStrategy('scd2'),
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
];
