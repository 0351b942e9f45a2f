import type { ColumnSlot, ColumnState } from './column-state.ts';
import type { TableState } from './table-state.ts';

/** How rows of one shape of the data become rows of one table. */
export interface RowPlan {
  readonly table: TableState;
  /** Names from the root table to this one; joined they are the table's name. */
  readonly path: readonly string[];
  /** How many levels of objects and lists below may still become columns and tables. */
  readonly level: number;
  readonly isRoot: boolean;
  readonly object: ObjectPlan;
  /** Lists below, by path. */
  readonly lists: Map<string, ListPlan>;
  readonly rowId: 'random' | 'key_hash' | 'row_hash';
  /** Columns of the primary key, when row ids are its hash. */
  readonly keys: readonly ColumnState[];
  /** Ids of nested rows are hashes of the parent's id and the position: the same in every run. */
  readonly hashesChildren: boolean;
  readonly id: ColumnState;
  readonly loadId: ColumnState | undefined;
  readonly parentId: ColumnState | undefined;
  readonly index: ColumnState | undefined;
  readonly rootId: ColumnState | undefined;
  /** The plan whose row id these rows carry as `_dlt_root_id`. */
  readonly inherits: RowPlan | undefined;
  /** The plan whose row id nested rows carry: this one or the inherited. */
  bequeaths: RowPlan | undefined;
  /** Columns for what rows above hand down, besides the root id. */
  readonly inherited: readonly ColumnState[];
  /** Other values that nested rows get: dlt's arbitrary propagation. */
  readonly propagated: readonly { readonly from: ColumnState; readonly to: string }[];
  /** The same rows one level deeper: a list that is an item of a list. */
  nestedList: RowPlan | undefined;
}

/** The keys of an object at one place, in the order in which they were seen first. */
export interface ObjectPlan {
  readonly row: RowPlan;
  readonly path: readonly string[];
  readonly level: number;
  readonly slots: Slot[];
  readonly byKey: Map<string, Slot>;
}

/** One key at one place. Depending on its value it is a column, more keys, or a table. */
export interface Slot extends ColumnSlot {
  readonly key: string;
  readonly position: number;
  readonly object: ObjectPlan;
  readonly column: ColumnState;
  child: ObjectPlan | undefined;
  list: ListPlan | undefined;
}

/** A list at one place of a row. */
export interface ListPlan {
  readonly owner: RowPlan;
  readonly rows: RowPlan;
  /** Another list of the row goes to the same table. */
  collides: boolean;
  /** The row that brought a list last, and where that list waits. */
  seenIn: number;
  waitsAt: number;
}
