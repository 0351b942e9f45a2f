import type { Dataset, LoadTransaction } from '../core/destination.ts';
import type { ParentCursor } from '../core/state.ts';
import { batchOf } from './batch-of.ts';
import { columns, DATASET, nestedTable, openScene, PIPELINE, rootTable, runOf } from './destination-scene.ts';
import type { DestinationSubject, Scene, SceneLoad } from './destination-scene.ts';

/** A load in all of its calls, over tables of every disposition that have rows already. */
export interface Script extends AsyncDisposable {
  readonly scene: Scene;
  /** The calls between `begin` and `commit`, in their order. */
  readonly calls: readonly ((load: LoadTransaction) => Promise<void>)[];
  /** Begins the load, in a dataset of its own if there is one. */
  begin(loadId: string, dataset?: Dataset): Promise<LoadTransaction>;
  commit(load: LoadTransaction, loadId: string): Promise<void>;
  /** All that can be seen in the place: tables, their columns and rows, and the names of everything. */
  snapshot(): Promise<unknown>;
  /** Makes the scene's schema what it was before the load: it will not be committed. */
  forget(): void;
}

const TABLES = ['items', 'items__tags', 'things', 'keyed', 'others'];
const SYSTEM = ['_dlt_loads', '_dlt_version', '_dlt_pipeline_state', '_syncline_runs', '_syncline_cursors'];

const id = { data_type: 'bigint' } as const;
const items = () => rootTable('items', columns({ id, v: { data_type: 'text' } }));
const tags = () => nestedTable('items__tags', 'items', columns({ value: { data_type: 'text' } }));
const things = () => rootTable('things', columns({ id }), { write_disposition: 'replace' });
const others = () => rootTable('others', columns({ id }));
const row = (number: number, load: string, more = {}) => ({ id: number, ...more, _dlt_load_id: load, _dlt_id: `${load}-${number}` });
const tag = (load: string) => ({ value: 't', _dlt_parent_id: `${load}-1`, _dlt_list_idx: 0, _dlt_id: `${load}-t` });
const cursor = (last_value: number): ParentCursor => ({
  resource: 'comments',
  parentKey: '["p"]',
  cursorPath: 'at',
  state: { initial_value: null, last_value, unique_hashes: [], start_value: null },
});

/** A place in which a first load has left rows, state, cursors and a run. */
export async function openScript(subject: DestinationSubject): Promise<Script> {
  const scene = await openScene(subject);
  const canMerge = subject.capabilities.mergeStrategies.includes('delete-insert');
  const keyed = () => rootTable('keyed', columns({ id: { ...id, primary_key: true } }), canMerge ? { write_disposition: 'merge' } : {});
  await loadFirst(scene, {
    id: 'l1',
    tables: [items(), tags(), things(), keyed()],
    rows: { items: [row(1, 'l1', { v: 'a' })], items__tags: [tag('l1')], things: [row(1, 'l1')], keyed: [row(1, 'l1'), row(2, 'l1')] },
    parentCursors: { forget: [], put: [cursor(1)] },
    run: runOf('r1', { loadId: 'l1' }),
  });
  const before = structuredClone(scene.schema);
  const wider = (table = items()) => ({ ...table, columns: { ...table.columns, w: { name: 'w', data_type: 'bool' } as const } });
  const write = (load: LoadTransaction, table: string, ...rows: readonly Parameters<typeof batchOf>[1][number][]) => {
    const schema = scene.schema.tables[table];
    return schema === undefined ? Promise.reject(new Error(`${table} is not declared`)) : load.write(batchOf(schema, rows));
  };
  return {
    scene,
    calls: [
      (load) => scene.declare(load, wider(), tags(), others()),
      (load) => write(load, 'items', row(1, 'l2', { v: 'b', w: true }), row(2, 'l2')),
      (load) => write(load, 'items__tags', tag('l2')),
      (load) => write(load, 'things', row(7, 'l2')),
      (load) => write(load, 'keyed', row(2, 'l2'), row(3, 'l2')),
      (load) => scene.declare(load, wider(others())),
      (load) => write(load, 'others', row(1, 'l2', { w: false })),
      (load) => write(load, 'items', row(3, 'l2', { v: 'c' })),
    ],
    begin: (loadId, dataset = scene.dataset) =>
      dataset.begin({
        loadId,
        pipeline: PIPELINE,
        startedAt: new Date('2024-05-01T12:00:00Z'),
        schema: structuredClone(scene.schema),
        replaced: ['things'],
      }),
    commit: (load, loadId) =>
      load.commit({
        schema: scene.settle(),
        state: undefined,
        parentCursors: { forget: ['comments'], put: [cursor(2)] },
        run: runOf('r2', { loadId }),
      }),
    async snapshot() {
      const tables: unknown[] = [];
      for (const name of [...TABLES, ...SYSTEM]) {
        const stored = await scene.place.read(DATASET, name);
        tables.push([name, stored?.columns, stored?.rows.map((each) => JSON.stringify(each)).toSorted()]);
      }
      return { tables, names: await scene.place.list() };
    },
    forget() {
      Object.assign(scene.schema, structuredClone(before));
    },
    [Symbol.asyncDispose]: () => scene[Symbol.asyncDispose](),
  };
}

/** A scene whose first load fails is closed here: nobody else has it. */
async function loadFirst(scene: Scene, load: SceneLoad): Promise<void> {
  try {
    await scene.load(load);
  } catch (error) {
    await scene[Symbol.asyncDispose]();
    throw error;
  }
}
