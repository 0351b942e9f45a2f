import type { ColumnSchema } from './schema.ts';

/**
 * Values of one column, by the physical kind that its data type is held in. All arrays are dense:
 * a null row has a slot whose content means nothing. Integers wider than 32 bits are little-endian
 * halves, so that the underlying bytes are those of an int64 or int128 array.
 *
 * | kind     | data types            | values |
 * |----------|-----------------------|--------|
 * | `bool`   | bool                  | 0 or 1 a row |
 * | `int64`  | bigint, timestamp, time | two uint32 a row, low half first; timestamps are µs since the epoch (UTC), times µs since midnight |
 * | `int128` | decimal, wei, bigint of precision 128 | four uint32 a row, low first; decimals unscaled |
 * | `double` | double                | float64 a row |
 * | `days`   | date                  | int32 days since the epoch a row |
 * | `bytes`  | text, json, binary    | view `[offset, length]` (two uint32 a row) into `heap` |
 */
export type ColumnData =
  | { readonly kind: 'bool'; readonly values: Uint8Array }
  | { readonly kind: 'int64'; readonly values: Uint32Array }
  | { readonly kind: 'int128'; readonly values: Uint32Array }
  | { readonly kind: 'double'; readonly values: Float64Array }
  | { readonly kind: 'days'; readonly values: Int32Array }
  | { readonly kind: 'bytes'; readonly views: Uint32Array; readonly heap: Uint8Array };

/** The physical kinds of {@link ColumnData}. */
export type ColumnKind = ColumnData['kind'];

/** One column of a batch. The arrays may be longer than the batch's rows; a heap ends with its last text. */
export interface Column {
  /** The schema's column, complete. */
  readonly schema: ColumnSchema;
  /** A bit a row, least significant first, 1 is a value and 0 is null; `undefined` when all are values. */
  readonly validity: Uint8Array | undefined;
  readonly data: ColumnData;
}

/**
 * Rows of one table as typed columns: what normalize makes and every destination eats. A column of
 * the table that is not listed is null in all rows. Valid until the next batch is asked for: the
 * builder uses the arrays again, unless the destination's capabilities say that it keeps batches.
 */
export interface ColumnBatch {
  readonly table: string;
  readonly rowCount: number;
  readonly columns: readonly Column[];
  /**
   * A bigint a row: the number, within the load, of the root row that it is or belongs to. There where
   * ids of rows are hashes of keys: root rows with one key have one id, which does not tell whose list
   * a nested row is of.
   */
  readonly roots?: Column;
}

/** The physical kind that holds a column's values. */
export function columnKind(column: Pick<ColumnSchema, 'data_type' | 'precision'>): ColumnKind {
  switch (column.data_type) {
    case 'bool':
      return 'bool';
    case 'bigint':
      return (column.precision ?? 64) > 64 ? 'int128' : 'int64';
    case 'timestamp':
    case 'time':
      return 'int64';
    case 'double':
      return 'double';
    case 'decimal':
    case 'wei':
      return 'int128';
    case 'date':
      return 'days';
    default:
      return 'bytes';
  }
}
