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
}

/** Lists in the order to take them. Entries are used again: a row allocates none. */
export class ListQueue {
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
    if (entry === undefined) this.entries.push({ plan, items, row: 0, rootRow: 0, hashed: false, offset: 0, inherited: NOTHING });
    else {
      entry.plan = plan;
      entry.items = items;
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

/** Nested rows inherit nothing. */
export const NOTHING: readonly Inherited[] = [];
