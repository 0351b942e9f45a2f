import assert from 'node:assert/strict';
import { SynclineError } from '../core/errors.ts';
import type { TableSchema } from '../core/schema.ts';
import { type BatchRow, batchOf } from './batch-of.ts';
import type { ContractCase } from './contract-case.ts';
import { lacksAny, lacksNewColumns, lacksStrategy, lacksTransactions } from './destination-lacks.ts';
import { columns, type DestinationSubject, nestedTable, openScene, ROOT_KEY, rootTable, type Scene } from './destination-scene.ts';

const ID = { id: { data_type: 'bigint', primary_key: true, nullable: false } } as const;

/** Columns whose values show their precision, scale and time zone. */
const SIZED = {
  price: { data_type: 'decimal', precision: 10, scale: 2 },
  rate: { data_type: 'decimal' },
  local: { data_type: 'timestamp', timezone: false },
  exact: { data_type: 'timestamp' },
  small: { data_type: 'bigint', precision: 16 },
} as const;

const MOMENT = BigInt(Date.parse('2024-05-01T10:00:00Z')) * 1000n + 123_456n;
const VALUES = { price: 150n, rate: 1_500_000_000n, local: MOMENT, exact: MOMENT, small: -32_768 };
const STORED = '1.50|1.500000000|2024-05-01T10:00:00.123456|2024-05-01T10:00:00.123456Z|-32768';

const root = (load: string, id: number, more: BatchRow = {}): BatchRow => ({ id, ...more, _dlt_load_id: load, _dlt_id: `${load}-${id}` });
const nested = (load: string, id: number, more: BatchRow = {}): BatchRow => ({
  ...more,
  _dlt_root_id: `${load}-${id}`,
  _dlt_parent_id: `${load}-${id}`,
  _dlt_list_idx: 0,
  _dlt_id: `${load}-${id}.0`,
});

function tables(more: Parameters<typeof columns>[0], hints: Partial<TableSchema> = {}): [TableSchema, TableSchema] {
  const parts = nestedTable('items__parts', 'items', columns({ n: { data_type: 'bigint' }, ...more }));
  if (hints.write_disposition === 'merge') parts.columns[ROOT_KEY.name] = { ...ROOT_KEY };
  return [rootTable('items', columns({ ...ID, ...more }), hints), parts];
}

const MERGED = { write_disposition: 'merge' } as const;
const sized = Object.keys(SIZED);

async function holdsSizes(scene: Scene, ...ids: readonly number[]): Promise<void> {
  assert.deepEqual(
    (await scene.cells('items', 'id', ...sized)).slice(-ids.length),
    ids.map((id) => `${id}|${STORED}`),
  );
  assert.deepEqual(
    (await scene.cells('items__parts', ...sized)).filter((cells) => !cells.startsWith('-')),
    ids.map(() => STORED),
  );
}

/** Loads rows without a value that they must have, and expects to be told where. */
async function refusesNull(scene: Scene, [items, parts]: [TableSchema, TableSchema], where: 'items' | 'items__parts'): Promise<void> {
  const load = await scene.begin('l2');
  await assert.rejects(
    async () => {
      await load.write(batchOf(items, [root('l2', 1, { must: where === 'items' ? null : 'x' }), root('l2', 2, { must: 'y' })]));
      await load.write(batchOf(parts, [nested('l2', 1, { must: where === 'items' ? 'x' : null }), nested('l2', 2, { must: 'y' })]));
      await load.commit({ schema: scene.settle(), state: undefined });
    },
    (error) => error instanceof SynclineError && error.message.includes(`${where}.must`),
  );
  await load.rollback();
  assert.deepEqual(await scene.cells('items', 'id', 'must', '_dlt_load_id'), ['1|a|l1']);
  assert.deepEqual(await scene.cells('items__parts', 'must', '_dlt_parent_id'), ['b|l1-1']);
}

function refusal(
  name: string,
  hints: Partial<TableSchema>,
  lacks: ContractCase<DestinationSubject>['lacks'],
): ContractCase<DestinationSubject> {
  return {
    name,
    lacks,
    async run(subject) {
      for (const where of ['items', 'items__parts'] as const) {
        await using scene = await openScene(subject);
        const both = tables({ must: { data_type: 'text', nullable: false } }, hints);
        const rows = { items: [root('l1', 1, { must: 'a' })], items__parts: [nested('l1', 1, { must: 'b' })] };
        await scene.load({ id: 'l1', tables: both, rows });
        await refusesNull(scene, both, where);
      }
    },
  };
}

/** What hints of columns say of the tables in the destination. */
export const destinationHintCases: readonly ContractCase<DestinationSubject>[] = [
  {
    name: 'hints of columns: precision, scale and time zone hold in tables that are made, and that grow',
    lacks: lacksNewColumns,
    async run(subject) {
      await using scene = await openScene(subject);
      await scene.load({ id: 'l1', tables: tables({}), rows: { items: [root('l1', 1)], items__parts: [nested('l1', 1)] } });
      const rows = (load: string, id: number) => ({ items: [root(load, id, VALUES)], items__parts: [nested(load, id, VALUES)] });
      await scene.load({ id: 'l2', tables: tables(SIZED), rows: rows('l2', 2) });
      await scene.load({ id: 'l3', rows: rows('l3', 3) });
      await holdsSizes(scene, 2, 3);
    },
  },
  {
    name: 'hints of columns: precision, scale and time zone hold in tables that are merged',
    lacks: lacksStrategy('delete-insert'),
    async run(subject) {
      await using scene = await openScene(subject);
      const rows = (load: string) => ({ items: [root(load, 1, VALUES)], items__parts: [nested(load, 1, VALUES)] });
      await scene.load({ id: 'l1', tables: tables(SIZED, MERGED), rows: rows('l1') });
      await scene.load({ id: 'l2', rows: rows('l2') });
      await holdsSizes(scene, 1);
    },
  },
  refusal('hints of columns: a null is refused where there must be a value', {}, lacksTransactions),
  refusal(
    'hints of columns: a null is refused where there must be a value, also when tables are merged',
    MERGED,
    lacksAny(lacksTransactions, lacksStrategy('delete-insert')),
  ),
  refusal(
    'hints of columns: a null is refused where there must be a value, also when tables are merged by upsert',
    { ...MERGED, 'x-merge-strategy': 'upsert' },
    lacksAny(lacksTransactions, lacksStrategy('upsert')),
  ),
  {
    name: 'frozen schemas: rows of known tables are taken without a word of them, from a new process too',
    async run(subject) {
      await using scene = await openScene(subject);
      await scene.load({ id: 'l1', tables: tables({}), rows: { items: [root('l1', 1)] } });
      await using other = await scene.place.destination.open('contract_data');
      const restored = await other.restore('contract', 'contract');
      assert.ok(restored?.schema);
      const load = await other.begin({ loadId: 'l2', pipeline: 'contract', startedAt: new Date(), schema: restored.schema, replaced: [] });
      await load.write(batchOf(restored.schema.tables['items'] as TableSchema, [root('l2', 2)]));
      await load.write(batchOf(restored.schema.tables['items__parts'] as TableSchema, [nested('l2', 2, { n: 7 })]));
      await load.commit({ schema: restored.schema, state: undefined });
      assert.deepEqual(await scene.cells('items', 'id'), ['1', '2']);
      assert.deepEqual(await scene.cells('items__parts', 'n', '_dlt_parent_id'), ['7|l2-2']);
    },
  },
  {
    name: 'frozen schemas: a table and a column that were never told are refused, and nothing of the load stays',
    lacks: lacksTransactions,
    async run(subject) {
      await using scene = await openScene(subject);
      await scene.load({ id: 'l1', tables: tables({}), rows: { items: [root('l1', 1)] } });
      const unknown = [
        batchOf(rootTable('others', columns(ID)), [root('l2', 2)]),
        batchOf(tables({ more: { data_type: 'text' } })[0], [root('l2', 2, { more: 'x' })]),
      ];
      for (const batch of unknown) {
        const load = await scene.begin('l2');
        await load.write(batchOf(tables({})[0], [root('l2', 3)]));
        await assert.rejects(
          async () => {
            await load.write(batch);
            await load.commit({ schema: scene.settle(), state: undefined });
          },
          (error) => error instanceof SynclineError && error.code === 'schema_change_missing',
        );
        await load.rollback();
      }
      assert.deepEqual(await scene.cells('items', 'id'), ['1']);
      assert.equal(await scene.place.read('contract_data', 'others'), undefined);
    },
  },
];
