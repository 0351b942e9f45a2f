import type { ColumnBatch } from '../../core/column-batch.ts';

const BYTES_PER_VALUE = { bool: 1, days: 4, int64: 8, double: 8, int128: 16, bytes: 16 } as const;

/** About as many bytes as the rows of a batch take in memory. */
export function batchBytes({ columns, rowCount }: ColumnBatch): number {
  let sum = 0;
  for (const { data } of columns) {
    sum += BYTES_PER_VALUE[data.kind] * rowCount;
    if (data.kind !== 'bytes') continue;
    for (let row = 0; row < rowCount; row += 1) sum += data.views[row * 2 + 1] as number;
  }
  return sum;
}
