import type { ColumnBuilder } from '../columns/column-builder.ts';
import type { Coerced } from './coerce.ts';

/** Sets a value that was coerced to the column's type. */
export function setValue(builder: ColumnBuilder, row: number, value: NonNullable<Coerced>): void {
  switch (typeof value) {
    case 'string':
      if (builder.schema.data_type === 'json') setJson(builder, row, value);
      else builder.setText(row, value);
      return;
    case 'bigint':
      builder.setBigint(row, value);
      return;
    case 'boolean':
      builder.setBool(row, value);
      return;
    case 'number':
      setNumber(builder, row, value);
      return;
    default:
      builder.setBytes(row, value);
  }
}

/** An escaped surrogate without its partner: JSON text has escapes for no others. */
const LONE_SURROGATE = /(?<=(?:^|[^\\])(?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g;

function setJson(builder: ColumnBuilder, row: number, text: string): void {
  const repaired = text.includes('\\ud') ? text.replace(LONE_SURROGATE, '\ufffd') : text;
  builder.setText(row, repaired);
  if (repaired !== text) builder.repairedTexts += 1;
}

function setNumber(builder: ColumnBuilder, row: number, value: number): void {
  if (builder.kind === 'double') builder.setDouble(row, value);
  else if (builder.kind === 'days') builder.setDays(row, value);
  else if (builder.kind === 'int64') builder.setInteger(row, value);
  else builder.setBigint(row, BigInt(value));
}
