import { setImmediate as nextTurn } from 'node:timers/promises';
import { DuckDBDataChunk, type DuckDBAppender, type DuckDBConnection } from '@duckdb/node-api';
import type { ColumnBatch } from '../../core/column-batch.ts';
import type { ColumnSchema } from '../../core/schema.ts';
import { CHUNK_ROWS, ChunkFiller, type RowNumbers } from './chunk-filler.ts';
import type { Rows } from './text-views.ts';

/** The appender's buffer is outside DuckDB's memory limit: it is flushed after this many rows or bytes. */
const FLUSH_ROWS = 16_384;
const FLUSH_BYTES = 16 * 1024 * 1024;

/** Where a writer appends. */
export interface WriterTarget {
  readonly connection: DuckDBConnection;
  readonly catalog: string;
  readonly schema: string;
  readonly table: string;
  /** All columns of the table in the database, in its order. */
  readonly columns: readonly ColumnSchema[];
  /** Numbers the rows. */
  readonly rowNumber?: RowNumbers;
}

/** Appends column batches to a table, a chunk of vectors at a time. */
export class TableWriter {
  readonly #target: WriterTarget;
  readonly #appender: DuckDBAppender;
  readonly #chunk: DuckDBDataChunk;
  readonly #filler: ChunkFiller;
  readonly #names: ReadonlySet<string>;
  #nextRow: bigint;
  #pendingRows = 0;
  #pendingBytes = 0;

  private constructor(target: WriterTarget, appender: DuckDBAppender) {
    this.#target = target;
    this.#appender = appender;
    const types = Array.from({ length: appender.columnCount }, (_, i) => appender.columnType(i));
    this.#chunk = DuckDBDataChunk.create(types);
    this.#filler = new ChunkFiller(target.table, target.columns);
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
    const { rowNumber } = this.#target;
    this.#filler.hold(batch);
    for (let start = 0; start < batch.rowCount; start += CHUNK_ROWS) {
      const rows = { start, count: Math.min(CHUNK_ROWS, batch.rowCount - start) };
      this.#chunk.reset();
      this.#filler.fill(this.#chunk, rows, rowNumber && { ...rowNumber, first: this.#nextRow });
      this.#appender.appendDataChunk(this.#chunk);
      this.#nextRow += BigInt(rows.count);
      this.#pendingRows += rows.count;
      this.#pendingBytes += textBytes(batch, rows);
      if (this.#pendingRows < FLUSH_ROWS && this.#pendingBytes < FLUSH_BYTES) continue;
      this.#flush();
      // A flush holds the event loop: let signals and timers through before the next.
      await nextTurn();
    }
    this.#filler.release();
  }

  /** Flushes and frees the appender. Rows that are not flushed at COMMIT would be committed later. */
  close(): void {
    this.#filler.release();
    this.#appender.closeSync();
  }

  /** Frees the appender without the rows that are still in its buffer. */
  discard(): void {
    this.#filler.release();
    this.#appender.clear();
    this.#appender.closeSync();
  }

  #flush(): void {
    this.#appender.flushSync();
    this.#pendingRows = 0;
    this.#pendingBytes = 0;
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
