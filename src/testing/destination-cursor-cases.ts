import assert from 'node:assert/strict';
import type { Json } from '../core/json.ts';
import { printJson } from '../core/print-json.ts';
import type { ParentCursor } from '../core/state.ts';
import { batchOf } from './batch-of.ts';
import type { ContractCase } from './contract-case.ts';
import { lacksTransactions } from './destination-lacks.ts';
import { columns, DATASET, type DestinationSubject, openScene, PIPELINE, rootTable, runOf, type Scene } from './destination-scene.ts';

const items = () => rootTable('items', columns({ id: { data_type: 'bigint' } }));
const row = (id: number, load: string) => ({ id, _dlt_load_id: load, _dlt_id: `${load}-${id}` });

function cursor(resource: string, parentKey: string, lastValue: Json): ParentCursor {
  const state = { initial_value: null, last_value: lastValue, unique_hashes: ['669czW83KR00'], start_value: lastValue };
  return { resource, parentKey, cursorPath: 'updated_at', state };
}

/** `resource parent last-value` a cursor, sorted. */
async function cursorsOf(scene: Scene, pipeline = PIPELINE, schema = PIPELINE): Promise<readonly string[] | undefined> {
  const restored = await scene.dataset.restore(pipeline, schema);
  return restored?.parentCursors?.map((each) => `${each.resource} ${each.parentKey} ${printJson(each.state.last_value)}`).toSorted();
}

/** Cursors of dependent resources, a row a parent. */
export const destinationCursorCases: readonly ContractCase<DestinationSubject>[] = [
  {
    name: 'has no cursors of parents before a load brought some',
    async run(subject) {
      await using scene = await openScene(subject);
      await scene.load({ id: 'l1', tables: [items()] });
      assert.equal((await scene.dataset.restore(PIPELINE, PIPELINE))?.parentCursors, undefined);
      assert.equal(await scene.place.read(DATASET, '_syncline_cursors'), undefined);
    },
  },
  {
    name: 'restores the cursors of parents as they were put',
    async run(subject) {
      await using scene = await openScene(subject);
      const put = [
        cursor('comments', '7', 2n ** 60n),
        cursor('comments', `{"owner":"o'Neil \\"ż\\"","id":1}`, '2024-01-01T00:00:00Z'),
        cursor('comments', '', '\u{f027}2024-01-01T00:00:00Z'),
        { ...cursor('comments', '7', null), cursorPath: '$.a["b c"]' },
        { ...cursor('votes', '7', 1.5), state: { initial_value: 0, last_value: 1.5, unique_hashes: [], start_value: 0 } },
      ];
      await scene.load({ id: 'l1', tables: [items()], parentCursors: { forget: [], put } });
      await scene.load({ id: 'l2', tables: [items()] });
      const key = (each: ParentCursor) => `${each.resource} ${each.parentKey} ${each.cursorPath}`;
      const sorted = (list: readonly ParentCursor[]) => list.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
      assert.deepEqual(sorted((await scene.dataset.restore(PIPELINE, PIPELINE))?.parentCursors ?? []), sorted(put));
    },
  },
  {
    name: 'puts cursors of parents beside and in place of others, the last of equal ones',
    async run(subject) {
      await using scene = await openScene(subject);
      const first = [cursor('comments', 'a', 1), cursor('comments', 'b', 1), cursor('votes', 'a', 1)];
      await scene.load({ id: 'l1', tables: [items()], parentCursors: { forget: [], put: first } });
      const second = [cursor('comments', 'b', 2), cursor('comments', 'c', 2), cursor('comments', 'b', 3)];
      await scene.load({ id: 'l2', tables: [items()], parentCursors: { forget: [], put: second } });
      assert.deepEqual(await cursorsOf(scene), ['comments a 1', 'comments b 3', 'comments c 2', 'votes a 1']);
    },
  },
  {
    name: 'forgets all cursors of a resource before it puts new ones',
    async run(subject) {
      await using scene = await openScene(subject);
      const first = [cursor('comments', 'a', 1), cursor('comments', 'b', 1), cursor('votes', 'a', 1), cursor(`o'x`, 'a', 1)];
      await scene.load({ id: 'l1', tables: [items()], parentCursors: { forget: ['unknown'], put: first } });
      await scene.load({ id: 'l2', tables: [items()], parentCursors: { forget: ['comments', `o'x`], put: [cursor('comments', 'b', 2)] } });
      assert.deepEqual(await cursorsOf(scene), ['comments b 2', 'votes a 1']);
      await scene.load({ id: 'l3', tables: [items()], parentCursors: { forget: ['comments', 'votes'], put: [] } });
      assert.deepEqual(await cursorsOf(scene), []);
    },
  },
  {
    name: 'keeps the cursors of pipelines and of sources apart',
    async run(subject) {
      await using scene = await openScene(subject);
      await scene.load({ id: 'l1', tables: [items()], parentCursors: { forget: [], put: [cursor('comments', 'a', 1)] } });
      const info = { loadId: 'l2', pipeline: 'other', startedAt: new Date(), schema: scene.schema, replaced: [] };
      const load = await scene.dataset.begin(info);
      await load.commit({
        schema: scene.settle(),
        state: undefined,
        parentCursors: { forget: ['comments'], put: [cursor('comments', 'a', 2)] },
      });
      const another = await scene.dataset.begin({ ...info, loadId: 'l3', pipeline: PIPELINE });
      const schema = { ...scene.settle(), name: 'elsewhere' };
      await another.commit({ schema, state: undefined, parentCursors: { forget: ['comments'], put: [cursor('comments', 'a', 3)] } });
      assert.deepEqual(await cursorsOf(scene), ['comments a 1']);
      assert.deepEqual(await cursorsOf(scene, 'other'), ['comments a 2']);
      assert.deepEqual(await cursorsOf(scene, PIPELINE, 'elsewhere'), ['comments a 3']);
    },
  },
  {
    name: 'a load that is committed again changes no cursor',
    async run(subject) {
      await using scene = await openScene(subject);
      const put = [cursor('comments', 'a', 1)];
      await scene.load({ id: 'l1', tables: [items()], parentCursors: { forget: [], put } });
      await scene.load({ id: 'l1', tables: [items()], parentCursors: { forget: ['comments'], put: [cursor('comments', 'b', 2)] } });
      assert.deepEqual(await cursorsOf(scene), ['comments a 1']);
    },
  },
  {
    name: 'takes the cursors of 10,000 parents, and replaces them',
    async run(subject) {
      await using scene = await openScene(subject);
      const put = (lastValue: number) => Array.from({ length: 10_000 }, (_, i) => cursor('comments', `parent ${i}`, lastValue));
      await scene.load({ id: 'l1', tables: [items()], parentCursors: { forget: [], put: put(1) } });
      await scene.load({ id: 'l2', tables: [items()], parentCursors: { forget: [], put: put(2) } });
      const expected = Array.from({ length: 10_000 }, (_, i) => `comments parent ${i} 2`);
      assert.deepEqual(await cursorsOf(scene), expected.toSorted());
    },
  },
  {
    name: 'a rollback at any step leaves cursors and runs as they were',
    lacks: lacksTransactions,
    async run(subject) {
      await using scene = await openScene(subject);
      const put = [cursor('comments', 'a', 1)];
      await scene.load({ id: 'l0', tables: [items()], parentCursors: { forget: [], put }, run: runOf('r0') });
      const final = { state: undefined, parentCursors: { forget: ['comments'], put: [cursor('comments', 'b', 2)] } };
      const wider = rootTable('items', columns({ id: { data_type: 'bigint' }, more: { data_type: 'text' } }));
      for (const steps of [0, 1, 2, 3]) {
        const load = await scene.begin(`l${steps + 1}`);
        if (steps > 0) await load.migrate([{ kind: 'add_columns', table: wider, columns: Object.values(wider.columns) }]);
        if (steps > 1) await load.write(batchOf(wider, [{ ...row(2, 'l2'), more: 'x' }]));
        // The last thing that a commit may stumble over.
        const run = runOf('r1', { finishedAt: 'never' });
        if (steps > 2) await assert.rejects(load.commit({ ...final, schema: scene.settle(), run }));
        await load.rollback();
        assert.deepEqual(await cursorsOf(scene), ['comments a 1']);
        assert.deepEqual(await scene.cells('_syncline_runs', 'run_id'), ['r0']);
        assert.deepEqual(await scene.cells('_dlt_loads', 'load_id'), ['l0']);
      }
    },
  },
];
