import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { rowsOf, type StoredRow } from '../../../test/duckdb-rows.ts';
import { newSchema } from '../../core/schema-hash.ts';
import type { TableSchema } from '../../core/schema.ts';
import { batchOf, type BatchRow } from '../../testing/batch-of.ts';
import { duckdb } from '../duckdb.ts';

/** Loads of dlt: the rows as its normalizer made them, and its tables after each. Every load's tables are those of the one before unless it has its own. */
interface Golden {
  readonly runs: readonly {
    readonly load_id: string;
    readonly created_at: string;
    readonly tables?: Record<string, TableSchema>;
    readonly rows: Record<string, StoredRow[]>;
    readonly after: Record<string, StoredRow[]>;
  }[];
}

const golden = resolve(import.meta.dirname, '../../../test/golden/merge');
const folder = mkdtempSync(join(tmpdir(), 'merge-golden-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Timestamps in milliseconds, and bigints as DuckDB's JSON has them. */
function comparable(rows: readonly StoredRow[], table: TableSchema): string[] {
  return rows
    .map((row) => {
      const names = Object.keys(row).toSorted();
      const cells = names.map((name) => {
        const value = row[name];
        const type = table.columns[name]?.data_type;
        if (value === null || value === undefined) return [name, null];
        return [name, type === 'timestamp' && typeof value === 'string' ? Date.parse(value) : type === 'bigint' ? Number(value) : value];
      });
      return JSON.stringify(cells);
    })
    .toSorted();
}

function staged(rows: readonly StoredRow[], table: TableSchema): BatchRow[] {
  return rows.map(
    (row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [
          name,
          table.columns[name]?.data_type === 'timestamp' ? BigInt(Date.parse(String(value))) * 1000n : value,
        ]),
      ) as BatchRow,
  );
}

describe('merges come to the tables of dlt', () => {
  for (const name of readdirSync(golden)) {
    it(`as in ${name}`, async () => {
      const { runs } = JSON.parse(readFileSync(join(golden, name), 'utf8')) as Golden;
      const file = join(folder, `${name}.duckdb`);
      await using destination = duckdb(file);
      await using dataset = await destination.open('gold_data');
      const schema = newSchema('gold');
      for (const run of runs) {
        Object.assign(schema.tables, structuredClone(run.tables ?? {}));
        const tables = Object.values(schema.tables).filter((table) => !table.name.startsWith('_dlt'));
        const startedAt = new Date(run.created_at);
        const load = await dataset.begin({ loadId: run.load_id, pipeline: 'gold', startedAt, schema, replaced: [] });
        for (const table of tables) {
          const columns = Object.values(table.columns).filter((column) => column.data_type !== undefined);
          await load.migrate([{ kind: 'create_table', table, columns }]);
          const rows = run.rows[table.name];
          if (rows !== undefined) await load.write(batchOf(table, staged(rows, table)));
        }
        await load.commit({ schema, state: undefined });
        for (const table of tables) {
          const got = comparable(await rowsOf(file, 'gold_data', table.name), table);
          expect(got, table.name).toEqual(comparable(run.after[table.name] ?? [], table));
        }
      }
    });
  }
});
