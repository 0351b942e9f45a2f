import { decimalSize } from '../../core/decimal-size.ts';
import { DestinationError } from '../../core/errors.ts';
import type { ColumnSchema } from '../../core/schema.ts';

/** Digits of a wei column, as dlt takes them when the schema says nothing: room for a 256-bit integer and as many decimals. */
const WEI_PRECISION = 156;
const WEI_SCALE = 78;

/** Most digits of a fraction of a second. */
const MOST_FRACTION = 6;

/** The Postgres type that dlt gives a column, spelled as `format_type()` tells it. */
export function columnType(column: ColumnSchema): string {
  const { precision } = column;
  switch (column.data_type) {
    case 'text':
      return precision === undefined ? 'character varying' : `character varying(${precision})`;
    case 'json':
      return 'jsonb';
    case 'double':
      return 'double precision';
    case 'bool':
      return 'boolean';
    case 'date':
      return 'date';
    case 'binary':
      return 'bytea';
    case 'time':
      return `time${fraction(column)} without time zone`;
    case 'timestamp':
      return `timestamp${fraction(column)} ${(column.timezone ?? true) ? 'with' : 'without'} time zone`;
    case 'bigint':
      return integer(column);
    case 'decimal': {
      const size = decimalSize(column);
      return `numeric(${size.precision},${size.scale})`;
    }
    case 'wei':
      return `numeric(${precision ?? WEI_PRECISION},${column.scale ?? (precision === undefined ? WEI_SCALE : 0)})`;
    default:
      throw new DestinationError('column_without_type', `Column ${column.name} has no data type.`, { context: { column: column.name } });
  }
}

function integer(column: ColumnSchema): string {
  const bits = column.precision ?? 64;
  if (bits <= 16) return 'smallint';
  if (bits <= 32) return 'integer';
  if (bits <= 64) return 'bigint';
  throw tooPrecise(column, 64);
}

function fraction(column: ColumnSchema): string {
  if (column.precision === undefined) return '';
  if (column.precision > MOST_FRACTION) throw tooPrecise(column, MOST_FRACTION);
  return `(${column.precision})`;
}

function tooPrecise({ name, data_type, precision }: ColumnSchema, most: number): DestinationError {
  return new DestinationError('unsupported_precision', `Postgres has no ${data_type} of precision ${precision} for column ${name}.`, {
    hint: `Set the precision of ${name} to at most ${most}.`,
    context: { column: name },
  });
}
