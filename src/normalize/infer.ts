import { parseIsoDatetime } from '../core/iso-datetime.ts';
import { JsonFloat, type Json } from '../core/json.ts';
import type { ColumnSchema, DataType } from '../core/schema.ts';

/** The type that a new column gets from its first value. */
export type InferredType = Readonly<Pick<ColumnSchema, 'precision' | 'scale'>> & { readonly data_type: DataType };

const TEXT: InferredType = { data_type: 'text' };
const TIMESTAMP: InferredType = { data_type: 'timestamp' };
const BOOL: InferredType = { data_type: 'bool' };
const BIGINT: InferredType = { data_type: 'bigint' };
const DOUBLE: InferredType = { data_type: 'double' };
const JSON_TYPE: InferredType = { data_type: 'json' };
const BIG_DECIMAL: InferredType = { data_type: 'decimal', precision: 38, scale: 0 };

const INT64_LIMIT = 2n ** 63n;
const BIG_DECIMAL_LIMIT = 10n ** 38n;

/**
 * The type of a column whose first value this is, which is not null. A text that dlt reads as a
 * timestamp makes a timestamp column. An integer beyond 64 bits makes a `decimal(38,0)`, one of more
 * than 38 digits a text, so that no digit is lost.
 */
export function inferColumn(value: Json): InferredType {
  switch (typeof value) {
    case 'string':
      return parseIsoDatetime(value)?.kind === 'timestamp' ? TIMESTAMP : TEXT;
    case 'number':
      return Number.isInteger(value) ? BIGINT : DOUBLE;
    case 'boolean':
      return BOOL;
    case 'bigint':
      if (value >= -INT64_LIMIT && value < INT64_LIMIT) return BIGINT;
      return value > -BIG_DECIMAL_LIMIT && value < BIG_DECIMAL_LIMIT ? BIG_DECIMAL : TEXT;
    default:
      return value instanceof JsonFloat ? DOUBLE : JSON_TYPE;
  }
}

/** The type that a JSON value has for Python, which names the variant column it goes to: `value__v_bigint`. */
export function pythonTypeName(value: Json): 'text' | 'bigint' | 'double' | 'bool' | 'json' {
  switch (typeof value) {
    case 'string':
      return 'text';
    case 'number':
      return Number.isInteger(value) ? 'bigint' : 'double';
    case 'bigint':
      return 'bigint';
    case 'boolean':
      return 'bool';
    default:
      return value instanceof JsonFloat ? 'double' : 'json';
  }
}
