import type { Column, ColumnBatch, ColumnData } from '../../src/core/column-batch.ts';
import type { Fault, FaultCase } from './broken-destination.ts';

/** Changes what is written. */
const writing =
  (change: (data: ColumnData) => ColumnData, nulls = (validity: Column['validity']) => validity): Fault['transaction'] =>
  (inner) => ({
    write: (batch) =>
      inner.write({
        ...batch,
        columns: batch.columns.map((column) => ({ ...column, validity: nulls(column.validity), data: change(column.data) })),
      }),
  });

const asItIs = (data: ColumnData): ColumnData => data;
const isOfEveryTable = ({ schema }: Column): boolean => schema.name.startsWith('_dlt_');

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
  ['a null too many', { transaction: writing(asItIs, (validity) => validity?.map((bits) => bits & 0xfe)) }, [/^keeps nulls/]],
  [
    'batches that are kept until the end',
    {
      transaction: (inner) => {
        const kept: ColumnBatch[] = [];
        return {
          write: async (batch) => void kept.push(batch),
          commit: async (final) => {
            for (const batch of kept) await inner.write(batch);
            await inner.commit(final);
          },
        };
      },
    },
    [/^keeps no batch/],
  ],
  [
    'rows that reach another table too',
    {
      transaction: (inner) => ({
        write: async (batch) => {
          await inner.write(batch);
          if (batch.table !== 'items') await inner.write({ ...batch, table: 'items', columns: batch.columns.filter(isOfEveryTable) });
        },
      }),
    },
    [/^takes names/],
  ],
];
