import { parseIsoDatetime } from '../core/iso-datetime.ts';
import { epochMicros } from '../core/iso-value.ts';
import { JsonFloat, type Json, type JsonObject } from '../core/json.ts';
import type { ColumnBuilder } from '../columns/column-builder.ts';
import { Mode } from './column-state.ts';
import type { ListQueue } from './list-queue.ts';
import { lostNumbers } from './lost-numbers.ts';
import type { Planner } from './planner.ts';
import type { ObjectPlan, Slot } from './row-plan.ts';
import type { ValueWriter } from './value-writer.ts';

/**
 * Lays the values of one row into the columns of its table, and its lists into the queue. Written
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
  private readonly queue: ListQueue;
  private readonly objects: JsonObject[] = [];
  private readonly plans: ObjectPlan[] = [];
  private depth = 0;

  constructor(planner: Planner, writer: ValueWriter, queue: ListQueue) {
    this.planner = planner;
    this.writer = writer;
    this.queue = queue;
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
            slot = this.planner.slot(at, key);
          }
        }
        expected = slot.position + 1;
        this.place(slot, current[key], row);
      }
      if (this.depth === 0) return;
      this.depth -= 1;
      at = this.plans[this.depth] as ObjectPlan;
      current = this.objects[this.depth] as JsonObject;
    }
  }

  /** Sets the current row of the plan's table from one value, as if it stood under a key. */
  addValue(plan: ObjectPlan, key: string, value: Json): void {
    this.place(plan.byKey.get(key) ?? this.planner.slot(plan, key), value, plan.row.table.builder.rows);
    if (this.depth === 0) return;
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
        this.queue.add(slot.list ?? this.planner.list(slot), value, this.serial);
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
    this.placeSlowly(slot, value, row);
  }

  private placeSlowly({ column, object }: Slot, given: Json | Date | undefined, row: number): void {
    const value = scalarOf(given);
    const lost = typeof given === 'object' && given !== null && !(given instanceof Date) ? lostNumbers(given) : 0;
    column.nulledNumbers += lost;
    if (column.owned || column.watched) {
      column.noted = value;
      column.notedIn = this.serial;
      if (column.owned) return;
    }
    if (column.crowded) {
      column.builder?.unset(row);
      for (const variant of column.variants) variant.builder?.unset(row);
    }
    if (value === null) this.writer.writeNull(object.row.table, column);
    else this.writer.write(object.row.table, column, value);
  }
}

/** A value without what JSON does not have: processing steps may put dates and `undefined` into rows. */
function scalarOf(value: Json | Date | undefined): Json {
  if (value === undefined) return null;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  return value instanceof JsonFloat && !Number.isFinite(value.value) ? null : value;
}
