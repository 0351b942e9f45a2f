import assert from 'node:assert/strict';
import type { Dataset, LoadTransaction } from '../core/destination.ts';
import { SynclineError } from '../core/errors.ts';
import type { Schema, TableSchema } from '../core/schema.ts';
import { bumpVersion, newSchema } from '../core/schema-hash.ts';
import { batchOf } from './batch-of.ts';
import type { ContractCase } from './contract-case.ts';
import { lacksConcurrentLoads, lacksTransactions } from './destination-lacks.ts';
import { columns, DATASET, type DestinationSubject, openScene, PIPELINE, rootTable, runOf, type Scene } from './destination-scene.ts';

const table = (name: string) => rootTable(name, columns({ id: { data_type: 'bigint' } }));
const rowsOf = (loadId: string, count = 3) =>
  Array.from({ length: count }, (_, id) => ({ id, _dlt_load_id: loadId, _dlt_id: `${loadId}-${id}` }));

/** A load of a pipeline of its own, call by call. */
interface Rival {
  begin(): Promise<LoadTransaction>;
  write(load: LoadTransaction): Promise<void>;
  commit(load: LoadTransaction): Promise<void>;
  /** All of it. */
  load(): Promise<void>;
}

function rival(dataset: Dataset, name: string, tables: readonly TableSchema[]): Rival {
  const schema: Schema = newSchema(name);
  const each: Rival = {
    begin: () =>
      dataset.begin({ loadId: `load of ${name}`, pipeline: name, startedAt: new Date(), schema: structuredClone(schema), replaced: [] }),
    async write(load) {
      for (const one of tables) {
        schema.tables[one.name] = one;
        await load.migrate([{ kind: 'create_table', table: one, columns: Object.values(one.columns) }]);
        await load.write(batchOf(one, rowsOf(name)));
      }
    },
    async commit(load) {
      bumpVersion(schema);
      await load.commit({ schema, state: undefined, run: { ...runOf(`run of ${name}`), pipeline: name } });
    },
    async load() {
      const load = await each.begin();
      try {
        await each.write(load);
        await each.commit(load);
      } catch (error) {
        await load.rollback();
        throw error;
      }
    },
  };
  return each;
}

/** The ids of loads that have rows in a table, with how many. */
async function loadsIn(scene: Scene, name: string, dataset = DATASET): Promise<string[]> {
  const counts = new Map<string, number>();
  for (const { _dlt_load_id: id } of (await scene.place.read(dataset, name))?.rows ?? [])
    counts.set(`${id}`, (counts.get(`${id}`) ?? 0) + 1);
  return [...counts].map(([id, count]) => `${id} ${count}`).toSorted();
}

/** Loads of several pipelines and connections at the same time. */
export const destinationConcurrencyCases: readonly ContractCase<DestinationSubject>[] = [
  {
    name: 'two loads at once are each whole, or refused and whole when they are done again',
    lacks: lacksTransactions,
    async run(subject) {
      await using scene = await openScene(subject);
      // The first two meet where there is no dataset yet, the others in the tables that those made.
      for (const round of ['first', 'second']) {
        const names = [`a ${round}`, `b ${round}`];
        const rivals = names.map((name) => ({ name, dataset: scene.place.destination.open(DATASET, { wait: 0 }) }));
        const loads = await Promise.all(
          rivals.map(async ({ name, dataset }) => rival(await dataset, name, [table(`only ${name}`), table('shared')])),
        );
        const outcomes = await Promise.allSettled(loads.map((each) => each.load()));
        for (const [i, outcome] of outcomes.entries()) {
          if (outcome.status === 'fulfilled') continue;
          const { reason } = outcome as { readonly reason: unknown };
          assert.ok(reason instanceof SynclineError && reason.retryable && reason.hint !== undefined, String(reason));
          await loads[i]?.load();
        }
        for (const name of names) assert.deepEqual(await loadsIn(scene, `only ${name}`), [`${name} 3`]);
        for (const { dataset } of rivals) await (await dataset)[Symbol.asyncDispose]();
      }
      assert.deepEqual(await loadsIn(scene, 'shared'), ['a first 3', 'a second 3', 'b first 3', 'b second 3']);
      assert.equal((await scene.cells('_dlt_loads', 'load_id')).length, 4);
    },
  },
  {
    name: 'loads of two pipelines go on side by side, in one table and in different ones',
    lacks: lacksConcurrentLoads,
    async run(subject) {
      await using scene = await openScene(subject);
      await scene.load({ id: 'l0', tables: [table('shared')] });
      await using other = await scene.place.destination.open(DATASET, { wait: 0 });
      const [a, b] = [rival(scene.dataset, 'a', [table('only a'), table('shared')]), rival(other, 'b', [table('only b'), table('shared')])];
      const [first, second] = [await a.begin(), await b.begin()];
      await a.write(first);
      await b.write(second);
      await b.commit(second);
      assert.deepEqual(await loadsIn(scene, 'shared'), ['b 3']);
      await a.commit(first);
      assert.deepEqual(await loadsIn(scene, 'shared'), ['a 3', 'b 3']);
      assert.deepEqual([await loadsIn(scene, 'only a'), await loadsIn(scene, 'only b')], [['a 3'], ['b 3']]);
      assert.deepEqual(await scene.cells('_dlt_loads', 'load_id'), ['l0', 'load of a', 'load of b']);
    },
  },
  {
    name: 'two datasets are loaded at once',
    async run(subject) {
      await using scene = await openScene(subject);
      const names = ['contract_one', 'contract_two'];
      await Promise.all(
        names.map(async (name) => {
          await using dataset = await scene.place.destination.open(name);
          await rival(dataset, name, [table('shared')]).load();
        }),
      );
      for (const name of names) assert.deepEqual(await loadsIn(scene, 'shared', name), [`${name} 3`]);
    },
  },
  {
    name: 'tells what was there before, and waits for nothing, while a load goes on',
    lacks: lacksTransactions,
    async run(subject) {
      await using scene = await openScene(subject);
      await scene.load({ id: 'l1', tables: [table('shared')], rows: { shared: rowsOf('l1') }, run: runOf('r1', { loadId: 'l1' }) });
      await using other = await scene.place.destination.open(DATASET);
      const load = await scene.begin('l2', ['shared']);
      const wider = { ...table('shared'), columns: { ...table('shared').columns, w: { name: 'w', data_type: 'text' } as const } };
      await scene.declare(load, wider, table('more'));
      await load.write(batchOf(wider, rowsOf('l2')));
      for (const dataset of [scene.dataset, other]) {
        const restored = await dataset.restore(PIPELINE, PIPELINE);
        assert.equal(restored?.lastLoadId, 'l1');
        assert.ok(!('more' in (restored.schema?.tables ?? { more: 1 })));
        assert.deepEqual([await dataset.isCommitted('l1'), await dataset.isCommitted('l2')], [true, false]);
        assert.equal((await dataset.findRun(PIPELINE, 'r1'))?.loadId, 'l1');
        assert.equal(await dataset.findRun(PIPELINE, 'r2'), undefined);
        assert.deepEqual(await loadsIn(scene, 'shared'), ['l1 3']);
      }
      await load.commit({ schema: scene.settle(), state: undefined, run: runOf('r2', { loadId: 'l2' }) });
      for (const dataset of [scene.dataset, other]) assert.equal((await dataset.findRun(PIPELINE, 'r2'))?.loadId, 'l2');
      assert.deepEqual(await loadsIn(scene, 'shared'), ['l2 3']);
    },
  },
  {
    name: 'a run is recorded while a load of another pipeline goes on',
    lacks: lacksConcurrentLoads,
    async run(subject) {
      await using scene = await openScene(subject);
      await scene.load({ id: 'l0', tables: [table('shared')], run: runOf('r0') });
      const a = rival(scene.dataset, 'a', [table('shared')]);
      const load = await a.begin();
      await a.write(load);
      await scene.dataset.recordRun(runOf('r1'));
      assert.equal((await scene.dataset.findRun(PIPELINE, 'r1'))?.runId, 'r1');
      await a.commit(load);
      assert.deepEqual(await scene.cells('_syncline_runs', 'run_id'), ['r0', 'r1', 'run of a']);
    },
  },
  {
    name: 'closing a dataset undoes every load that was begun in it',
    lacks: lacksTransactions,
    async run(subject) {
      await using scene = await openScene(subject);
      await scene.load({ id: 'l0', tables: [table('shared')] });
      const before = await scene.place.list();
      const dataset = await scene.place.destination.open(DATASET, { wait: 0 });
      for (const name of ['a', 'b', 'c']) {
        const each = rival(dataset, name, [table('shared')]);
        await each
          .begin()
          .then((load) => each.write(load))
          .catch((error: unknown) => assert.ok(error instanceof SynclineError, String(error)));
      }
      await dataset[Symbol.asyncDispose]();
      assert.deepEqual(await loadsIn(scene, 'shared'), []);
      assert.deepEqual(await scene.place.list(), before);
    },
  },
  {
    name: 'closing a dataset while a batch is written undoes the load',
    lacks: lacksTransactions,
    async run(subject) {
      await using scene = await openScene(subject);
      await scene.load({ id: 'l0', tables: [table('shared')] });
      const before = await scene.place.list();
      const dataset = await scene.place.destination.open(DATASET);
      const load = await dataset.begin({
        loadId: 'l1',
        pipeline: PIPELINE,
        startedAt: new Date(),
        schema: structuredClone(scene.schema),
        replaced: [],
      });
      const written = load.write(batchOf(table('shared'), rowsOf('l1', 100_000))).then(
        () => undefined,
        (error: unknown) => error,
      );
      await dataset[Symbol.asyncDispose]();
      const failure = await written;
      assert.ok(failure === undefined || failure instanceof SynclineError, String(failure));
      await assert.rejects(load.commit({ schema: scene.settle(), state: undefined }));
      assert.deepEqual(await loadsIn(scene, 'shared'), []);
      assert.deepEqual(await scene.place.list(), before);
      await scene.load({ id: 'l2', rows: { shared: rowsOf('l2') } });
      assert.deepEqual(await loadsIn(scene, 'shared'), ['l2 3']);
    },
  },
];
