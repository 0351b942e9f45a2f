import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Dataset } from '../src/core/destination.ts';
import { newSchema } from '../src/core/schema-hash.ts';
import type { TableSchema } from '../src/core/schema.ts';
import { batchOf, type BatchRow } from '../src/testing/batch-of.ts';

/** A row as dlt's side of a golden file has it. */
export type GoldenRow = Record<string, unknown>;

/** Loads of dlt: the rows as its normalizer made them, and its tables after each. Every load's tables are those of the one before unless it has its own. */
interface Golden {
  readonly runs: readonly {
    readonly load_id: string;
    readonly created_at: string;
    readonly tables?: Record<string, TableSchema>;
    readonly rows: Record<string, GoldenRow[]>;
    readonly after: Record<string, GoldenRow[]>;
  }[];
}

const folder = resolve(import.meta.dirname, 'golden/merge');

/** The golden files. */
export const goldenMerges: readonly string[] = readdirSync(folder);

/** Does the loads of a golden file again; after each, `check` is told what dlt has in every table. */
export async function replayMerge(
  name: string,
  dataset: Dataset,
  check: (table: TableSchema, rows: readonly GoldenRow[]) => Promise<void>,
): Promise<void> {
  const { runs } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Golden;
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
    for (const table of tables) await check(table, run.after[table.name] ?? []);
  }
}

/** Rows as texts, sorted: timestamps in milliseconds, numbers as such, columns by name. */
export function comparableRows(rows: readonly GoldenRow[], table: TableSchema): string[] {
  return rows
    .map((row) => {
      const cells = Object.keys(row)
        .toSorted()
        .map((name) => [name, comparableValue(row[name] ?? null, table.columns[name]?.data_type)]);
      return JSON.stringify(cells);
    })
    .toSorted();
}

function comparableValue(value: unknown, type: string | undefined): unknown {
  if (value === null) return null;
  if (type === 'timestamp') return typeof value === 'string' ? Date.parse(value) : value;
  if (type === 'bigint' || type === 'double') return Number(value);
  return typeof value === 'boolean' ? String(value) : value;
}

function staged(rows: readonly GoldenRow[], table: TableSchema): BatchRow[] {
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
