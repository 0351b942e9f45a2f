import assert from 'node:assert/strict';
import type { ColumnSchema, TableSchema } from '../core/schema.ts';
import { type BatchRow, batchOf } from './batch-of.ts';
import { afterLoad, hasKeyIds, type Item, type Kept, type Way } from './destination-model.ts';
import { rowsOfItem, rowText, type Shape, storedRows, tablesOf, withIds } from './destination-model-rows.ts';
import { DATASET, type DestinationSubject, openScene, type Scene } from './destination-scene.ts';

/** A table of a model, which a load may change. */
export interface ModelTable {
  readonly shape: Shape;
  readonly way: Way;
  readonly hints?: Partial<TableSchema>;
}

/**
 * How rows are sent: a batch a table; a batch a row, item by item; or the same while tables and columns are
 * told of when their first row comes, and of all else the commit's schema tells.
 */
export type Delivery = 'in whole' | 'one by one' | 'growing';

/** A load: items by table. Tables that are left out are not in the load. */
export interface ModelLoad {
  readonly id: string;
  readonly items: Readonly<Record<string, readonly Item[]>>;
  readonly delivery?: Delivery;
}

/** A scene beside which a model does the same. */
export interface ModelScene extends AsyncDisposable {
  readonly scene: Scene;
  /** From the next load on a table is as told. */
  change(table: string, to: Partial<ModelTable>): void;
  /** Does a load in both. */
  load(load: ModelLoad): Promise<void>;
  /** Throws when a table does not hold what the model does. */
  check(when: string): Promise<void>;
}

/** Opens a new place for tables, with a model of it. */
export async function openModel(subject: DestinationSubject, tables: Readonly<Record<string, ModelTable>>): Promise<ModelScene> {
  const scene = await openScene(subject);
  const now = new Map(Object.entries(tables));
  const kept = new Map<string, readonly Kept[]>();
  return {
    scene,
    change: (name, to) => now.set(name, { ...(now.get(name) as ModelTable), ...to }),
    async load({ id, items, delivery = 'in whole' }) {
      const chains = Object.entries(items).map(([name, list]) =>
        chainOf(scene, { ...(now.get(name) as ModelTable), name, items: list, loadId: id }),
      );
      await deliver(scene, { id, chains, delivery });
      for (const { root, name, rows } of chains)
        kept.set(name, afterLoad(kept.get(name) ?? [], { table: root, items: rows, boundary: boundaryOf(root) }));
    },
    async check(when) {
      for (const name of now.keys()) await checkTable(scene, { name, items: kept.get(name) ?? [], when });
    },
    [Symbol.asyncDispose]: () => scene[Symbol.asyncDispose](),
  };
}

/** A root table, those nested in it, and the rows that a load brings. */
interface Chain {
  readonly name: string;
  readonly way: Way;
  readonly root: TableSchema;
  readonly tables: readonly TableSchema[];
  readonly rows: readonly Kept[];
}

function chainOf(
  { schema }: Scene,
  {
    name,
    items,
    loadId,
    shape,
    way,
    hints = {},
  }: ModelTable & { readonly name: string; readonly items: readonly Item[]; readonly loadId: string },
): Chain {
  const before = Object.fromEntries(Object.entries(schema.tables).filter(([table]) => table === name || table.startsWith(`${name}__`)));
  const tables = tablesOf(name, shape, { way, before, hints });
  const root = tables[0] as TableSchema;
  return { name, way, root, tables, rows: withIds(items, root, { way, loadId }) };
}

/** When the loads of scenes start, in microseconds, or what the table says. */
function boundaryOf(table: TableSchema): bigint {
  return BigInt(Date.parse(table['x-boundary-timestamp'] ?? '2024-05-01T12:00:00Z')) * 1000n;
}

async function deliver(
  scene: Scene,
  { id, chains, delivery }: { readonly id: string; readonly chains: readonly Chain[]; readonly delivery: Delivery },
): Promise<void> {
  // Rows of a replaced table tell it too.
  const replaced = chains.filter(({ way, rows }) => way === 'replace' && (delivery === 'in whole' || rows.length === 0));
  const load = await scene.begin(
    id,
    replaced.map(({ name }) => name),
  );
  if (delivery !== 'growing') await scene.declare(load, ...chains.flatMap(({ tables }) => tables));
  for (const chain of chains) {
    const rows = chain.rows.flatMap((kept, number) => rowsOfItem(chain.name, kept, hasKeyIds(chain.way) ? number : undefined));
    const tables = new Map(chain.tables.map((table) => [table.name, table]));
    if (delivery === 'in whole') {
      for (const table of chain.tables) {
        const own = rows.filter(([name]) => name === table.name).map(([, row]) => row);
        if (own.length > 0) await load.write(batchOf(table, own));
      }
      continue;
    }
    for (const [name, row] of rows) {
      const table = tables.get(name) as TableSchema;
      const known = scene.schema.tables[name];
      const next = grown(table, known, row);
      if (delivery === 'growing' && hasMore(next, known)) await scene.declare(load, next);
      await load.write(batchOf(table, [row]));
    }
    for (const table of chain.tables) {
      const known = scene.schema.tables[table.name];
      if (known === undefined) continue;
      const last = grown(table, known, {});
      // A disposition alone is no change that is told.
      if (hasMore(last, known)) await scene.declare(load, last);
      else scene.schema.tables[table.name] = last;
    }
  }
  await load.commit({ schema: scene.settle(), state: undefined });
}

/** The table with the columns that are known, that a row has values for, or that hints tell of. */
function grown(table: TableSchema, known: TableSchema | undefined, row: BatchRow): TableSchema {
  const isHinted = (column: ColumnSchema) =>
    Object.keys(column).some((key) => !['name', 'data_type', 'nullable'].includes(key)) || column.nullable === false;
  const shown = Object.values(table.columns).filter(
    (column) => known?.columns[column.name] !== undefined || (row[column.name] ?? null) !== null || isHinted(column),
  );
  return { ...table, columns: Object.fromEntries(shown.map((column) => [column.name, column])) };
}

function hasMore(table: TableSchema, known: TableSchema | undefined): boolean {
  return Object.keys(table.columns).length > Object.keys(known?.columns ?? {}).length;
}

async function checkTable(
  { place, schema }: Scene,
  { name, items, when }: { readonly name: string; readonly items: readonly Kept[]; readonly when: string },
): Promise<void> {
  const expected = storedRows(name, items, schema.tables);
  for (const table of Object.keys(schema.tables).filter((each) => each === name || each.startsWith(`${name}__`))) {
    const stored = await place.read(DATASET, table);
    const rows = stored?.rows.map(rowText).toSorted() ?? [];
    assert.deepEqual({ [`${table} ${when}`]: rows }, { [`${table} ${when}`]: expected.get(table) ?? [] });
  }
}
