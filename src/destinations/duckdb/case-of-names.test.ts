import { describe, expect, it } from 'vitest';
import type { TableSchema } from '../../core/schema.ts';
import { CaseOfNames } from './case-of-names.ts';

const table = (name: string, ...columns: readonly string[]): TableSchema => ({
  name,
  columns: Object.fromEntries(columns.map((column) => [column, { name: column, data_type: 'text' }])),
});
const refusal = expect.objectContaining({ code: 'names_differ_in_case' }) as Error;

describe('names in DuckDB', () => {
  it('may come again', () => {
    const names = new CaseOfNames(['items']);
    names.add(table('items', 'a', 'b'));
    expect(() => names.add(table('items', 'b', 'c'))).not.toThrow();
  });

  it('must not differ from those before in case only', () => {
    const names = new CaseOfNames(['items']);
    expect(() => names.add(table('Items'))).toThrow(refusal);
    names.add(table('Others'));
    expect(() => names.add(table('others'))).toThrow(refusal);
    expect(() => names.add(table('items', 'a', 'A'))).toThrow(refusal);
  });
});
