import duckdb from '@duckdb/node-bindings';
import type { ColumnBatch } from '../../core/column-batch.ts';

/** DuckDB keeps texts up to this many bytes inside their 16-byte view. */
const INLINE_BYTES = 12;
const WORDS_PER_VIEW = 4;
const TWO_32 = 4_294_967_296;

/** A batch's text, valid rows only: `views` into a heap, see `ColumnData`. */
interface TextColumn {
  readonly views: Uint32Array;
  readonly heap: Uint8Array;
  readonly validity: Uint8Array | undefined;
}

/** A range of rows that goes into one vector. */
export interface Rows {
  readonly start: number;
  readonly count: number;
}

/**
 * Gives texts to DuckDB without a call a value. A view of DuckDB is a length, the first four bytes
 * and a pointer. The heap of a batch is copied into native memory once, as one big blob; its own
 * view tells where it lies, and the views of all texts point into it. DuckDB copies what they
 * point at when a chunk is appended, so the heap must stay only until then.
 */
export class TextViews {
  readonly #holder = duckdb.create_data_chunk([duckdb.create_logical_type(duckdb.Type.BLOB)]);
  readonly #words: Uint32Array<ArrayBuffer>;
  readonly #bytes: Uint8Array<ArrayBuffer>;
  /** Address of the first byte of a heap; 0 where no text needs it. */
  #address = new Map<Uint8Array, number>();

  constructor(rowsPerChunk: number) {
    const memory = new ArrayBuffer(rowsPerChunk * WORDS_PER_VIEW * 4);
    this.#words = new Uint32Array(memory);
    this.#bytes = new Uint8Array(memory);
  }

  /** Copies the heaps of a batch into native memory and lets go of the batch before. */
  hold(batch: ColumnBatch): void {
    const heaps = new Set(
      batch.columns.flatMap(({ data }) => (data.kind === 'bytes' && data.heap.length > INLINE_BYTES ? [data.heap] : [])),
    );
    this.release();
    const vector = duckdb.data_chunk_get_vector(this.#holder, 0);
    for (const heap of heaps) {
      // The vector keeps every value that it was ever given until it is reset: one slot serves all heaps.
      duckdb.vector_assign_string_element_len(vector, 0, heap);
      const view = duckdb.vector_get_data(vector, WORDS_PER_VIEW * 4);
      const words = new DataView(view.buffer, view.byteOffset);
      this.#address.set(heap, words.getUint32(8, true) + words.getUint32(12, true) * TWO_32);
    }
  }

  /** Frees the native copies. */
  release(): void {
    duckdb.data_chunk_reset(this.#holder);
    this.#address = new Map();
  }

  /** Writes the views of some rows. Null rows become empty texts. */
  write(vector: duckdb.Vector, column: TextColumn, { start, count }: Rows): void {
    const { views, heap, validity } = column;
    const words = this.#words;
    const bytes = this.#bytes;
    const address = this.#address.get(heap) ?? 0;
    for (let i = 0, row = start, at = 0; i < count; i += 1, row += 1, at += WORDS_PER_VIEW) {
      const isNull = validity !== undefined && ((validity[row >> 3] as number) & (1 << (row & 7))) === 0;
      const offset = views[row * 2] as number;
      const length = isNull ? 0 : (views[row * 2 + 1] as number);
      words[at] = length;
      if (length > INLINE_BYTES) {
        const pointer = address + offset;
        words[at + 1] =
          (heap[offset] as number) |
          ((heap[offset + 1] as number) << 8) |
          ((heap[offset + 2] as number) << 16) |
          ((heap[offset + 3] as number) << 24);
        words[at + 2] = pointer;
        words[at + 3] = pointer / TWO_32;
      } else {
        words[at + 1] = 0;
        words[at + 2] = 0;
        words[at + 3] = 0;
        const first = at * 4 + 4;
        for (let k = 0; k < length; k += 1) bytes[first + k] = heap[offset + k] as number;
      }
    }
    duckdb.copy_data_to_vector(vector, 0, bytes.buffer, 0, count * WORDS_PER_VIEW * 4);
  }
}
