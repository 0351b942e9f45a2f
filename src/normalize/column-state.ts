import type { ColumnBuilder } from '../columns/column-builder.ts';
import type { Json } from '../core/json.ts';
import type { ColumnSchema } from '../core/schema.ts';

/** A type whose plain values are set without further ado. Numbers, because every value is compared with one. */
export const Mode = { slow: 0, text: 1, bigint: 2, double: 3, bool: 4, timestamp: 5 } as const;

/** What a place in the data that has values for a column remembers of it, to spare a step for every value. */
export interface ColumnSlot {
  /** Tells the rows of one plan from those of another. */
  readonly owner: object;
  /** Nesting ends here: objects and lists stay whole in any case. */
  readonly isDeepest: boolean;
  mode: number;
  builder: ColumnBuilder | undefined;
  /** Nulls need no attention. */
  ignoresNull: boolean;
  /** Objects and lists stay whole, as JSON. */
  keepsNested: boolean;
}

/** What normalize knows of one column of a table, whether the schema has it or not. */
export interface ColumnState {
  readonly name: string;
  /** The stored column; without a type while only hints know it. */
  schema: ColumnSchema | undefined;
  /** There as soon as a value was set in this run. */
  builder: ColumnBuilder | undefined;
  /** Contract or table filter that keeps values of this name out. */
  filter: 'discard_row' | 'discard_value' | undefined;
  /** Set by normalize itself: a value in the data is only noted. */
  owned: boolean;
  /** Values are noted as they came, always: hashes and propagation need them. */
  watched: boolean;
  /** The value that was noted last, and the row it was in. */
  noted: Json;
  notedIn: number;
  /** The settings want JSON in a column of this name. */
  readonly prefersJson: boolean;
  /** A null came before the column had a type. */
  nullSeen: boolean;
  /** Numbers beyond what a double holds, which became null. */
  nulledNumbers: number;
  /** Where rows have values for this column. */
  slots: ColumnSlot[];
  /** One row may have several values for the column, of which the last counts. */
  crowded: boolean;
}

/** A column that nothing came for yet. */
export function newColumnState(name: string, schema: ColumnSchema | undefined, prefersJson: boolean): ColumnState {
  return {
    name,
    schema,
    builder: undefined,
    filter: undefined,
    owned: false,
    watched: false,
    noted: null,
    notedIn: -1,
    prefersJson,
    nullSeen: false,
    nulledNumbers: 0,
    slots: [],
    crowded: false,
  };
}

/** Adds a place that has values for the column. It is bound once the row that brought it is complete. */
export function addSlot(column: ColumnState, slot: ColumnSlot): void {
  const crowds = !column.crowded && column.slots.some((other) => other.owner === slot.owner);
  column.slots.push(slot);
  slot.keepsNested = keepsNested(column, slot);
  if (!crowds) return;
  column.crowded = true;
  bindSlots(column);
}

/** Brings the slots of a column in step with it, after it changed. */
export function bindSlots(column: ColumnState): void {
  for (const slot of column.slots) bindSlot(column, slot);
}

/** Brings a slot in step with its column. */
export function bindSlot(column: ColumnState, slot: ColumnSlot): void {
  const { schema, builder } = column;
  const simple = !column.owned && !column.watched && !column.crowded && column.filter === undefined;
  slot.builder = builder;
  slot.mode = simple && builder !== undefined ? modeOf(builder) : Mode.slow;
  slot.ignoresNull = simple && (schema?.data_type ? schema.nullable !== false : column.nullSeen);
  slot.keepsNested = keepsNested(column, slot);
}

function keepsNested({ schema, prefersJson }: ColumnState, slot: ColumnSlot): boolean {
  return slot.isDeepest || (schema?.data_type ? schema.data_type === 'json' : prefersJson);
}

function modeOf({ schema, kind }: ColumnBuilder): number {
  switch (schema.data_type) {
    case 'text':
      return Mode.text;
    case 'bigint':
      return kind === 'int64' ? Mode.bigint : Mode.slow;
    case 'double':
      return Mode.double;
    case 'bool':
      return Mode.bool;
    case 'timestamp':
      return Mode.timestamp;
    default:
      return Mode.slow;
  }
}
