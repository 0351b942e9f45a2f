import assert from 'node:assert/strict';
import type { Dataset } from '../core/destination.ts';
import { type Json, JsonFloat } from '../core/json.ts';
import { printJson } from '../core/print-json.ts';
import { bumpVersion, newSchema } from '../core/schema-hash.ts';
import type { Schema } from '../core/schema.ts';
import type { PipelineState } from '../core/state.ts';
import { STATE_TABLE, stateTable } from '../core/system-tables.ts';
import type { ContractCase } from './contract-case.ts';
import { columns, DATASET, type DestinationSubject, openScene, PIPELINE, rootTable, stateOf } from './destination-scene.ts';

const items = () => rootTable('items', columns({ id: { data_type: 'bigint' } }));

function stateWith(pipeline: string, version: number, content: Readonly<Record<string, Json>> = {}): PipelineState {
  return stateOf(version, {
    _version_hash: `${pipeline} ${version}`,
    pipeline_name: pipeline,
    default_schema_name: pipeline,
    schema_names: [pipeline],
    sources: { [pipeline]: content },
  });
}

/** Commits a load without rows. */
async function commit(
  dataset: Dataset,
  {
    loadId,
    pipeline,
    schema,
    state,
  }: { readonly loadId: string; readonly pipeline: string; readonly schema: Schema; readonly state?: PipelineState },
): Promise<void> {
  const load = await dataset.begin({ loadId, pipeline, startedAt: new Date('2024-05-01T12:00:00Z'), schema, replaced: [] });
  await load.commit({ schema, state });
}

/** A schema with as many more columns as its version says. */
function schemaOf(name: string, version: number): Schema {
  const schema = newSchema(name);
  const more = Object.fromEntries(Array.from({ length: version }, (_, i) => [`c${i}`, { data_type: 'text' as const }]));
  schema.tables['items'] = rootTable('items', columns({ id: { data_type: 'bigint' }, ...more }));
  bumpVersion(schema);
  return { ...schema, version };
}

/** States, schemas and load entries of many loads. */
export const destinationStateCases: readonly ContractCase<DestinationSubject>[] = [
  {
    name: 'states: there is no table of them before a load brought one',
    async run(subject) {
      await using scene = await openScene(subject);
      await scene.load({ id: 'l1', tables: [items()] });
      assert.equal(await scene.place.read(DATASET, STATE_TABLE), undefined);
      // dlt adds it to the schema with the first state.
      scene.schema.tables[STATE_TABLE] = stateTable();
      await scene.load({ id: 'l2', state: stateWith(PIPELINE, 1) });
      await scene.load({ id: 'l3' });
      await scene.load({ id: 'l4', state: stateWith(PIPELINE, 2) });
      const names = ['version', 'engine_version', 'pipeline_name', 'version_hash', '_dlt_load_id'];
      const rows = [`1|4|${PIPELINE}|${PIPELINE} 1|l2`, `2|4|${PIPELINE}|${PIPELINE} 2|l4`];
      assert.deepEqual(await scene.cells(STATE_TABLE, ...names), rows);
    },
  },
  {
    name: 'states: the newest is that of the greatest load id, in whatever order loads were committed',
    async run(subject) {
      await using scene = await openScene(subject);
      const versions = { '1700000002.5': 3, '1700000001.75': 9, '1700000002.25': 7, '1699999999.9': 12 };
      for (const [id, version] of Object.entries(versions))
        await scene.load({ id, tables: [items()], state: stateWith(PIPELINE, version) });
      const restored = await scene.dataset.restore(PIPELINE, PIPELINE);
      assert.deepEqual([restored?.state?._state_version, restored?.lastLoadId], [3, '1700000002.5']);
    },
  },
  {
    name: 'states: whatever they hold is restored',
    async run(subject) {
      await using scene = await openScene(subject);
      const content = {
        [`it's a "key" \\ ż 😀 {{x}} $1 %s`]: [
          1,
          2n ** 63n - 1n,
          -(2n ** 70n),
          new JsonFloat(1),
          -0.25,
          new JsonFloat(1e300),
          true,
          false,
          null,
        ],
        empty: { list: [], object: {}, text: '' },
        lines: 'a\nb\tc\r\n',
        typed: ['\u{f027}2024-01-01T00:00:00+00:00', '\u{f026}1.50'],
        large: Array.from({ length: 20_000 }, (_, i) => `hash ${i}`),
      };
      const state = stateWith(PIPELINE, 1, content);
      await scene.load({ id: 'l1', tables: [items()], state });
      const restored = (await scene.dataset.restore(PIPELINE, PIPELINE))?.state;
      assert.equal(printJson(restored?.sources as unknown as Json), printJson(state.sources as unknown as Json));
    },
  },
  {
    name: 'states: several pipelines and sources in one dataset each have their own state and schema',
    async run(subject) {
      await using scene = await openScene(subject);
      const { dataset } = scene;
      const load = (id: number, pipeline: string, source: string, version: number) =>
        commit(dataset, { loadId: `l${id}`, pipeline, schema: schemaOf(source, version), state: stateWith(pipeline, version) });
      await load(1, 'one', 'shop', 1);
      await load(2, 'two', 'shop', 2);
      await load(3, 'one', 'blog', 3);
      await load(4, 'two', 'blog', 4);
      await load(5, 'one', 'shop', 5);
      const found = async (pipeline: string, source: string) => {
        const restored = await dataset.restore(pipeline, source);
        return [restored?.state?._state_version, restored?.schema?.name, restored?.schema?.version, restored?.lastLoadId];
      };
      assert.deepEqual(await found('one', 'shop'), [5, 'shop', 5, 'l5']);
      assert.deepEqual(await found('two', 'shop'), [4, 'shop', 5, 'l5']);
      assert.deepEqual(await found('one', 'blog'), [5, 'blog', 4, 'l5']);
      assert.deepEqual(await found('three', 'blog'), [undefined, 'blog', 4, 'l5']);
      assert.deepEqual(await found('two', 'news'), [4, undefined, undefined, 'l5']);
    },
  },
  {
    name: 'schemas: every version is stored once, and every load says which it ended with',
    async run(subject) {
      await using scene = await openScene(subject);
      const versions = [1, 1, 2, 2, 2, 3, 4, 4, 5, 6, 6, 7];
      for (const [index, version] of versions.entries()) {
        const loadId = `17000000${String(index + 10)}.5`;
        await commit(scene.dataset, { loadId, pipeline: PIPELINE, schema: schemaOf('shop', version) });
      }
      const distinct = [...new Set(versions)];
      const hashOf = (version: number) => schemaOf('shop', version).version_hash;
      const stored = await scene.cells('_dlt_version', 'version', 'engine_version', 'schema_name', 'version_hash');
      assert.deepEqual(stored, distinct.map((version) => `${version}|11|shop|${hashOf(version)}`).toSorted());
      const loads = await scene.cells('_dlt_loads', 'load_id', 'schema_name', 'status', 'schema_version_hash');
      assert.deepEqual(
        loads,
        versions.map((version, index) => `17000000${String(index + 10)}.5|shop|0|${hashOf(version)}`),
      );
      const restored = await scene.dataset.restore(PIPELINE, 'shop');
      assert.equal(restored?.schema?.version_hash, hashOf(7));
      assert.equal(restored.lastLoadId, '1700000021.5');
    },
  },
];
