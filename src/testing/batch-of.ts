import { columnKind, type Column, type ColumnBatch, type ColumnData } from '../core/column-batch.ts';
import type { ColumnSchema, TableSchema } from '../core/schema.ts';

/** A value as `ColumnData` holds it: microseconds, days and unscaled decimals are integers. */
export type CellValue = string | number | bigint | boolean | Uint8Array | null | undefined;

/** The root row's number of a row, for `batchOf`. It is no column. */
export const ROOT = Symbol('root');

/** Rows by column name; null or left out is null. */
export type BatchRow = Readonly<Record<string, CellValue>> & { readonly [ROOT]?: number };

/** A batch of rows, for tests. It has the columns of the table that some row has a value for. */
export function batchOf(table: TableSchema, rows: readonly BatchRow[]): ColumnBatch {
  const columns = Object.values(table.columns)
    .map((schema) =>
      columnOf(
        schema,
        rows.map((row) => row[schema.name] ?? null),
      ),
    )
    .filter((column) => column !== undefined);
  const roots = columnOf(
    { name: 'root', data_type: 'bigint' },
    rows.map((row) => row[ROOT] ?? null),
  );
  return { table: table.name, rowCount: rows.length, columns, ...(roots && { roots }) };
}

function columnOf(schema: ColumnSchema, values: readonly CellValue[]): Column | undefined {
  if (schema.data_type === undefined || values.every((value) => value === null)) return undefined;
  const validity = new Uint8Array(Math.ceil(values.length / 8));
  values.forEach((value, row) => {
    if (value !== null) validity[row >> 3] = (validity[row >> 3] as number) | (1 << (row & 7));
  });
  return { schema, validity: values.includes(null) ? validity : undefined, data: dataOf(schema, values) };
}

function dataOf(schema: ColumnSchema, values: readonly CellValue[]): ColumnData {
  const kind = columnKind(schema);
  switch (kind) {
    case 'bool':
      return { kind, values: Uint8Array.from(values, (value) => (value ? 1 : 0)) };
    case 'double':
      return { kind, values: Float64Array.from(values, (value) => Number(value ?? 0)) };
    case 'days':
      return { kind, values: Int32Array.from(values, (value) => Number(value ?? 0)) };
    case 'int64':
      return { kind, values: new Uint32Array(BigInt64Array.from(values, integer).buffer) };
    case 'int128': {
      const halves = values.flatMap((value) => [BigInt.asIntN(64, integer(value)), integer(value) >> 64n]);
      return { kind, values: new Uint32Array(BigInt64Array.from(halves).buffer) };
    }
    default: {
      const texts = values.map((value) => (value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(String(value ?? ''))));
      const views = new Uint32Array(values.length * 2);
      let offset = 0;
      texts.forEach((text, row) => {
        views.set([offset, text.length], row * 2);
        offset += text.length;
      });
      return { kind, views, heap: Buffer.concat(texts) };
    }
  }
}

function integer(value: CellValue): bigint {
  return typeof value === 'bigint' ? value : BigInt(Number(value ?? 0));
}
