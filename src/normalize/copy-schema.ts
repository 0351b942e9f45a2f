import type { Schema, TableSchema } from '../core/schema.ts';

/**
 * A copy to evolve. Tables and columns are held without a prototype, because they are looked up by
 * names that data brings (`constructor`).
 */
export function copySchema(schema: Schema): Schema {
  const copy = structuredClone(schema);
  const tables = Object.create(null) as Record<string, TableSchema>;
  for (const [name, table] of Object.entries(copy.tables)) {
    tables[name] = { ...table, columns: Object.assign(Object.create(null), table.columns) as TableSchema['columns'] };
  }
  return { ...copy, tables };
}
