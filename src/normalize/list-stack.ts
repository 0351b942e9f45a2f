import type { Json } from '../core/json.ts';
import type { ListPlan } from './row-plan.ts';

/** A value that nested rows get from a row above them. */
export interface Inherited {
  readonly to: string;
  readonly value: Json;
}

/** A list that waits until the row that it is part of is complete. */
export interface WaitingList {
  plan: ListPlan;
  items: readonly Json[];
  /** Its row. */
  row: number;
  /** The row whose id becomes `_dlt_root_id`. */
  rootRow: number;
  /** The ids of its rows are hashes. */
  hashed: boolean;
  /** Items of other lists of the row that go to the same table: they count for the hash, so that it is unique. */
  offset: number;
  inherited: readonly Inherited[];
  /** Items that were taken. */
  taken: number;
  /** Where the ids of parent and root lie in the heap of the nested table, since the first item was taken. */
  parentOffset: number;
  parentLength: number;
  rootOffset: number;
  rootLength: number;
  /** The parent's id, when the ids of its rows are hashes of it. */
  parentId: string | undefined;
}

/** Lists that wait, the next one on top. Entries are used again: a list costs no allocation. */
export class ListStack {
  readonly entries: WaitingList[] = [];
  length = 0;

  /** Adds a list of a row. Of lists under two spellings of one name the later counts. */
  add(plan: ListPlan, items: readonly Json[], serial: number): void {
    if (plan.seenIn === serial) {
      (this.entries[plan.waitsAt] as WaitingList).items = items;
      return;
    }
    if (items.length === 0) return;
    plan.seenIn = serial;
    plan.waitsAt = this.length;
    const entry = this.entries[this.length];
    if (entry === undefined) this.entries.push(newEntry(plan, items));
    else {
      entry.plan = plan;
      entry.items = items;
      entry.taken = 0;
    }
    this.length += 1;
  }

  /** Tells the lists from `first` on, all of one row, what became of the row. */
  complete(first: number, row: Pick<WaitingList, 'row' | 'rootRow' | 'hashed' | 'inherited'>): void {
    for (let at = first; at < this.length; at += 1) {
      const entry = this.entries[at] as WaitingList;
      entry.row = row.row;
      entry.rootRow = row.rootRow;
      entry.hashed = row.hashed;
      entry.inherited = row.inherited;
      entry.offset = entry.plan.collides ? this.itemsBefore(first, at) : 0;
    }
    // The first list of the row is the next to take.
    for (let low = first, high = this.length - 1; low < high; low += 1, high -= 1) {
      const entry = this.entries[low] as WaitingList;
      this.entries[low] = this.entries[high] as WaitingList;
      this.entries[high] = entry;
    }
  }

  /** The list on top. */
  top(): WaitingList {
    return this.entries[this.length - 1] as WaitingList;
  }

  /** Lets go of the data that used entries still refer to. */
  release(): void {
    for (const entry of this.entries) entry.items = [];
  }

  private itemsBefore(first: number, end: number): number {
    const { table } = (this.entries[end] as WaitingList).plan.rows;
    let count = 0;
    for (let at = first; at < end; at += 1) {
      const { plan, items } = this.entries[at] as WaitingList;
      if (plan.rows.table === table) count += items.length;
    }
    return count;
  }
}

function newEntry(plan: ListPlan, items: readonly Json[]): WaitingList {
  return {
    plan,
    items,
    row: 0,
    rootRow: 0,
    hashed: false,
    offset: 0,
    inherited: NOTHING,
    taken: 0,
    parentOffset: 0,
    parentLength: 0,
    rootOffset: 0,
    rootLength: 0,
    parentId: undefined,
  };
}

/** Nested rows inherit nothing. */
export const NOTHING: readonly Inherited[] = [];
