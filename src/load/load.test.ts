import { describe, expect, it } from 'vitest';
import type { ColumnBatch } from '../core/column-batch.ts';
import { newSchema } from '../core/schema-hash.ts';
import type { ColumnSchema, SchemaChange } from '../core/schema.ts';
import { duckdb } from '../destinations/duckdb.ts';
import { Load, type LoadOptions } from './load.ts';

const id: ColumnSchema = { name: 'id', data_type: 'bigint', nullable: false };
const changes: SchemaChange[] = [
  { kind: 'create_table', table: { name: 't', columns: { id }, write_disposition: 'append', resource: 't' }, columns: [id] },
];
const batches: ColumnBatch[] = [
  { table: 't', rowCount: 2, columns: [{ schema: id, validity: undefined, data: { kind: 'int64', values: Uint32Array.of(1, 0, 2, 0) } }] },
];
const final = { schema: newSchema('s'), state: undefined };

async function withLoad(use: (options: LoadOptions, told: string[]) => Promise<void>): Promise<void> {
  await using destination = duckdb(':memory:');
  await using dataset = await destination.open('data');
  const told: string[] = [];
  await use(
    {
      dataset,
      info: { loadId: '1.0', pipeline: 'p', startedAt: new Date(0), schema: newSchema('s'), replaced: [] },
      changed: ({ kind, table }) => told.push(`${kind} ${table.name}`),
      written: ({ table, rowCount }) => told.push(`${rowCount} rows of ${table}`),
    },
    told,
  );
}

describe('load', () => {
  it('begins with the first thing to write, and tells what it did', () =>
    withLoad(async (options, told) => {
      await using load = new Load(options);
      await load.write({ changes: [], batches: [] });
      expect(load.isBegun).toBe(false);
      await load.write({ changes, batches });
      expect(load.isBegun).toBe(true);
      expect(told).toEqual(['create_table t', '2 rows of t']);
      await load.commit(final);
      expect(await options.dataset.isCommitted('1.0')).toBe(true);
    }));

  it('is undone unless it is committed', () =>
    withLoad(async (options) => {
      {
        await using load = new Load(options);
        await load.write({ changes, batches });
      }
      expect(await options.dataset.isCommitted('1.0')).toBe(false);
      // The table is free again: nobody holds it.
      await using load = new Load(options);
      await load.write({ changes, batches });
      await load.commit(final);
      expect(await options.dataset.isCommitted('1.0')).toBe(true);
    }));
});
