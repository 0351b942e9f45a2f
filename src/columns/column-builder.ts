import { columnKind, type Column, type ColumnData, type ColumnKind } from '../core/column-batch.ts';
import type { ColumnSchema } from '../core/schema.ts';
import type { TextHeap } from './text-heap.ts';

const WORDS: Readonly<Record<ColumnKind, number>> = { bool: 0, int64: 2, int128: 4, double: 0, days: 0, bytes: 2 };
const FIRST_CAPACITY = 64;
/** Arrays that a burst of rows made longer than this are let go with the batch that needed them. */
const KEPT_CAPACITY = 1 << 17;
const TWO_32 = 4_294_967_296;

/**
 * One growing column of a batch. Rows are set in order; only the latest may be set again. Rows that
 * are passed over are null, and there is no bitmap while there is no null. Arrays are made when the
 * first value comes, and used again for the next batch.
 */
export class ColumnBuilder {
  /** The column as the batch names it. */
  schema: ColumnSchema;
  readonly kind: ColumnKind;
  /** Text that all rows have: written once a batch. */
  constant: string | undefined = undefined;
  /** Texts so far that had lone surrogates. Never falls. */
  repairedTexts = 0;
  private readonly heap: TextHeap;
  /** Rows from here on are null so far. */
  private next = 0;
  private capacity = 0;
  private firstCapacity = FIRST_CAPACITY;
  private hasNulls = false;
  private validity: Uint8Array = new Uint8Array(0);
  private words: Uint32Array = new Uint32Array(0);
  private doubles: Float64Array = new Float64Array(0);
  private days: Int32Array = new Int32Array(0);
  private flags: Uint8Array = new Uint8Array(0);

  constructor(schema: ColumnSchema, heap: TextHeap) {
    this.schema = schema;
    this.kind = columnKind(schema);
    this.heap = heap;
  }

  /** Sets a text, which is appended to the heap. */
  setText(row: number, text: string): void {
    const { heap } = this;
    const start = heap.length;
    heap.appendText(text);
    this.setView(row, start, heap.length - start);
    if (heap.repaired) {
      heap.repaired = false;
      this.repairedTexts += 1;
    }
  }

  /** Sets bytes, UTF-8 or binary, which are appended to the heap. */
  setBytes(row: number, source: Uint8Array, start = 0, end: number = source.length): void {
    const at = this.heap.length;
    this.heap.appendBytes(source, start, end);
    this.setView(row, at, end - start);
  }

  /** Sets what lies in the heap already. */
  setView(row: number, offset: number, length: number): void {
    if (row >= this.capacity) this.grow(row);
    const { words } = this;
    words[row * 2] = offset;
    words[row * 2 + 1] = length;
    if (row === this.next && !this.hasNulls) this.next = row + 1;
    else this.mark(row);
  }

  /** Sets an int64 from a safe integer. */
  setInteger(row: number, value: number): void {
    if (row >= this.capacity) this.grow(row);
    const { words } = this;
    words[row * 2] = value;
    words[row * 2 + 1] = value === (value | 0) ? value >> 31 : Math.floor(value / TWO_32);
    if (row === this.next && !this.hasNulls) this.next = row + 1;
    else this.mark(row);
  }

  /** Sets an int64 or int128 from an integer within its range. */
  setBigint(row: number, value: bigint): void {
    if (row >= this.capacity) this.grow(row);
    const width = WORDS[this.kind];
    let rest = value;
    for (let i = 0; i < width; i += 1) {
      this.words[row * width + i] = Number(rest & 0xffffffffn);
      rest >>= 32n;
    }
    this.mark(row);
  }

  /** Sets a float64. */
  setDouble(row: number, value: number): void {
    if (row >= this.capacity) this.grow(row);
    this.doubles[row] = value;
    if (row === this.next && !this.hasNulls) this.next = row + 1;
    else this.mark(row);
  }

  /** Sets a bool. */
  setBool(row: number, value: boolean): void {
    if (row >= this.capacity) this.grow(row);
    this.flags[row] = value ? 1 : 0;
    if (row === this.next && !this.hasNulls) this.next = row + 1;
    else this.mark(row);
  }

  /** Sets days since the epoch. */
  setDays(row: number, value: number): void {
    if (row >= this.capacity) this.grow(row);
    this.days[row] = value;
    this.mark(row);
  }

  /** Makes the latest row null, if it was set. */
  unset(row: number): void {
    if (row >= this.next) return;
    if (!this.hasNulls) this.startValidity();
    (this.validity[row >> 3] as number) &= ~(1 << (row & 7));
  }

  /** Forgets the latest row. */
  cancel(row: number): void {
    if (row >= this.next) return;
    if (this.hasNulls) this.unset(row);
    this.next = row;
  }

  /** Where the text of a row starts in the heap. */
  offsetOf(row: number): number {
    return this.words[row * 2] as number;
  }

  /** How many bytes the text of a row has. */
  lengthOf(row: number): number {
    return this.words[row * 2 + 1] as number;
  }

  /** Sets the constant, if there is one, in all rows of a batch. */
  fillConstant(rows: number): void {
    if (this.constant === undefined || rows === 0) return;
    if (rows > this.capacity) this.grow(rows - 1);
    const start = this.heap.length;
    this.heap.appendText(this.constant);
    const length = this.heap.length - start;
    for (let row = 0; row < rows; row += 1) {
      this.words[row * 2] = start;
      this.words[row * 2 + 1] = length;
    }
    this.next = rows;
  }

  /** The column of a batch, or `undefined` when all its rows are null; `heap` has its texts. Starts over. */
  take(rows: number, heap: Uint8Array): Column | undefined {
    if (this.next === 0) return undefined;
    if (rows > this.capacity) this.grow(rows - 1);
    if (!this.hasNulls && this.next < rows) this.startValidity();
    const column = { schema: this.schema, validity: this.hasNulls ? this.validity : undefined, data: this.data(heap) };
    this.next = 0;
    this.hasNulls = false;
    if (this.capacity > KEPT_CAPACITY) this.renew();
    return column;
  }

  /** Starts over with arrays of its own, for about so many rows: a batch that was taken stays readable. */
  renew(expected = 0): void {
    this.capacity = 0;
    this.firstCapacity = Math.max(FIRST_CAPACITY, expected + (expected >> 3));
    this.validity = new Uint8Array(0);
    this.allocate(0);
  }

  private data(heap: Uint8Array): ColumnData {
    switch (this.kind) {
      case 'bool':
        return { kind: 'bool', values: this.flags };
      case 'double':
        return { kind: 'double', values: this.doubles };
      case 'days':
        return { kind: 'days', values: this.days };
      case 'bytes':
        return { kind: 'bytes', views: this.words, heap };
      default:
        return { kind: this.kind, values: this.words };
    }
  }

  /** Notes that a row has a value, and that the rows passed over have none. */
  private mark(row: number): void {
    if (!this.hasNulls) {
      if (row <= this.next) {
        this.next = row + 1;
        return;
      }
      this.startValidity();
    }
    (this.validity[row >> 3] as number) |= 1 << (row & 7);
    this.next = row + 1;
  }

  /** Makes the bitmap: values up to `next`, nulls after it. */
  private startValidity(): void {
    const bytes = (this.capacity + 7) >> 3;
    if (this.validity.length < bytes) this.validity = new Uint8Array(bytes);
    const whole = this.next >> 3;
    this.validity.fill(0xff, 0, whole);
    this.validity.fill(0, whole);
    if ((this.next & 7) !== 0) this.validity[whole] = (1 << (this.next & 7)) - 1;
    this.hasNulls = true;
  }

  /** Makes room for a row. */
  private grow(row: number): void {
    const { words, doubles, days, flags, validity } = this;
    let capacity = Math.max(this.capacity * 2, this.firstCapacity);
    while (capacity <= row) capacity *= 2;
    this.capacity = capacity;
    this.allocate(capacity);
    this.words.set(words);
    this.doubles.set(doubles);
    this.days.set(days);
    this.flags.set(flags);
    if (!this.hasNulls) return;
    this.validity = new Uint8Array((capacity + 7) >> 3);
    this.validity.set(validity);
  }

  private allocate(capacity: number): void {
    const words = WORDS[this.kind];
    if (words > 0) this.words = new Uint32Array(capacity * words);
    else if (this.kind === 'double') this.doubles = new Float64Array(capacity);
    else if (this.kind === 'days') this.days = new Int32Array(capacity);
    else this.flags = new Uint8Array(capacity);
  }
}
