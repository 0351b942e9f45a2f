import type { Column, ColumnBatch } from '../core/column-batch.ts';

/** A value as a batch holds it: microseconds, days and unscaled decimals are numbers. */
export type BatchValue = string | number | bigint | boolean | Uint8Array;

/**
 * The rows of a batch as objects, nulls left out: for readers that are not in a hurry. Wide integers
 * are bigint, texts strings, binary data copies.
 */
export function batchRows(batch: ColumnBatch): Record<string, BatchValue>[] {
  const rows: Record<string, BatchValue>[] = [];
  for (let row = 0; row < batch.rowCount; row += 1) {
    const values: Record<string, BatchValue> = Object.create(null) as Record<string, BatchValue>;
    for (const column of batch.columns) if (isValid(column, row)) values[column.schema.name] = valueAt(column, row);
    rows.push(values);
  }
  return rows;
}

function isValid(column: Column, row: number): boolean {
  return column.validity === undefined || ((column.validity[row >> 3] as number) & (1 << (row & 7))) !== 0;
}

/** The value of a row that is not null. */
export function valueAt(column: Column, row: number): BatchValue {
  const { data } = column;
  switch (data.kind) {
    case 'bool':
      return data.values[row] === 1;
    case 'double':
    case 'days':
      return data.values[row] as number;
    case 'int64':
      return integerAt(data.values, row, 2);
    case 'int128':
      return integerAt(data.values, row, 4);
    default: {
      const start = data.views[row * 2] as number;
      const bytes = data.heap.slice(start, start + (data.views[row * 2 + 1] as number));
      return column.schema.data_type === 'binary' ? Uint8Array.from(bytes) : Buffer.from(bytes).toString('utf8');
    }
  }
}

function integerAt(words: Uint32Array, row: number, width: number): bigint {
  let value = 0n;
  for (let i = width - 1; i >= 0; i -= 1) value = (value << 32n) | BigInt(words[row * width + i] as number);
  return BigInt.asIntN(width * 32, value);
}
