import assert from 'node:assert/strict';
import { batchOf } from './batch-of.ts';
import type { ContractCase } from './contract-case.ts';
import { lacksTransactions } from './destination-lacks.ts';
import { columns, DATASET, type DestinationSubject, nestedTable, openScene, rootTable } from './destination-scene.ts';

const items = () => rootTable('items', columns({ id: { data_type: 'bigint' }, v: { data_type: 'text' } }));
const row = (id: number, load = 'l1') => ({ id, v: `v${id}`, _dlt_load_id: load, _dlt_id: `${load}-${id}` });

/** One load, one transaction. */
export const destinationTransactionCases: readonly ContractCase<DestinationSubject>[] = [
  {
    name: 'a commit shows rows, nested rows and the load entry',
    async run(subject) {
      await using scene = await openScene(subject);
      const tags = nestedTable('items__tags', 'items', columns({ value: { data_type: 'text' } }));
      const nested = { value: 'a', _dlt_parent_id: 'l1-1', _dlt_list_idx: 0, _dlt_id: 'n1' };
      await scene.load({ id: 'l1', tables: [items(), tags], rows: { items: [row(1), row(2)], items__tags: [nested] } });
      assert.deepEqual(await scene.cells('items', 'id', 'v', '_dlt_load_id', '_dlt_id'), ['1|v1|l1|l1-1', '2|v2|l1|l1-2']);
      assert.deepEqual(await scene.cells('items__tags', 'value', '_dlt_parent_id', '_dlt_list_idx'), ['a|l1-1|0']);
      assert.deepEqual(await scene.cells('_dlt_loads', 'load_id', 'schema_name', 'status'), ['l1|contract|0']);
    },
  },
  {
    name: 'nothing of a load is visible before its commit',
    lacks: lacksTransactions,
    async run(subject) {
      await using scene = await openScene(subject);
      await scene.load({ id: 'l1', tables: [items()], rows: { items: [row(1)] } });
      const load = await scene.begin('l2', ['items']);
      const wider = items();
      wider.columns['w'] = { name: 'w', data_type: 'bool' };
      await scene.declare(load, wider, rootTable('others', columns({ id: { data_type: 'bigint' } })));
      await load.write(batchOf(wider, [row(2, 'l2')]));
      assert.deepEqual(await scene.cells('items', 'id'), ['1']);
      assert.ok(!('w' in ((await scene.place.read(DATASET, 'items'))?.columns ?? {})));
      assert.equal(await scene.place.read(DATASET, 'others'), undefined);
      assert.equal(await scene.dataset.isCommitted('l2'), false);
      await load.commit({ schema: scene.settle(), state: undefined });
      assert.deepEqual(await scene.cells('items', 'id'), ['2']);
      assert.equal(await scene.dataset.isCommitted('l2'), true);
    },
  },
  {
    name: 'a rollback leaves rows and tables as they were',
    lacks: lacksTransactions,
    async run(subject) {
      await using scene = await openScene(subject);
      await scene.load({ id: 'l1', tables: [items()], rows: { items: [row(1)] } });
      const load = await scene.begin('l2', ['items']);
      await scene.declare(load, rootTable('others', columns({ id: { data_type: 'bigint' } })));
      await load.write(batchOf(items(), [row(2, 'l2')]));
      await load.rollback();
      await load.rollback();
      assert.deepEqual(await scene.cells('items', 'id'), ['1']);
      assert.equal(await scene.place.read(DATASET, 'others'), undefined);
      assert.deepEqual(await scene.cells('_dlt_loads', 'load_id'), ['l1']);
    },
  },
  {
    name: 'a rollback after the commit changes nothing',
    async run(subject) {
      await using scene = await openScene(subject);
      const load = await scene.begin('l1');
      await scene.declare(load, items());
      await load.write(batchOf(items(), [row(1)]));
      await load.commit({ schema: scene.settle(), state: undefined });
      await load.rollback();
      assert.deepEqual(await scene.cells('items', 'id'), ['1']);
    },
  },
  {
    name: 'a load that is committed again changes nothing',
    async run(subject) {
      await using scene = await openScene(subject);
      const load = { id: 'l1', tables: [items()], rows: { items: [row(1)] }, replaced: ['items'] };
      await scene.load(load);
      await scene.load({ ...load, rows: { items: [row(1), row(2)] } });
      assert.deepEqual(await scene.cells('items', 'id'), ['1']);
      assert.deepEqual(await scene.cells('_dlt_loads', 'load_id'), ['l1']);
    },
  },
  {
    name: 'a load that failed commits nothing, and the next one is not hurt',
    lacks: lacksTransactions,
    async run(subject) {
      await using scene = await openScene(subject);
      const load = await scene.begin('l1');
      await scene.declare(load, items());
      await assert.rejects(async () => {
        // A row without its id: the column is NOT NULL.
        await load.write(batchOf(items(), [row(1), { id: 2, _dlt_load_id: 'l1' }]));
        await load.commit({ schema: scene.settle(), state: undefined });
      }, /items\._dlt_id/);
      await load.rollback();
      assert.equal(await scene.place.read(DATASET, 'items'), undefined);
      await scene.load({ id: 'l2', tables: [items()], rows: { items: [row(3, 'l2')] } });
      assert.deepEqual(await scene.cells('items', 'id'), ['3']);
    },
  },
  {
    name: 'a dataset that is closed in the middle of a load rolls it back',
    lacks: lacksTransactions,
    async run(subject) {
      await using scene = await openScene(subject);
      const other = await scene.place.destination.open(DATASET);
      const load = await other.begin({ loadId: 'l1', pipeline: 'p', startedAt: new Date(), schema: scene.schema, replaced: [] });
      await scene.declare(load, items());
      await load.write(batchOf(items(), [row(1)]));
      await other[Symbol.asyncDispose]();
      assert.equal(await scene.place.read(DATASET, 'items'), undefined);
    },
  },
  {
    name: 'a load without rows is a load',
    async run(subject) {
      await using scene = await openScene(subject);
      await scene.load({ id: 'l1', tables: [items()] });
      assert.deepEqual(await scene.cells('items', 'id'), []);
      assert.notEqual(await scene.place.read(DATASET, 'items'), undefined);
      assert.deepEqual(await scene.cells('_dlt_loads', 'load_id'), ['l1']);
    },
  },
];
