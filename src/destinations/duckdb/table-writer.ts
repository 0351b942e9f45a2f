import { setImmediate as nextTurn } from 'node:timers/promises';
import { DuckDBDataChunk, type DuckDBAppender, type DuckDBConnection } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import type { Column, ColumnBatch } from '../../core/column-batch.ts';
import type { ColumnSchema } from '../../core/schema.ts';
import { DestinationError } from '../../core/errors.ts';
import { STAGE_ROOT } from '../sql/stage-row.ts';
import { TextViews, type Rows } from './text-views.ts';
import { copyOf, type ValueCopy } from './value-copy.ts';

/** The appender's buffer is outside DuckDB's memory limit: it is flushed after this many rows or bytes. */
const FLUSH_ROWS = 8192;
const FLUSH_BYTES = 16 * 1024 * 1024;

/** Where a writer appends. */
export interface WriterTarget {
  readonly connection: DuckDBConnection;
  readonly catalog: string;
  readonly schema: string;
  readonly table: string;
  /** All columns of the table in the database, in its order. */
  readonly columns: readonly ColumnSchema[];
  /** Column that numbers the rows, and the number of the first one. */
  readonly rowNumber?: { readonly column: string; readonly first: bigint };
}

/** Appends column batches to a table, a chunk of vectors at a time. */
export class TableWriter {
  readonly #target: WriterTarget;
  readonly #appender: DuckDBAppender;
  readonly #chunk: DuckDBDataChunk;
  readonly #copies: readonly ValueCopy[];
  readonly #chunkRows = duckdb.vector_size();
  readonly #texts = new TextViews(this.#chunkRows);
  readonly #nulls = new ArrayBuffer(Math.ceil(this.#chunkRows / 8));
  readonly #names: ReadonlySet<string>;
  #nextRow: bigint;
  #pendingRows = 0;
  #pendingBytes = 0;

  private constructor(target: WriterTarget, appender: DuckDBAppender) {
    this.#target = target;
    this.#appender = appender;
    const types = Array.from({ length: appender.columnCount }, (_, i) => appender.columnType(i));
    this.#chunk = DuckDBDataChunk.create(types);
    this.#copies = target.columns.map(copyOf);
    this.#names = new Set(target.columns.map((column) => column.name));
    this.#nextRow = target.rowNumber?.first ?? 0n;
  }

  /** Opens an appender. The table must keep its columns until the writer is closed. */
  static async open(target: WriterTarget): Promise<TableWriter> {
    return new TableWriter(target, await target.connection.createAppender(target.table, target.schema, target.catalog));
  }

  /** The number that the next row gets. */
  get nextRow(): bigint {
    return this.#nextRow;
  }

  /** True when the table has the column. */
  takes(column: string): boolean {
    return this.#names.has(column);
  }

  /** Appends the rows. The batch is not needed afterwards. */
  async write(batch: ColumnBatch): Promise<void> {
    const columns = new Map(batch.columns.map((column) => [column.schema.name, column]));
    if (batch.roots !== undefined) columns.set(STAGE_ROOT, batch.roots);
    this.#texts.hold(batch);
    for (let start = 0; start < batch.rowCount; start += this.#chunkRows) {
      const rows = { start, count: Math.min(this.#chunkRows, batch.rowCount - start) };
      this.#fill(columns, rows);
      this.#appender.appendDataChunk(this.#chunk);
      this.#nextRow += BigInt(rows.count);
      this.#pendingRows += rows.count;
      this.#pendingBytes += textBytes(batch, rows);
      if (this.#pendingRows < FLUSH_ROWS && this.#pendingBytes < FLUSH_BYTES) continue;
      this.#flush();
      // A flush holds the event loop: let signals and timers through before the next.
      await nextTurn();
    }
    this.#texts.release();
  }

  /** Flushes and frees the appender. Rows that are not flushed at COMMIT would be committed later. */
  close(): void {
    this.#texts.release();
    this.#appender.closeSync();
  }

  /** Frees the appender without the rows that are still in its buffer. */
  discard(): void {
    this.#texts.release();
    this.#appender.clear();
    this.#appender.closeSync();
  }

  #flush(): void {
    this.#appender.flushSync();
    this.#pendingRows = 0;
    this.#pendingBytes = 0;
  }

  /** Makes the chunk hold a range of the batch's rows. */
  #fill(columns: ReadonlyMap<string, Column>, rows: Rows): void {
    this.#chunk.reset();
    this.#target.columns.forEach((schema, index) => {
      const vector = duckdb.data_chunk_get_vector(this.#chunk.chunk, index);
      const column = columns.get(schema.name);
      if (column !== undefined) this.#copy(vector, column, { ...rows, index });
      else if (schema.name === this.#target.rowNumber?.column) this.#copyRowNumbers(vector, rows.count);
      else this.#setValidity(vector, new Uint8Array(this.#nulls), { start: 0, count: rows.count });
    });
    this.#chunk.rowCount = rows.count;
  }

  #copy(vector: duckdb.Vector, column: Column, { start, count, index }: Rows & { readonly index: number }): void {
    const { data, validity, schema } = column;
    if (validity !== undefined) this.#setValidity(vector, validity, { start, count });
    if (data.kind === 'bytes') {
      this.#texts.write(vector, { ...data, validity }, { start, count });
      return;
    }
    const wrong = (this.#copies[index] as ValueCopy)(vector, column, { start, count });
    if (wrong === undefined) return;
    const table = this.#target.table;
    throw new DestinationError('value_out_of_range', `A value of ${table}.${schema.name} does not fit the column's type and precision.`, {
      hint: `Give column ${schema.name} a wider precision, or a new name: the type of a column that exists is not changed.`,
      context: { table, column: schema.name },
    });
  }

  #setValidity(vector: duckdb.Vector, validity: Uint8Array, { start, count }: Rows): void {
    duckdb.vector_ensure_validity_writable(vector);
    const from = validity.byteOffset + (start >> 3);
    duckdb.copy_data_to_vector_validity(vector, 0, validity.buffer as ArrayBuffer, from, (count + 7) >> 3);
  }

  #copyRowNumbers(vector: duckdb.Vector, count: number): void {
    const numbers = new BigInt64Array(count);
    for (let i = 0; i < count; i += 1) numbers[i] = this.#nextRow + BigInt(i);
    duckdb.copy_data_to_vector(vector, 0, numbers.buffer, 0, numbers.byteLength);
  }
}

/** Bytes of text that some rows bring; shared and overlapping views count each time. */
function textBytes(batch: ColumnBatch, { start, count }: Rows): number {
  let sum = 0;
  for (const { data } of batch.columns) {
    if (data.kind !== 'bytes') continue;
    for (let row = start; row < start + count; row += 1) sum += data.views[row * 2 + 1] as number;
  }
  return sum;
}
