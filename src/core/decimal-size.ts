import type { ColumnSchema } from './schema.ts';

/** Precision and scale of a decimal or wei column: its hints, or dlt's `decimal(38,9)` and `wei(38,0)`. */
export function decimalSize(column: Pick<ColumnSchema, 'data_type' | 'precision' | 'scale'>): {
  readonly precision: number;
  readonly scale: number;
} {
  return { precision: column.precision ?? 38, scale: column.scale ?? (column.data_type === 'wei' ? 0 : 9) };
}
