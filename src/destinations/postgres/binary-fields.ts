import type { Column } from '../../core/column-batch.ts';
import { withoutNul } from './binary-json.ts';
import { binaryNumerics, type BytesOfRows } from './binary-numeric.ts';
import type { WireType } from './wire-type.ts';

/** A column of a batch and how its values are sent. */
export interface Field {
  readonly column: Column;
  readonly wire: WireType;
}

/** A range of rows that are encoded together. */
export interface Block {
  readonly start: number;
  readonly count: number;
}

/** Where the rows of a block are written to: `at` is the next position of each. */
export interface RowTarget {
  readonly bytes: Buffer;
  readonly view: DataView;
  readonly at: Uint32Array;
}

/** A field's values in one block. */
export interface BlockField {
  /** Adds the bytes of each row. */
  measure(sizes: Uint32Array): void;
  /** Writes rows `from` to `to` of the block. Returns the row whose value does not fit, if there is one. */
  write(target: RowTarget, from: number, to: number): number | undefined;
}

/** Bytes of a value; those of variable length have none. */
const WIDTH: Readonly<Partial<Record<WireType, number>>> = {
  bool: 1,
  int2: 2,
  int4: 4,
  int8: 8,
  float8: 8,
  date: 4,
  time: 8,
  timestamp: 8,
};

const NULL = -1;
/** Postgres counts from 2000-01-01. */
const EPOCH_DAYS = 10_957;
/** Microseconds from 1970 to 2000, as the halves of an int64. */
const EPOCH_LOW = Number(946_684_800_000_000n & 0xffffffffn);
const EPOCH_HIGH = Number(946_684_800_000_000n >> 32n);
/** Shorter texts are copied faster in a loop than by a call into the runtime. */
const LOOP_BYTES = 48;
const JSONB_VERSION = 1;

/** Makes the values of a field in a block ready to be written. */
export function blockField({ column, wire }: Field, block: Block): BlockField {
  const width = WIDTH[wire];
  if (width !== undefined) return fixedField(column, block, { wire, width });
  return bytesField(column, block, wire);
}

function isNullAt(validity: Uint8Array | undefined, row: number): boolean {
  return validity !== undefined && ((validity[row >> 3] as number) & (1 << (row & 7))) === 0;
}

/** Writes one value at a position; false when it does not fit. */
type ValueWriter = (view: DataView, at: number, row: number) => boolean;

function fixedField({ data, validity }: Column, { start, count }: Block, type: { wire: WireType; width: number }): BlockField {
  const { wire, width } = type;
  const value = valueWriter(data, wire);
  return {
    measure(sizes) {
      for (let i = 0; i < count; i += 1) sizes[i] = (sizes[i] as number) + (isNullAt(validity, start + i) ? 4 : 4 + width);
    },
    write({ view, at }, from, to) {
      for (let i = from; i < to; i += 1) {
        const position = at[i] as number;
        if (isNullAt(validity, start + i)) {
          view.setInt32(position, NULL);
          at[i] = position + 4;
          continue;
        }
        view.setInt32(position, width);
        if (!value(view, position + 4, start + i)) return start + i;
        at[i] = position + 4 + width;
      }
      return undefined;
    },
  };
}

function valueWriter(data: Column['data'], wire: WireType): ValueWriter {
  switch (data.kind) {
    case 'bool':
      return (view, at, row) => (view.setUint8(at, data.values[row] as number), true);
    case 'double':
      return (view, at, row) => (view.setFloat64(at, data.values[row] as number), true);
    case 'days':
      return (view, at, row) => (view.setInt32(at, (data.values[row] as number) - EPOCH_DAYS), true);
    case 'int64':
      return integerWriter(data.values, wire);
    default:
      return () => false;
  }
}

function integerWriter(words: Uint32Array, wire: WireType): ValueWriter {
  if (wire === 'int2' || wire === 'int4') {
    const isShort = wire === 'int2';
    return (view, at, row) => {
      const low = (words[row * 2] as number) | 0;
      const fits = (words[row * 2 + 1] as number) === (low < 0 ? 0xffffffff : 0) && (!isShort || low === (low << 16) >> 16);
      if (isShort) view.setInt16(at, low);
      else view.setInt32(at, low);
      return fits;
    };
  }
  if (wire !== 'timestamp') {
    return (view, at, row) => {
      view.setUint32(at, words[row * 2 + 1] as number);
      view.setUint32(at + 4, words[row * 2] as number);
      return true;
    };
  }
  return (view, at, row) => {
    const low = words[row * 2] as number;
    view.setUint32(at, (words[row * 2 + 1] as number) - EPOCH_HIGH - (low < EPOCH_LOW ? 1 : 0));
    view.setUint32(at + 4, low - EPOCH_LOW);
    return true;
  };
}

function bytesField(column: Column, { start, count }: Block, wire: WireType): BlockField {
  const { validity } = column;
  const { views, heap, first } = bytesOf(column, { start, count }, wire);
  const words = new DataView(heap.buffer, heap.byteOffset, heap.byteLength);
  const extra = wire === 'jsonb' ? 1 : 0;
  return {
    measure(sizes) {
      for (let i = 0; i < count; i += 1) {
        const length = isNullAt(validity, start + i) ? 0 : (views[(first + i) * 2 + 1] as number) + extra;
        sizes[i] = (sizes[i] as number) + 4 + length;
      }
    },
    write({ bytes, view, at }, from, to) {
      for (let i = from; i < to; i += 1) {
        let position = at[i] as number;
        if (isNullAt(validity, start + i)) {
          view.setInt32(position, NULL);
          at[i] = position + 4;
          continue;
        }
        const offset = views[(first + i) * 2] as number;
        const length = views[(first + i) * 2 + 1] as number;
        view.setInt32(position, length + extra);
        position += 4;
        if (extra === 1) {
          bytes[position] = JSONB_VERSION;
          position += 1;
        }
        if (length > LOOP_BYTES) bytes.set(heap.subarray(offset, offset + length), position);
        else {
          let k = 0;
          for (; k + 4 <= length; k += 4) view.setUint32(position + k, words.getUint32(offset + k));
          for (; k < length; k += 1) bytes[position + k] = heap[offset + k] as number;
        }
        at[i] = position + length;
      }
      return undefined;
    },
  };
}

/** The bytes that a field sends, from view `first` on. */
function bytesOf(column: Column, { start, count }: Block, wire: WireType): BytesOfRows & { readonly first: number } {
  if (wire === 'numeric') return { ...binaryNumerics(column, start, count), first: 0 };
  const clean = wire === 'jsonb' ? withoutNul(column, start, count) : undefined;
  if (clean !== undefined) return { ...clean, first: 0 };
  if (column.data.kind !== 'bytes') throw new TypeError(`no bytes in ${column.schema.name}`);
  return { views: column.data.views, heap: column.data.heap, first: start };
}
