import type { DuckDBDataChunk } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import type { Column, ColumnBatch } from '../../core/column-batch.ts';
import { DestinationError } from '../../core/errors.ts';
import type { ColumnSchema } from '../../core/schema.ts';
import { STAGE_ROOT } from '../sql/stage-row.ts';
import { TextViews, type Rows } from './text-views.ts';
import { copyOf, type ValueCopy } from './value-copy.ts';

/** Rows that DuckDB takes at a time. */
export const CHUNK_ROWS = duckdb.vector_size();

/** A column that numbers rows, and the number of the first of them. */
export interface RowNumbers {
  readonly column: string;
  readonly first: bigint;
}

/** Copies rows of column batches into chunks of DuckDB: without a call a value. */
export class ChunkFiller {
  readonly #table: string;
  readonly #schemas: readonly ColumnSchema[];
  readonly #copies: readonly ValueCopy[];
  readonly #texts = new TextViews(CHUNK_ROWS);
  readonly #nulls = new Uint8Array(Math.ceil(CHUNK_ROWS / 8));
  #columns: ReadonlyMap<string, Column> = new Map();

  /** `columns` are those of the chunks, in their order; the table is for errors. */
  constructor(table: string, columns: readonly ColumnSchema[]) {
    this.#table = table;
    this.#schemas = columns;
    this.#copies = columns.map(copyOf);
  }

  /** Takes rows from this batch from now on. It is not changed until another one is, or none. */
  hold(batch: ColumnBatch): void {
    const columns = new Map(batch.columns.map((column) => [column.schema.name, column]));
    if (batch.roots !== undefined) columns.set(STAGE_ROOT, batch.roots);
    this.#columns = columns;
    this.#texts.hold(batch);
  }

  /** Frees what the batch has in native memory: chunks that were filled must be done with. */
  release(): void {
    this.#texts.release();
    this.#columns = new Map();
  }

  /** Makes an empty chunk hold some rows of the batch. What the batch lacks is null. */
  fill(chunk: DuckDBDataChunk, rows: Rows, numbers?: RowNumbers): void {
    chunk.rowCount = rows.count;
    this.#schemas.forEach(({ name }, index) => {
      const vector = duckdb.data_chunk_get_vector(chunk.chunk, index);
      const column = this.#columns.get(name);
      if (column !== undefined) this.#copy(vector, column, { ...rows, index });
      else if (name === numbers?.column) copyRowNumbers(vector, numbers.first, rows.count);
      else setValidity(vector, this.#nulls, { start: 0, count: rows.count });
    });
  }

  #copy(vector: duckdb.Vector, column: Column, { start, count, index }: Rows & { readonly index: number }): void {
    const { data, validity, schema } = column;
    if (validity !== undefined) setValidity(vector, validity, { start, count });
    if (data.kind === 'bytes') {
      this.#texts.write(vector, { ...data, validity }, { start, count });
      return;
    }
    const wrong = (this.#copies[index] as ValueCopy)(vector, column, { start, count });
    if (wrong === undefined) return;
    const table = this.#table;
    throw new DestinationError('value_out_of_range', `A value of ${table}.${schema.name} does not fit the column's type and precision.`, {
      hint: `Give column ${schema.name} a wider precision, or a new name: the type of a column that exists is not changed.`,
      context: { table, column: schema.name },
    });
  }
}

function setValidity(vector: duckdb.Vector, validity: Uint8Array, { start, count }: Rows): void {
  duckdb.vector_ensure_validity_writable(vector);
  const from = validity.byteOffset + (start >> 3);
  duckdb.copy_data_to_vector_validity(vector, 0, validity.buffer as ArrayBuffer, from, (count + 7) >> 3);
}

function copyRowNumbers(vector: duckdb.Vector, first: bigint, count: number): void {
  const numbers = new BigInt64Array(count);
  for (let i = 0; i < count; i += 1) numbers[i] = first + BigInt(i);
  duckdb.copy_data_to_vector(vector, 0, numbers.buffer, 0, numbers.byteLength);
}
