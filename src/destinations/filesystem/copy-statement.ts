import type { ColumnSchema } from '../../core/schema.ts';
import { quoteName as q, quoteText } from '../sql/quote.ts';
import type { FileKind } from './file-format.ts';

/** Rows of a row group: what DuckDB and others read at a time and skip by. */
const ROW_GROUP_ROWS = 122_880;

/** Parts the columns of texts that have none: JSON never holds it. */
const NEVER = String.raw`E'\x01'`;

/** The statement that writes the rows of a table in DuckDB to a file. */
export function copyStatement(table: string, columns: readonly ColumnSchema[], { path, kind }: { path: string; kind: FileKind }): string {
  const { format, compression } = kind;
  const codec = compression === 'none' ? 'uncompressed' : compression;
  const copy = (list: string, options: string): string =>
    `COPY (SELECT ${list} FROM ${table}) TO ${quoteText(path)} (${options}, COMPRESSION ${codec})`;
  switch (format) {
    case 'parquet':
      return copy(
        columns.map((column) => named(parquetValue(column), column)).join(', '),
        `FORMAT parquet, ROW_GROUP_SIZE ${ROW_GROUP_ROWS}`,
      );
    case 'csv':
      return copy(columns.map((column) => named(textValue(column, ' '), column)).join(', '), 'FORMAT csv, HEADER true');
    default:
      return copy(jsonRow(columns), `FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER ${NEVER}`);
  }
}

/** The expression for a row as a JSON object. DuckDB's own writes nulls too, and numbers where dlt writes texts. */
export function jsonRow(columns: readonly ColumnSchema[]): string {
  return `'{' || concat_ws(',', ${columns.map(jsonMember).join(', ')}) || '}'`;
}

const named = (value: string, column: ColumnSchema): string => `${value} AS ${q(column.name)}`;

/** As dlt stores it: JSON is text. Parquet has no integers of 128 bits. */
function parquetValue(column: ColumnSchema): string {
  const name = q(column.name);
  if (column.data_type === 'json') return `CAST(${name} AS VARCHAR)`;
  if (column.data_type === 'bigint' && (column.precision ?? 64) > 64) return `CAST(${name} AS DECIMAL(38,0))`;
  return name;
}

/** Times in ISO form; `separator` parts date and time. */
function textValue(column: ColumnSchema, separator: string): string {
  const name = q(column.name);
  if (column.data_type !== 'timestamp') return name;
  const format = quoteText(`%Y-%m-%d${separator}%H:%M:%S.%f`);
  if (column.timezone ?? true) return `strftime(${name} AT TIME ZONE 'UTC', ${format}) || '+00:00'`;
  return `strftime(CAST(${name} AS TIMESTAMP), ${format})`;
}

/** `"name":value`; null where there is no value. */
function jsonMember(column: ColumnSchema): string {
  return `${quoteText(`${JSON.stringify(column.name)}:`)} || ${jsonValue(column)}`;
}

function jsonValue(column: ColumnSchema): string {
  const name = q(column.name);
  switch (column.data_type) {
    case 'json':
    case 'bool':
    case 'bigint':
      return `CAST(${name} AS VARCHAR)`;
    case 'double':
      // JSON has neither infinities nor NaN.
      return `CASE WHEN isfinite(${name}) THEN CAST(${name} AS VARCHAR) ELSE CASE WHEN ${name} IS NOT NULL THEN 'null' END END`;
    case 'text':
      return `CAST(to_json(${name}) AS VARCHAR)`;
    case 'binary':
      return `'"' || base64(${name}) || '"'`;
    case 'timestamp':
      return `'"' || ${textValue(column, 'T')} || '"'`;
    default:
      return `'"' || CAST(${name} AS VARCHAR) || '"'`;
  }
}
