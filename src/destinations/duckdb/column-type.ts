import { DestinationError } from '../../core/errors.ts';
import type { ColumnSchema } from '../../core/schema.ts';

/** Digits of a decimal column, as dlt takes them when the schema says nothing. */
const DECIMAL_PRECISION = 38;
const DECIMAL_SCALE = 9;

/** The DuckDB type that dlt gives a column, spelled as `duckdb_columns()` tells it. */
export function columnType(column: ColumnSchema): string {
  const { precision } = column;
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
      return `DECIMAL(${precision ?? DECIMAL_PRECISION},${column.scale ?? DECIMAL_SCALE})`;
    case 'wei':
      return `DECIMAL(${precision ?? DECIMAL_PRECISION},${column.scale ?? 0})`;
    case 'bigint':
      return sized(column, [8, 'TINYINT'], [16, 'SMALLINT'], [32, 'INTEGER'], [64, 'BIGINT'], [128, 'HUGEINT']) ?? 'BIGINT';
    case 'timestamp':
      if (column.timezone ?? true) return 'TIMESTAMP WITH TIME ZONE';
      return sized(column, [0, 'TIMESTAMP_S'], [3, 'TIMESTAMP_MS'], [6, 'TIMESTAMP'], [9, 'TIMESTAMP_NS']) ?? 'TIMESTAMP';
    default:
      throw new DestinationError('column_without_type', `Column ${column.name} has no data type.`, { context: { column: column.name } });
  }
}

/** The first type that is wide enough; `undefined` when the column says nothing of precision. */
function sized(column: ColumnSchema, ...types: readonly (readonly [number, string])[]): string | undefined {
  const { precision } = column;
  if (precision === undefined) return undefined;
  const found = types.find(([limit]) => precision <= limit);
  if (found !== undefined) return found[1];
  throw new DestinationError(
    'unsupported_precision',
    `DuckDB has no ${column.data_type} of precision ${precision} for column ${column.name}.`,
    {
      hint: `Set the precision of ${column.name} to at most ${types.at(-1)?.[0]}.`,
      context: { column: column.name },
    },
  );
}
