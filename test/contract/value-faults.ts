import type { ColumnData } from '../../src/core/column-batch.ts';
import type { Fault, FaultCase } from './broken-destination.ts';

/** Changes what is written. */
const writing =
  (change: (data: ColumnData) => ColumnData): Fault['transaction'] =>
  (inner) => ({
    write: (batch) => inner.write({ ...batch, columns: batch.columns.map((column) => ({ ...column, data: change(column.data) })) }),
  });

/** The lowest bit of every number is another one. */
function offByOne(data: ColumnData): ColumnData {
  if (data.kind === 'bytes' || data.kind === 'bool') return data;
  const values = data.values.slice();
  const size = { int64: 8, int128: 16, double: 8, days: 4 }[data.kind];
  const bytes = new Uint8Array(values.buffer);
  for (let at = 0; at < bytes.length; at += size) bytes[at] = (bytes[at] as number) ^ 1;
  return { ...data, values } as ColumnData;
}

/** Every text and all binary data lack their last byte. */
function cutShort(data: ColumnData): ColumnData {
  if (data.kind !== 'bytes') return data;
  return { ...data, views: data.views.map((each, i) => (i % 2 === 0 || each === 0 ? each : each - 1)) };
}

/** What may be wrong about values. */
export const VALUE_FAULTS: readonly FaultCase[] = [
  [
    'numbers beside those that were written',
    { transaction: writing(offByOne) },
    [
      /integers up to/,
      /doubles to the last/,
      /decimals of every/,
      /number that is too wide/,
      /moments of the years/,
      /^rounds a/,
      /moment that its/,
    ],
  ],
  [
    'texts without their ends',
    { transaction: writing(cutShort) },
    [/every character/, /JSON documents/, /without NUL/, /NUL characters of JSON/, /10 MB/, /longer than its column/],
  ],
];
