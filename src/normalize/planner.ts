import type { Capabilities } from '../core/destination.ts';
import type { TableSchema } from '../core/schema.ts';
import { addSlot, bindSlots, type ColumnState, Mode } from './column-state.ts';
import { resolveMergeStrategy } from './merge-strategy.ts';
import { EMPTY_KEY } from './names.ts';
import { ROOT_ID } from './root-key.ts';
import type { ListPlan, ObjectPlan, RowPlan, Slot } from './row-plan.ts';
import type { TableState } from './table-state.ts';
import type { Tables } from './tables.ts';

const DEFAULT_NESTING = 1000;

/** Settings of the planner. */
export interface PlannerOptions {
  readonly tables: Tables;
  readonly capabilities: Pick<Capabilities, 'mergeStrategies'>;
}

/** Makes plans of how data becomes rows, as keys come up that no plan knows yet. */
export class Planner {
  private readonly tables: Tables;
  private readonly options: PlannerOptions;
  private readonly roots = new Map<string, RowPlan>();

  constructor(options: PlannerOptions) {
    this.options = options;
    this.tables = options.tables;
  }

  /** The plan for rows of a root table. */
  root(name: string): RowPlan {
    let plan = this.roots.get(name);
    if (plan === undefined) {
      const table = this.tables.table(name);
      const level =
        table.schema?.['x-normalizer']?.max_nesting ?? this.tables.schema.normalizers.json.config?.max_nesting ?? DEFAULT_NESTING;
      plan = this.rowPlan(table, { path: [name], level, owner: undefined });
      this.roots.set(name, plan);
    }
    return plan;
  }

  /** Forgets all plans, because hints changed what they were made from. */
  reset(): void {
    this.roots.clear();
  }

  /** The slot of a key that an object plan has not seen before this row. */
  slot(object: ObjectPlan, key: string): Slot {
    const { row } = object;
    const name = this.columnName(object, key);
    const column = this.tables.column(row.table, name);
    const slot: Slot = {
      key,
      position: object.slots.length,
      object,
      column,
      owner: row,
      isDeepest: object.level <= 0,
      mode: Mode.slow,
      builder: undefined,
      ignoresNull: false,
      keepsNested: false,
      child: undefined,
      list: undefined,
    };
    object.slots.push(slot);
    object.byKey.set(key, slot);
    addSlot(column, slot);
    return slot;
  }

  /** The plan of an object below a key. */
  child(slot: Slot): ObjectPlan {
    const { object } = slot;
    return (slot.child ??= objectPlan(object.row, [...object.path, this.keyName(slot.key)], object.level - 1));
  }

  /** The plan of a list below a key. */
  list(slot: Slot): ListPlan {
    return (slot.list ??= this.listPlan(slot));
  }

  /** The plan for a list that is an item of a list: its rows are one level deeper. */
  nestedList(plan: RowPlan): RowPlan {
    return (plan.nestedList ??= this.deeper(plan));
  }

  private listPlan({ key, object }: Slot): ListPlan {
    const owner = object.row;
    const path = [...object.path, this.breaksPaths ? this.tables.naming.tablePath(key) : this.keyName(key)];
    const id = JSON.stringify(path);
    const known = owner.lists.get(id);
    if (known !== undefined) return known;
    let rowPath = [...owner.path, ...path];
    // A list without a name goes to the table of its object. For a root table that would be rows without a load.
    if (owner.isRoot && this.tables.naming.fragments(rowPath) === owner.table.name) rowPath = [...owner.path, EMPTY_KEY];
    const table = this.tables.table(this.tables.naming.fragments(rowPath));
    const rows = this.rowPlan(table, { path: rowPath, level: owner.level - 1, owner });
    const rivals = [...owner.lists.values()].filter((other) => other.rows.table === table);
    for (const rival of rivals) rival.collides = true;
    const plan = { owner, rows, collides: rivals.length > 0, seenIn: -1, waitsAt: -1 };
    owner.lists.set(id, plan);
    return plan;
  }

  private rowPlan(
    table: TableState,
    { path, level, owner }: { readonly path: readonly string[]; readonly level: number; readonly owner: RowPlan | undefined },
  ): RowPlan {
    const isRoot = owner === undefined || (table.schema !== undefined && !table.schema.parent);
    const rowId = isRoot ? this.rowIdKind(table.schema) : 'random';
    const inherits = owner?.bequeaths;
    const propagated = this.propagated(table, isRoot);
    const object: { row: RowPlan | undefined } & Omit<ObjectPlan, 'row'> = { row: undefined, path: [], level, slots: [], byKey: new Map() };
    const plan: RowPlan = {
      table,
      path,
      level,
      isRoot,
      object: object as ObjectPlan,
      lists: new Map(),
      rowId: rowId === 'repeatable' ? 'random' : rowId,
      keys: rowId === 'key_hash' ? this.keys(table) : [],
      hashesChildren: isRoot ? rowId !== 'random' : (owner?.hashesChildren ?? false),
      id: this.owned(table, '_dlt_id'),
      loadId: isRoot ? this.owned(table, '_dlt_load_id') : undefined,
      parentId: isRoot ? undefined : this.owned(table, '_dlt_parent_id'),
      index: isRoot ? undefined : this.owned(table, '_dlt_list_idx'),
      rootId: inherits === undefined ? undefined : this.owned(table, ROOT_ID),
      inherits,
      bequeaths: inherits,
      inherited: handedDown(owner).map((name) => this.owned(table, name)),
      propagated: propagated.filter(({ from, to }) => from.name !== '_dlt_id' || to !== ROOT_ID),
      nestedList: undefined,
    };
    object.row = plan;
    if (plan.propagated.length < propagated.length) plan.bequeaths = plan;
    return plan;
  }

  private deeper(plan: RowPlan): RowPlan {
    const object: { row: RowPlan | undefined } & Omit<ObjectPlan, 'row'> = {
      ...plan.object,
      row: undefined,
      level: plan.level - 1,
      slots: [],
      byKey: new Map(),
    };
    const deeper: RowPlan = { ...plan, level: plan.level - 1, object: object as ObjectPlan, lists: new Map(), nestedList: undefined };
    object.row = deeper;
    if (plan.bequeaths === plan) deeper.bequeaths = deeper;
    return deeper;
  }

  /** How ids of root rows are made; `repeatable` are ids of a column of the data, whose nested rows get hashes. */
  private rowIdKind(table: TableSchema | undefined): RowPlan['rowId'] | 'repeatable' {
    const strategy = table === undefined ? undefined : resolveMergeStrategy(this.tables.schema, table, this.options.capabilities);
    if (strategy === 'upsert' || strategy === 'insert-only' || strategy === 'cdc') return 'key_hash';
    if (strategy !== 'scd2') return 'random';
    return Object.values(table?.columns ?? {}).find((column) => column['x-row-version'])?.name === '_dlt_id' ? 'row_hash' : 'repeatable';
  }

  private keys(table: TableState): ColumnState[] {
    const names = Object.values(table.schema?.columns ?? {}).filter((column) => column.primary_key);
    return names.map(({ name }) => this.watched(table, name));
  }

  private propagated(table: TableState, isRoot: boolean): { from: ColumnState; to: string }[] {
    const { root, tables } = this.tables.schema.normalizers.json.config?.propagation ?? {};
    const mapping = { ...(isRoot ? root : {}), ...tables?.[table.name] };
    return Object.entries(mapping).map(([from, to]) => ({ from: this.watched(table, from), to }));
  }

  private owned(table: TableState, name: string): ColumnState {
    const column = this.tables.column(table, name);
    column.owned = true;
    bindSlots(column);
    return column;
  }

  private watched(table: TableState, name: string): ColumnState {
    const column = this.tables.column(table, name);
    column.watched = true;
    bindSlots(column);
    return column;
  }

  private columnName(object: ObjectPlan, key: string): string {
    const name = this.keyName(key);
    return object.path.length === 0 ? name : this.tables.naming.fragments([...object.path, name]);
  }

  private keyName(key: string): string {
    const { naming } = this.tables;
    // The key `__` has no name either: dlt makes a column without one of it, which no database takes.
    const name = naming.column(key) || EMPTY_KEY;
    return this.breaksPaths || name === EMPTY_KEY ? name : naming.identifier(key);
  }

  private get breaksPaths(): boolean {
    return this.tables.schema.normalizers.use_break_path_on_normalize !== false;
  }
}

/** Names of what rows of a plan hand down to nested rows. */
function handedDown(owner: RowPlan | undefined): string[] {
  if (owner === undefined) return [];
  return [...new Set([...owner.inherited.map(({ name }) => name), ...owner.propagated.map(({ to }) => to)])];
}

function objectPlan(row: RowPlan, path: readonly string[], level: number): ObjectPlan {
  return { row, path, level, slots: [], byKey: new Map() };
}
