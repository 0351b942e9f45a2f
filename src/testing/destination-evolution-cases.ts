import assert from 'node:assert/strict';
import { batchOf } from './batch-of.ts';
import type { ContractCase } from './contract-case.ts';
import { lacksNewColumns } from './destination-lacks.ts';
import { columns, DATASET, type DestinationSubject, nestedTable, openScene, rootTable } from './destination-scene.ts';

const items = (more: Parameters<typeof columns>[0] = {}) => rootTable('items', columns({ id: { data_type: 'bigint' }, ...more }));
const row = (id: number, load: string, more = {}) => ({ id, ...more, _dlt_load_id: load, _dlt_id: `${load}-${id}` });

/** Tables that grow, and rows that are replaced. */
export const destinationEvolutionCases: readonly ContractCase<DestinationSubject>[] = [
  {
    name: 'makes columns null or not as the schema says',
    async run(subject) {
      await using scene = await openScene(subject);
      await scene.load({ id: 'l1', tables: [items({ must: { data_type: 'text', nullable: false }, hint: {} })] });
      const stored = (await scene.place.read(DATASET, 'items'))?.columns;
      const nullable = Object.entries(stored ?? {}).map(([name, column]) => `${name} ${column.nullable}`);
      assert.deepEqual(nullable.toSorted(), ['_dlt_id false', '_dlt_load_id false', 'id true', 'must false']);
    },
  },
  {
    name: 'adds columns between batches; rows from before have null there',
    lacks: lacksNewColumns,
    async run(subject) {
      await using scene = await openScene(subject);
      await scene.load({ id: 'l1', tables: [items()], rows: { items: [row(1, 'l1')] } });
      const load = await scene.begin('l2');
      await scene.declare(load, items());
      await load.write(batchOf(items(), [row(2, 'l2')]));
      const wider = items({ v: { data_type: 'text' } });
      await scene.declare(load, wider);
      await load.write(batchOf(wider, [row(3, 'l2', { v: 'x' })]));
      await load.write(batchOf(wider, [row(4, 'l2')]));
      await load.commit({ schema: scene.settle(), state: undefined });
      assert.deepEqual(await scene.cells('items', 'id', 'v'), ['1|-', '2|-', '3|x', '4|-']);
    },
  },
  {
    name: 'adds a column that must not be null to a table that has rows',
    lacks: lacksNewColumns,
    async run(subject) {
      await using scene = await openScene(subject);
      await scene.load({ id: 'l1', tables: [items()], rows: { items: [row(1, 'l1')] } });
      const wider = items({ v: { data_type: 'text', nullable: false } });
      await scene.load({ id: 'l2', tables: [wider], rows: { items: [row(2, 'l2', { v: 'x' })] } });
      assert.deepEqual(await scene.cells('items', 'id', 'v'), ['1|-', '2|x']);
    },
  },
  {
    name: 'adds hundreds of columns at once and loses no row',
    lacks: lacksNewColumns,
    async run(subject) {
      await using scene = await openScene(subject);
      await scene.load({ id: 'l1', tables: [items()], rows: { items: [row(1, 'l1')] } });
      const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`c${i}`, { data_type: 'bigint' as const }]));
      await scene.load({ id: 'l2', tables: [items(many)], rows: { items: [row(2, 'l2', { c0: 7, c299: 8 })] } });
      assert.deepEqual(await scene.cells('items', 'id', 'c0', 'c150', 'c299', '_dlt_id'), ['1|-|-|-|l1-1', '2|7|-|8|l2-2']);
      assert.equal((await scene.place.read(DATASET, 'items'))?.columns['_dlt_id']?.nullable, false);
    },
  },
  {
    name: 'leaves what is there as it is when it is told again',
    async run(subject) {
      await using scene = await openScene(subject);
      const table = items({ v: { data_type: 'text', nullable: false } });
      await scene.load({ id: 'l1', tables: [table], rows: { items: [row(1, 'l1', { v: 'a' })] } });
      await scene.load({ id: 'l2', tables: [table, table], rows: { items: [row(2, 'l2', { v: 'b' })] } });
      assert.deepEqual(await scene.cells('items', 'id', 'v'), ['1|a', '2|b']);
    },
  },
  {
    name: 'append adds, also the same rows',
    async run(subject) {
      await using scene = await openScene(subject);
      for (const id of ['l1', 'l2']) await scene.load({ id, tables: [items()], rows: { items: [row(1, id), row(2, id)] } });
      assert.deepEqual(await scene.cells('items', 'id', '_dlt_load_id'), ['1|l1', '1|l2', '2|l1', '2|l2']);
    },
  },
  {
    name: 'replace leaves only the new rows, in nested tables too, with columns that come late',
    lacks: lacksNewColumns,
    async run(subject) {
      await using scene = await openScene(subject);
      const table = { ...items(), write_disposition: 'replace' as const };
      const tags = nestedTable('items__tags', 'items', columns({ value: { data_type: 'text' } }));
      const tag = (id: string, parent: string) => ({ value: id, _dlt_parent_id: parent, _dlt_list_idx: 0, _dlt_id: id });
      await scene.load({
        id: 'l1',
        tables: [table, tags],
        rows: { items: [row(1, 'l1')], items__tags: [tag('a', 'l1-1'), tag('b', 'l1-1')] },
      });
      const load = await scene.begin('l2');
      await load.write(batchOf(table, [row(2, 'l2')]));
      const wider = { ...items({ rowid: { data_type: 'text' } }), write_disposition: 'replace' as const };
      await scene.declare(load, wider);
      await load.write(batchOf(wider, [row(3, 'l2', { rowid: 'x' })]));
      await load.commit({ schema: scene.settle(), state: undefined });
      assert.deepEqual(await scene.cells('items', 'id', 'rowid'), ['2|-', '3|x']);
      assert.deepEqual(await scene.cells('items__tags', 'value'), []);
      await scene.load({ id: 'l3', rows: { items: [row(4, 'l3')], items__tags: [tag('c', 'l3-4')] } });
      assert.deepEqual(await scene.cells('items', 'id'), ['4']);
      assert.deepEqual(await scene.cells('items__tags', 'value'), ['c']);
    },
  },
  {
    name: 'empties a replaced table and those nested in it when no row comes',
    async run(subject) {
      await using scene = await openScene(subject);
      const tags = nestedTable('items__tags', 'items', columns({ value: { data_type: 'text' } }));
      const nested = { value: 'a', _dlt_parent_id: 'l1-1', _dlt_list_idx: 0, _dlt_id: 'n1' };
      await scene.load({ id: 'l1', tables: [items(), tags], rows: { items: [row(1, 'l1')], items__tags: [nested] } });
      await scene.load({ id: 'l2', replaced: ['items', 'never_made'] });
      assert.deepEqual(await scene.cells('items', 'id'), []);
      assert.deepEqual(await scene.cells('items__tags', 'value'), []);
    },
  },
];
