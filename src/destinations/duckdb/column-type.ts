import { decimalSize } from '../../core/decimal-size.ts';
import { DestinationError } from '../../core/errors.ts';
import type { ColumnSchema } from '../../core/schema.ts';

/** Most digits of a decimal. */
const MOST_DIGITS = 38;

/** The DuckDB type that dlt gives a column, spelled as `duckdb_columns()` tells it. */
export function columnType(column: ColumnSchema): string {
  switch (column.data_type) {
    case 'text':
      return 'VARCHAR';
    case 'json':
      return 'JSON';
    case 'double':
      return 'DOUBLE';
    case 'bool':
      return 'BOOLEAN';
    case 'date':
      return 'DATE';
    case 'time':
      return 'TIME';
    case 'binary':
      return 'BLOB';
    case 'decimal':
    case 'wei':
      return decimal(column);
    case 'bigint':
      return sized(column, [8, 'TINYINT'], [16, 'SMALLINT'], [32, 'INTEGER'], [64, 'BIGINT'], [128, 'HUGEINT']) ?? 'BIGINT';
    case 'timestamp':
      if (column.timezone ?? true) return 'TIMESTAMP WITH TIME ZONE';
      return sized(column, [0, 'TIMESTAMP_S'], [3, 'TIMESTAMP_MS'], [6, 'TIMESTAMP'], [9, 'TIMESTAMP_NS']) ?? 'TIMESTAMP';
    default:
      throw new DestinationError('column_without_type', `Column ${column.name} has no data type.`, { context: { column: column.name } });
  }
}

function decimal(column: ColumnSchema): string {
  const { precision, scale } = decimalSize(column);
  if (precision > MOST_DIGITS) throw tooPrecise(column, MOST_DIGITS);
  return `DECIMAL(${precision},${scale})`;
}

/** The first type that is wide enough; `undefined` when the column says nothing of precision. */
function sized(column: ColumnSchema, ...types: readonly (readonly [number, string])[]): string | undefined {
  const { precision } = column;
  if (precision === undefined) return undefined;
  const found = types.find(([limit]) => precision <= limit);
  if (found !== undefined) return found[1];
  throw tooPrecise(column, types.at(-1)?.[0]);
}

function tooPrecise({ name, data_type, precision }: ColumnSchema, most: number | undefined): DestinationError {
  return new DestinationError('unsupported_precision', `DuckDB has no ${data_type} of precision ${precision} for column ${name}.`, {
    hint: `Set the precision of ${name} to at most ${most}.`,
    context: { column: name },
  });
}
