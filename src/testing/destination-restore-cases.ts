import assert from 'node:assert/strict';
import type { PipelineState } from '../core/state.ts';
import type { ContractCase } from './contract-case.ts';
import { lacksTransactions } from './destination-lacks.ts';
import { columns, DATASET, type DestinationSubject, openScene, PIPELINE, rootTable, stateOf } from './destination-scene.ts';

const items = () => rootTable('items', columns({ id: { data_type: 'bigint' } }));

function stateAt(version: number, lastValue: string | bigint): PipelineState {
  const incremental = { updated_at: { initial_value: null, last_value: lastValue, unique_hashes: ['669czW83KR00'], start_value: null } };
  return stateOf(version, { sources: { [PIPELINE]: { resources: { items: { incremental } } } } });
}

/** What one machine leaves and the next one reads. */
export const destinationRestoreCases: readonly ContractCase<DestinationSubject>[] = [
  {
    name: 'there is nothing to restore where nothing was loaded',
    async run(subject) {
      await using scene = await openScene(subject);
      assert.equal(await scene.dataset.restore(PIPELINE, PIPELINE), undefined);
      assert.equal(await scene.dataset.isCommitted('l1'), false);
    },
  },
  {
    name: 'restores the schema and state of the newest load, and its id',
    async run(subject) {
      await using scene = await openScene(subject);
      await scene.load({ id: '1700000000.1', tables: [items()], state: stateAt(1, '2024-01-01') });
      const wider = items();
      wider.columns['constructor'] = { name: 'constructor', data_type: 'text', 'x-own': { kept: ['ż', 1] } };
      await scene.load({ id: '1700000001.5', tables: [wider], state: stateAt(2, 2n ** 60n) });
      const restored = await scene.dataset.restore(PIPELINE, PIPELINE);
      assert.deepEqual(JSON.parse(JSON.stringify(restored?.schema)), JSON.parse(JSON.stringify(scene.schema)));
      assert.deepEqual(Object.keys(restored?.schema?.tables['items']?.columns ?? {}), Object.keys(wider.columns));
      assert.deepEqual(JSON.stringify(restored?.state, bigints), JSON.stringify(stateAt(2, 2n ** 60n), bigints));
      assert.equal(restored?.lastLoadId, '1700000001.5');
    },
  },
  {
    name: 'keeps the state when a load brings none',
    async run(subject) {
      await using scene = await openScene(subject);
      await scene.load({ id: 'l1', tables: [items()], state: stateAt(1, 'x') });
      await scene.load({ id: 'l2', tables: [items()] });
      const restored = await scene.dataset.restore(PIPELINE, PIPELINE);
      assert.equal(restored?.state?._state_version, 1);
      assert.equal(restored.lastLoadId, 'l2');
    },
  },
  {
    name: 'keeps pipelines and schemas apart',
    async run(subject) {
      await using scene = await openScene(subject);
      await scene.load({ id: 'l1', tables: [items()], state: stateAt(1, 'x') });
      assert.deepEqual(await scene.dataset.restore('other', 'other'), { schema: undefined, state: undefined, lastLoadId: 'l1' });
    },
  },
  {
    name: 'stores a version of the schema once, and what is local of a state never',
    async run(subject) {
      await using scene = await openScene(subject);
      await scene.load({ id: 'l1', tables: [items()], state: { ...stateAt(1, 'x'), _local: { secret_folder: '/home/x' } } });
      await scene.load({ id: 'l2', tables: [items()] });
      assert.deepEqual(await scene.cells('_dlt_version', 'version', 'schema_name'), [`${scene.schema.version}|${PIPELINE}`]);
      const restored = await scene.dataset.restore(PIPELINE, PIPELINE);
      assert.ok(restored?.state !== undefined && !('_local' in restored.state));
    },
  },
  {
    name: 'a rolled back load leaves nothing to restore',
    lacks: lacksTransactions,
    async run(subject) {
      await using scene = await openScene(subject);
      const load = await scene.begin('l1');
      await scene.declare(load, items());
      await load.rollback();
      assert.equal((await scene.dataset.restore(PIPELINE, PIPELINE))?.schema, undefined);
      assert.equal(await scene.dataset.isCommitted('l1'), false);
    },
  },
  {
    name: 'another connection of the same place sees what was committed',
    async run(subject) {
      await using scene = await openScene(subject);
      await scene.load({ id: 'l1', tables: [items()], state: stateAt(1, 'x') });
      await using other = await scene.place.destination.open(DATASET);
      assert.equal(await other.isCommitted('l1'), true);
      assert.equal((await other.restore(PIPELINE, PIPELINE))?.schema?.version_hash, scene.schema.version_hash);
      await using elsewhere = await scene.place.destination.open(`${DATASET}_2`);
      assert.equal(await elsewhere.isCommitted('l1'), false);
    },
  },
];

function bigints(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}
