import assert from 'node:assert/strict';
import { SynclineError } from '../core/errors.ts';
import { bumpVersion, newSchema } from '../core/schema-hash.ts';
import type { PipelineState } from '../core/state.ts';
import { batchOf } from './batch-of.ts';
import type { ContractCase } from './contract-case.ts';
import {
  columns,
  DATASET,
  type DestinationSubject,
  nestedTable,
  openScene,
  PIPELINE,
  rootTable,
  type Scene,
  stateOf,
} from './destination-scene.ts';

/** Names that are words of SQL, of databases and of JavaScript. They must all work. */
const WORDS = [
  'select',
  'order',
  'table',
  'user',
  'group',
  'primary',
  'from',
  'all',
  'offset',
  'window',
  'values',
  'rowid',
  'oid',
  'n',
  's',
  'd',
  'old',
  'new',
  'excluded',
  'id',
  'value',
  'list',
  'constructor',
  'toString',
];
const PLAIN = [...WORDS, '_1st', 'with space', `quote"and'quote`, 'ż', 'a'.repeat(60), '_dlt', '_dlt_row', '_syncline_stage_1'];

/** What runs when names get into statements, templates or paths as they are. */
const INJECTIONS = [
  `"; DROP SCHEMA ${DATASET} CASCADE; --`,
  `"; DROP SCHEMA "${DATASET}" CASCADE; --`,
  `'); DROP TABLE ${DATASET}.items; --`,
  `${DATASET}"."items`,
  `${DATASET}.items`,
  'x"); DELETE FROM items; --',
  '$1',
  '${name}',
  '%s',
  '%2e%2e%2f',
  '{}',
  '{table_name}',
  '{load_id}',
  '*',
  '[a]?',
  '..',
  '.',
  '../items',
  `../${DATASET}_2/items`,
  '/items',
  'a/b',
  'a\\b',
  'a__b',
  '__',
  'a\nb',
  'a\n\tb',
  'a\0b',
  '-- x',
  '/* x',
];

/** Some of them, for what takes longer. */
const SOME_INJECTIONS = INJECTIONS.filter((_, i) => i < 6 || i % 3 === 0);

/** Names that are nearly those of others. */
const LOOK_ALIKES = [
  'Items',
  'ITEMS',
  'іtems',
  'items\u200b',
  'ｉｔｅｍｓ',
  'é',
  'e\u0301',
  'ı',
  'K',
  '🎈',
  '👨‍👩‍👧',
  '_dlt_loads2',
  '_DLT_LOADS',
  '_dlt_',
  '_syncline_staging',
  '_syncline_runs2',
  '_syncline_merge_1_keys',
  'items_before_columns',
  'init',
  'CON',
  'xmin',
  'ctid',
  '',
];

/** Names at and beyond the lengths that databases and file systems take. */
const LONG = [
  'x'.repeat(62),
  'x'.repeat(63),
  'x'.repeat(64),
  `${'x'.repeat(63)}a`,
  `${'x'.repeat(63)}b`,
  '٣'.repeat(31),
  '٣'.repeat(63),
  `${'٣'.repeat(62)}٤`,
  '🎈'.repeat(20),
  'y'.repeat(200),
  'y'.repeat(255),
  'ż'.repeat(200),
  'y'.repeat(300),
];

/** The value in a column of that name. */
const valueOf = (name: string): string => `v ${JSON.stringify(name)}`;

/** Loads a table and a column of a name. True when it was taken, false when it was refused. */
async function takes(scene: Scene, name: string, loadId: string): Promise<boolean> {
  const before = structuredClone(scene.schema);
  const data = columns({ key: { data_type: 'text' }, [name]: { data_type: 'text' } });
  const table = rootTable(name, data);
  try {
    const load = await scene.begin(loadId);
    try {
      await scene.declare(load, table);
      await load.write(batchOf(table, [{ key: JSON.stringify(name), [name]: valueOf(name), _dlt_load_id: loadId, _dlt_id: loadId }]));
      await load.commit({ schema: scene.settle(), state: undefined });
      return true;
    } catch (error) {
      await load.rollback();
      throw error;
    }
  } catch (error) {
    assert.ok(error instanceof SynclineError, `${JSON.stringify(name)}: ${String(error)}`);
    Object.assign(scene.schema, before);
    return false;
  }
}

/** What a table of that name must hold: one row. */
async function assertWhole(scene: Scene, name: string): Promise<void> {
  const rows = (await scene.place.read(DATASET, name))?.rows ?? [];
  assert.deepEqual(
    rows.map((row) => [row['key'], row[name]]),
    [[JSON.stringify(name), valueOf(name)]],
    JSON.stringify(name),
  );
}

function stateNamed(pipeline: string): PipelineState {
  const names = { pipeline_name: pipeline, default_schema_name: pipeline, schema_names: [pipeline] };
  return stateOf(1, { _version_hash: `hash of ${pipeline}`, ...names, sources: {} });
}

/** Names that break what is written carelessly. */
export const destinationNameCases: readonly ContractCase<DestinationSubject>[] = [
  {
    name: 'takes any name for tables and columns',
    async run(subject) {
      await using scene = await openScene(subject);
      const names = PLAIN.filter((name) => name.length <= subject.capabilities.maxIdentifierLength);
      const canMerge = subject.capabilities.mergeStrategies.includes('delete-insert');
      const data = columns(Object.fromEntries(names.map((name) => [name, { data_type: 'text', primary_key: name === 'n' }])));
      const roots = names.map((name) => rootTable(name, structuredClone(data), { write_disposition: canMerge ? 'merge' : 'append' }));
      const nested = names.map((name) => nestedTable(`${name}__x`, name, columns({ value: { data_type: 'text' } })));
      const row = { ...Object.fromEntries(names.map((column) => [column, `v ${column}`])), _dlt_load_id: 'l', _dlt_id: 'a' };
      const child = { value: 'c', _dlt_parent_id: 'a', _dlt_list_idx: 0, _dlt_id: 'c' };
      const rows = Object.fromEntries([...roots.map(({ name }) => [name, [row]]), ...nested.map(({ name }) => [name, [child]])]);
      for (const id of canMerge ? ['l1', 'l2'] : ['l1']) await scene.load({ id, tables: [...roots, ...nested], rows });
      for (const name of names) {
        const stored = await scene.place.read(DATASET, name);
        const wrong = names.filter((column) => stored?.rows[0]?.[column] !== `v ${column}`);
        assert.deepEqual([name, stored?.rows.length, wrong], [name, 1, []]);
        assert.deepEqual(await scene.cells(`${name}__x`, 'value'), ['c']);
      }
    },
  },
  ...Object.entries({
    'that would run as SQL or lead elsewhere': INJECTIONS,
    'that look like others': LOOK_ALIKES,
    'that are long': LONG,
  }).map(
    ([which, names]): ContractCase<DestinationSubject> => ({
      name: `takes names ${which} as they are, or refuses them, and touches nothing else`,
      async run(subject) {
        await using scene = await openScene(subject);
        assert.ok(await takes(scene, 'items', 'l0'));
        const taken = ['items'];
        for (const [i, name] of names.entries()) if (await takes(scene, name, `l${i + 1}`)) taken.push(name);
        for (const name of taken) await assertWhole(scene, name);
        assert.equal((await scene.cells('_dlt_loads', 'load_id')).length, taken.length);
        assert.deepEqual(
          (await scene.place.list()).filter((name) => !name.includes(DATASET)),
          [],
        );
      },
    }),
  ),
  {
    name: 'keeps datasets of any name apart, or refuses the name',
    async run(subject) {
      await using scene = await openScene(subject);
      assert.ok(await takes(scene, 'items', 'l0'));
      const table = rootTable('items', columns({ key: { data_type: 'text' } }));
      const names = [
        ...SOME_INJECTIONS.map((name) => `contract ${name}`),
        `contract_${'x'.repeat(54)}a`,
        `contract_${'x'.repeat(54)}b`,
        `contract_${'ż'.repeat(40)}`,
      ];
      const taken: string[] = [];
      for (const name of names) {
        await using dataset = await scene.place.destination.open(name);
        const schema = newSchema(PIPELINE);
        schema.tables['items'] = table;
        bumpVersion(schema);
        try {
          const load = await dataset.begin({
            loadId: 'l1',
            pipeline: PIPELINE,
            startedAt: new Date(),
            schema: newSchema(PIPELINE),
            replaced: [],
          });
          await load.migrate([{ kind: 'create_table', table, columns: Object.values(table.columns) }]);
          await load.write(batchOf(table, [{ key: JSON.stringify(name), _dlt_load_id: 'l1', _dlt_id: 'a' }]));
          await load.commit({ schema, state: undefined });
          taken.push(name);
        } catch (error) {
          assert.ok(error instanceof SynclineError, `${JSON.stringify(name)}: ${String(error)}`);
        }
      }
      for (const name of taken)
        assert.deepEqual(
          (await scene.place.read(name, 'items'))?.rows.map((row) => row['key']),
          [JSON.stringify(name)],
        );
      await assertWhole(scene, 'items');
      assert.deepEqual(await scene.cells('_dlt_loads', 'load_id'), ['l0']);
    },
  },
  {
    name: 'keeps the states of pipelines of any name apart, or refuses the name',
    async run(subject) {
      await using scene = await openScene(subject);
      const names = ['a', 'a__b', 'b', 'a__b__c', 'A', ...SOME_INJECTIONS];
      const taken: string[] = [];
      for (const [i, name] of names.entries()) {
        try {
          const load = await scene.dataset.begin({
            loadId: `l${i}`,
            pipeline: name,
            startedAt: new Date(),
            schema: newSchema(name),
            replaced: [],
          });
          const schema = newSchema(name);
          bumpVersion(schema);
          await load.commit({ schema, state: stateNamed(name) });
          taken.push(name);
        } catch (error) {
          assert.ok(error instanceof SynclineError, `${JSON.stringify(name)}: ${String(error)}`);
        }
      }
      for (const name of taken) {
        const restored = await scene.dataset.restore(name, name);
        assert.deepEqual([restored?.state?.pipeline_name, restored?.schema?.name], [name, name]);
      }
      assert.ok(taken.includes('a__b') && taken.includes('a'));
    },
  },
];
