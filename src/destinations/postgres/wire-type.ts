import type { ColumnSchema } from '../../core/schema.ts';
import { columnType } from './column-type.ts';

/** How a value travels in COPY BINARY. */
export type WireType = 'bool' | 'int2' | 'int4' | 'int8' | 'float8' | 'date' | 'time' | 'timestamp' | 'numeric' | 'bytes' | 'jsonb';

const WIRE: Readonly<Record<string, WireType>> = {
  boolean: 'bool',
  smallint: 'int2',
  integer: 'int4',
  bigint: 'int8',
  'double precision': 'float8',
  date: 'date',
  'time without time zone': 'time',
  'timestamp with time zone': 'timestamp',
  'timestamp without time zone': 'timestamp',
  numeric: 'numeric',
  'character varying': 'bytes',
  text: 'bytes',
  bytea: 'bytes',
  jsonb: 'jsonb',
};

/** Types that take each other's values. */
const ALIKE: readonly ReadonlySet<string>[] = [new Set(['text', 'character varying']), new Set(['smallint', 'integer', 'bigint'])];

/**
 * How values of a column are sent into one of the database's, whose type may be another than dlt's;
 * `undefined` when the database has to convert them.
 */
export function wireType(column: ColumnSchema, stored: string): WireType | undefined {
  const from = withoutSize(columnType(column));
  const to = withoutSize(stored);
  const fits = from === to || ALIKE.some((types) => types.has(from) && types.has(to));
  return fits ? WIRE[to] : undefined;
}

/** `timestamp(3) with time zone` without the `(3)`. */
function withoutSize(type: string): string {
  return type.replace(/\([^)]*\)/, '');
}
