import assert from 'node:assert/strict';
import type { LoadTransaction } from '../core/destination.ts';
import { SynclineError } from '../core/errors.ts';
import type { ColumnSchema } from '../core/schema.ts';
import { batchOf } from './batch-of.ts';
import type { ContractCase } from './contract-case.ts';
import { lacksTransactions } from './destination-lacks.ts';
import { columns, DATASET, type DestinationSubject, rootTable, runOf } from './destination-scene.ts';
import { openScript, type Script } from './destination-script.ts';

/** Begins a load and does its first calls. */
async function loadUpTo(script: Script, calls: number, begun: Promise<LoadTransaction>): Promise<LoadTransaction> {
  const load = await begun;
  for (const call of script.calls.slice(0, calls)) await call(load);
  return load;
}

/** Does the whole load, whose rows are there once then. */
async function assertLoads(script: Script, loadId: string): Promise<void> {
  const { scene } = script;
  await script.commit(await loadUpTo(script, script.calls.length, script.begin(loadId)), loadId);
  assert.deepEqual(await scene.cells('items', 'id', 'v', 'w'), ['1|a|-', '1|b|true', '2|-|-', '3|c|-']);
  assert.deepEqual(await scene.cells('items__tags', '_dlt_id'), ['l1-t', 'l2-t']);
  assert.deepEqual(await scene.cells('things', 'id'), ['7']);
  const merges = scene.place.destination.capabilities.mergeStrategies.includes('delete-insert');
  assert.deepEqual(await scene.cells('keyed', '_dlt_id'), merges ? ['l1-1', 'l2-2', 'l2-3'] : ['l1-1', 'l1-2', 'l2-2', 'l2-3']);
  assert.deepEqual(await scene.cells('others', 'id', 'w'), ['1|false']);
  assert.deepEqual(await scene.cells('_dlt_loads', 'load_id'), ['l1', loadId]);
  assert.equal((await scene.dataset.findRun('contract', 'r2'))?.loadId, loadId);
}

/** All calls of a load, each of which must be refused, by an error with a remedy. */
async function assertEnded(script: Script, load: LoadTransaction, says?: RegExp): Promise<void> {
  const table = rootTable('late', columns({ id: { data_type: 'bigint' } }));
  const calls = [
    () => load.migrate([{ kind: 'create_table', table, columns: Object.values(table.columns) }]),
    () => load.write(batchOf(table, [{ id: 1, _dlt_load_id: 'x', _dlt_id: 'x' }])),
    () => load.commit({ schema: structuredClone(script.scene.schema), state: undefined }),
  ];
  for (const call of calls) await assert.rejects(call, (error) => error instanceof SynclineError && (says ?? /./).test(error.message));
}

const bad: Readonly<Record<string, Omit<ColumnSchema, 'name'>>> = {
  small: { data_type: 'bigint', precision: 16 },
  must: { data_type: 'text', nullable: false },
};

/** What a load cannot do, each seen at the latest by the commit. */
const FAILURES: Readonly<Record<string, (script: Script, load: LoadTransaction) => Promise<void>>> = {
  'a number that does not fit': (script, load) => loadBad(script, load, { small: 70_000, must: 'x' }),
  'no value where there must be one': (script, load) => loadBad(script, load, { small: 1 }),
  'a type that there is not': (script, load) => {
    const table = rootTable('bad', columns({ at: { data_type: 'timestamp', timezone: false, precision: 12 } }));
    return writeAll(script, load, table, { at: 1n });
  },
  'a table that nobody told of': (_, load) =>
    load.write(batchOf(rootTable('secret', columns({ id: { data_type: 'bigint' } })), [{ id: 1 }])),
  'a column that nobody told of': (_, load) =>
    load.write(batchOf(rootTable('items', columns({ secret: { data_type: 'bool' } })), [{ secret: true }])),
  'a run without a time': (script, load) => {
    const run = runOf('r2', { finishedAt: 'never' });
    return load.commit({ schema: script.scene.settle(), state: undefined, run });
  },
};

async function loadBad(script: Script, load: LoadTransaction, row: Readonly<Record<string, string | number>>): Promise<void> {
  await writeAll(script, load, rootTable('bad', columns(bad)), row);
}

type Row = Readonly<Record<string, string | number | bigint>>;

async function writeAll(script: Script, load: LoadTransaction, table: ReturnType<typeof rootTable>, row: Row): Promise<void> {
  await script.scene.declare(load, table);
  await load.write(batchOf(table, [{ ...row, _dlt_load_id: 'l', _dlt_id: 'a' }]));
  await script.commit(load, 'l');
}

/** Loads that are ended after any number of their calls leave all as it was, and the next one loads. */
async function assertEndsAnywhere(subject: DestinationSubject, end: (script: Script, calls: number) => Promise<void>): Promise<void> {
  await using script = await openScript(subject);
  const before = await script.snapshot();
  for (let calls = 0; calls <= script.calls.length; calls += 1) {
    await end(script, calls);
    assert.deepEqual(await script.snapshot(), before, `after ${calls} calls`);
    script.forget();
  }
  await assertLoads(script, 'l2');
}

/** Loads that end at any of their calls. */
export const destinationRollbackCases: readonly ContractCase<DestinationSubject>[] = [
  {
    name: 'a rollback at any call leaves everything as it was, and nothing behind',
    lacks: lacksTransactions,
    run: (subject) =>
      assertEndsAnywhere(subject, async (script, calls) => {
        const load = await loadUpTo(script, calls, script.begin(`l2-${calls}`));
        await load.rollback();
        await load.rollback();
      }),
  },
  {
    name: 'a dataset that is closed at any call of a load leaves everything as it was, and nothing behind',
    lacks: lacksTransactions,
    run: (subject) =>
      assertEndsAnywhere(subject, async (script, calls) => {
        const dataset = await script.scene.place.destination.open(DATASET);
        await loadUpTo(script, calls, script.begin(`l2-${calls}`, dataset));
        await dataset[Symbol.asyncDispose]();
      }),
  },
  {
    name: 'a load that failed at any call does no more, leaves nothing, and can be done again',
    lacks: lacksTransactions,
    async run(subject) {
      await using script = await openScript(subject);
      const before = await script.snapshot();
      for (const [name, fail] of Object.entries(FAILURES)) {
        const load = await loadUpTo(script, script.calls.length, script.begin('l2'));
        const failure = await fail(script, load).then(
          () => assert.fail(`${name} is taken`),
          (error: unknown) => error,
        );
        assert.ok(failure instanceof SynclineError, `${name}: ${String(failure)}`);
        await assertEnded(script, load, new RegExp(failure.message.replace(/\W/g, String.raw`\$&`)));
        await load.rollback();
        await load.rollback();
        assert.deepEqual(await script.snapshot(), before, name);
        script.forget();
      }
      await assertLoads(script, 'l2');
    },
  },
  {
    name: 'a load that has ended takes nothing more, and says so',
    lacks: lacksTransactions,
    async run(subject) {
      await using script = await openScript(subject);
      const undone = await loadUpTo(script, 2, script.begin('l0'));
      await undone.rollback();
      await assertEnded(script, undone, /l0/);
      script.forget();
      const done = await loadUpTo(script, script.calls.length, script.begin('l2'));
      await script.commit(done, 'l2');
      const after = await script.snapshot();
      await assertEnded(script, done, /l2/);
      await done.rollback();
      assert.deepEqual(await script.snapshot(), after);
    },
  },
];
