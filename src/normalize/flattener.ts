import { parseIsoDatetime } from '../core/iso-datetime.ts';
import { epochMicros } from '../core/iso-value.ts';
import { JsonFloat, type Json, type JsonObject } from '../core/json.ts';
import type { ColumnBuilder } from '../columns/column-builder.ts';
import { bindSlot, type ColumnState, Mode } from './column-state.ts';
import type { ListStack } from './list-stack.ts';
import { lostNumbers } from './lost-numbers.ts';
import type { Planner } from './planner.ts';
import type { ObjectPlan, Slot } from './row-plan.ts';
import type { ValueWriter } from './value-writer.ts';

/**
 * Lays the values of one row into the columns of its table, and its lists onto the stack of lists. Written
 * for speed: what the plan knows costs a comparison, everything else goes through the value writer.
 *
 * Nested objects wait on a stack until the scalars around them are done, and the last one goes
 * first: where two values go to one column, dlt's order decides which of them stays.
 */
export class Flattener {
  /** Counts rows, so that what was noted of one is not taken for another's. */
  serial = 0;
  private readonly planner: Planner;
  private readonly writer: ValueWriter;
  private readonly lists: ListStack;
  private readonly objects: JsonObject[] = [];
  private readonly plans: ObjectPlan[] = [];
  private depth = 0;
  /**
   * Columns whose value has to wait for the end of the row, because it is only then known to be the
   * last for its column: dlt lets the schema evolve by those that stay.
   */
  private readonly deferred: ColumnState[] = [];
  /** Slots that this row brought. */
  private readonly learned: Slot[] = [];

  constructor(planner: Planner, writer: ValueWriter, lists: ListStack) {
    this.planner = planner;
    this.writer = writer;
    this.lists = lists;
  }

  /** Sets the current row of the plan's table from an object. */
  addObject(plan: ObjectPlan, object: JsonObject): void {
    const row = plan.row.table.builder.rows;
    let at = plan;
    let current = object;
    for (;;) {
      const { slots } = at;
      // Keys mostly come in the order of the row before.
      let expected = 0;
      for (const key in current) {
        let slot = expected < slots.length ? (slots[expected] as Slot) : undefined;
        if (slot === undefined || slot.key !== key) {
          slot = at.byKey.get(key);
          if (slot === undefined) {
            if (!Object.hasOwn(current, key)) continue;
            slot = this.learn(at, key);
          }
        }
        expected = slot.position + 1;
        this.place(slot, current[key], row);
      }
      if (this.depth === 0) break;
      this.depth -= 1;
      at = this.plans[this.depth] as ObjectPlan;
      current = this.objects[this.depth] as JsonObject;
    }
    if (this.deferred.length > 0 || this.learned.length > 0) this.writeDeferred(plan);
  }

  /** Sets the current row of the plan's table from one value, as if it stood under a key. */
  addValue(plan: ObjectPlan, key: string, value: Json): void {
    const first = plan.slots[0];
    const slot = first?.key === key ? first : (plan.byKey.get(key) ?? this.learn(plan, key));
    this.place(slot, value, plan.row.table.builder.rows);
    if (this.depth === 0) {
      this.writeDeferred(plan);
      return;
    }
    this.depth -= 1;
    this.addObject(this.plans[this.depth] as ObjectPlan, this.objects[this.depth] as JsonObject);
  }

  /** Lets go of the data that was on the stack. */
  release(): void {
    this.objects.length = 0;
    this.plans.length = 0;
  }

  private place(slot: Slot, value: Json | undefined, row: number): void {
    const { mode } = slot;
    if (typeof value === 'string') {
      if (mode === Mode.text) {
        (slot.builder as ColumnBuilder).setText(row, value);
        return;
      }
      if (mode === Mode.timestamp) {
        const parsed = parseIsoDatetime(value);
        const micros = parsed?.kind === 'timestamp' ? epochMicros(parsed) : undefined;
        if (typeof micros === 'number') {
          (slot.builder as ColumnBuilder).setInteger(row, micros);
          return;
        }
      }
    } else if (typeof value === 'number') {
      if (mode === Mode.bigint) {
        if (Number.isSafeInteger(value)) {
          (slot.builder as ColumnBuilder).setInteger(row, value);
          return;
        }
      } else if (mode === Mode.double) {
        (slot.builder as ColumnBuilder).setDouble(row, value);
        return;
      }
    } else if (value === null) {
      if (slot.ignoresNull) return;
    } else if (typeof value === 'boolean') {
      if (mode === Mode.bool) {
        (slot.builder as ColumnBuilder).setBool(row, value);
        return;
      }
    } else if (typeof value === 'object' && !slot.keepsNested) {
      if (Array.isArray(value)) {
        this.lists.add(slot.list ?? this.planner.list(slot), value, this.serial);
        return;
      }
      if (value instanceof JsonFloat) {
        if (mode === Mode.double && Number.isFinite(value.value)) {
          (slot.builder as ColumnBuilder).setDouble(row, value.value);
          return;
        }
      } else if (!(value instanceof Date)) {
        this.plans[this.depth] = slot.child ?? this.planner.child(slot);
        this.objects[this.depth] = value;
        this.depth += 1;
        return;
      }
    }
    this.placeSlowly(slot, value);
  }

  private learn(object: ObjectPlan, key: string): Slot {
    const slot = this.planner.slot(object, key);
    this.learned.push(slot);
    return slot;
  }

  private placeSlowly({ column }: Slot, given: Json | Date | undefined): void {
    if (typeof given === 'object' && given !== null && !(given instanceof Date)) column.nulledNumbers += lostNumbers(given);
    if (!column.owned && column.notedIn !== this.serial) this.deferred.push(column);
    column.noted = scalarOf(given);
    column.notedIn = this.serial;
  }

  private writeDeferred({ row: { table } }: ObjectPlan): void {
    for (const column of this.deferred) {
      if (column.crowded) column.builder?.unset(table.builder.rows);
      if (column.noted === null) this.writer.writeNull(table, column);
      else this.writer.write(table, column, column.noted);
    }
    this.deferred.length = 0;
    for (const slot of this.learned) bindSlot(slot.column, slot);
    this.learned.length = 0;
  }
}

/** A value without what JSON does not have: processing steps may put dates and `undefined` into rows. */
function scalarOf(value: Json | Date | undefined): Json {
  if (value === undefined) return null;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  // An integer that is not safe was computed: the parser makes a bigint of those that it reads.
  if (typeof value === 'number') return Number.isInteger(value) && !Number.isSafeInteger(value) ? new JsonFloat(value) : value;
  return value instanceof JsonFloat && !Number.isFinite(value.value) ? null : value;
}
