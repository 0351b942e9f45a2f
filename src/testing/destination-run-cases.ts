import assert from 'node:assert/strict';
import type { RunRow } from '../core/destination.ts';
import { JsonFloat } from '../core/json.ts';
import { batchOf } from './batch-of.ts';
import type { ContractCase } from './contract-case.ts';
import { lacksTransactions } from './destination-lacks.ts';
import { columns, DATASET, type DestinationSubject, openScene, PIPELINE, rootTable, runOf } from './destination-scene.ts';

const items = () => rootTable('items', columns({ id: { data_type: 'bigint' } }));
const row = (id: number, load = 'l1') => ({ id, _dlt_load_id: load, _dlt_id: `${load}-${id}` });

/** What runs leave in `_syncline_runs`. */
export const destinationRunCases: readonly ContractCase<DestinationSubject>[] = [
  {
    name: 'a run is found after its load, with its report',
    async run(subject) {
      await using scene = await openScene(subject);
      const report = { 'it\'s "ż"': [1, 2n ** 70n, new JsonFloat(1), -0.5, null, true], nested: { empty: {}, line: 'a\nb\\' } };
      const run = runOf('r1', { loadId: 'l1', report });
      await scene.load({ id: 'l1', tables: [items()], rows: { items: [row(1)] }, run });
      assert.deepEqual(await scene.dataset.findRun(PIPELINE, 'r1'), run);
      const [only, ...more] = (await scene.place.read(DATASET, '_syncline_runs'))?.rows ?? [];
      assert.deepEqual(more, []);
      assert.deepEqual(
        { ...only, report: '' },
        {
          run_id: 'r1',
          pipeline_name: PIPELINE,
          source_name: PIPELINE,
          load_id: 'l1',
          started_at: '2024-05-01T12:00:00.123000Z',
          finished_at: '2024-05-01T12:01:00.456000Z',
          complete: 'true',
          report: '',
        },
      );
    },
  },
  {
    name: 'a run is not found before its load is committed',
    lacks: lacksTransactions,
    async run(subject) {
      await using scene = await openScene(subject);
      await scene.load({ id: 'l1', tables: [items()], run: runOf('r1') });
      const load = await scene.begin('l2');
      await load.write(batchOf(items(), [row(2, 'l2')]));
      assert.equal(await scene.dataset.findRun(PIPELINE, 'r2'), undefined);
      await load.commit({ schema: scene.settle(), state: undefined, run: runOf('r2') });
      assert.equal((await scene.dataset.findRun(PIPELINE, 'r2'))?.runId, 'r2');
    },
  },
  {
    name: 'a run that cannot be stored undoes its load',
    lacks: lacksTransactions,
    async run(subject) {
      await using scene = await openScene(subject);
      const load = await scene.begin('l1');
      await scene.declare(load, items());
      await load.write(batchOf(items(), [row(1)]));
      const run = runOf('r1', { finishedAt: 'never' });
      await assert.rejects(load.commit({ schema: scene.settle(), state: undefined, run }));
      await load.rollback();
      for (const table of ['items', '_dlt_loads', '_syncline_runs']) assert.deepEqual(await scene.cells(table), []);
      assert.equal(await scene.dataset.findRun(PIPELINE, 'r1'), undefined);
    },
  },
  {
    name: 'a load that is committed again adds no run',
    async run(subject) {
      await using scene = await openScene(subject);
      await scene.load({ id: 'l1', tables: [items()], run: runOf('r1') });
      await scene.load({ id: 'l1', tables: [items()], run: runOf('r1', { complete: false }) });
      assert.deepEqual(await scene.cells('_syncline_runs', 'run_id', 'complete'), ['r1|true']);
    },
  },
  {
    name: 'records a run that loaded nothing, where no dataset is and where one is',
    async run(subject) {
      await using scene = await openScene(subject);
      const first = runOf('r1', { complete: false });
      await scene.dataset.recordRun(first);
      assert.deepEqual(await scene.dataset.findRun(PIPELINE, 'r1'), first);
      await scene.load({ id: 'l1', tables: [items()], rows: { items: [row(1)] }, run: runOf('r2', { loadId: 'l1' }) });
      await scene.dataset.recordRun(runOf('r3'));
      assert.deepEqual(await scene.cells('_syncline_runs', 'run_id', 'load_id', 'complete'), ['r1|-|false', 'r2|l1|true', 'r3|-|true']);
      assert.deepEqual(await scene.cells('_dlt_loads', 'load_id'), ['l1']);
    },
  },
  {
    name: 'a recorded run is there at once, also for another connection',
    async run(subject) {
      await using scene = await openScene(subject);
      await using other = await scene.place.destination.open(DATASET);
      await other.recordRun(runOf('r1'));
      assert.equal((await scene.dataset.findRun(PIPELINE, 'r1'))?.runId, 'r1');
      await using elsewhere = await scene.place.destination.open(`${DATASET}_2`);
      assert.equal(await elsewhere.findRun(PIPELINE, 'r1'), undefined);
    },
  },
  {
    name: 'finds the newest run of an id, and not that of another pipeline',
    async run(subject) {
      await using scene = await openScene(subject);
      assert.equal(await scene.dataset.findRun(PIPELINE, 'r1'), undefined);
      const at = (second: number): Partial<RunRow> => ({ finishedAt: `2024-05-02T00:00:0${second}.000Z`, complete: second === 5 });
      await scene.dataset.recordRun(runOf('r1', at(3)));
      await scene.dataset.recordRun(runOf('r1', at(5)));
      await scene.dataset.recordRun(runOf('r1', at(4)));
      await scene.dataset.recordRun(runOf('r1', { ...at(9), pipeline: 'other' }));
      await scene.dataset.recordRun(runOf('r1 ', at(8)));
      assert.equal((await scene.dataset.findRun(PIPELINE, 'r1'))?.finishedAt, '2024-05-02T00:00:05.000Z');
      assert.equal((await scene.dataset.findRun('other', 'r1'))?.finishedAt, '2024-05-02T00:00:09.000Z');
      assert.equal(await scene.dataset.findRun(PIPELINE, `r' OR '1'='1`), undefined);
    },
  },
  {
    name: 'restores neither schema nor state where only runs are',
    async run(subject) {
      await using scene = await openScene(subject);
      await scene.dataset.recordRun(runOf('r1'));
      const restored = await scene.dataset.restore(PIPELINE, PIPELINE);
      assert.equal(restored?.schema ?? restored?.state ?? restored?.lastLoadId, undefined);
      assert.equal(await scene.dataset.isCommitted('l1'), false);
      await scene.load({ id: 'l1', tables: [items()] });
      assert.equal((await scene.dataset.restore(PIPELINE, PIPELINE))?.lastLoadId, 'l1');
    },
  },
];
