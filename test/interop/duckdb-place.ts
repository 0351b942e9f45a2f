import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { leaseInstance } from '../../src/destinations/duckdb/instance.ts';
import { quoteName as q } from '../../src/destinations/sql/quote.ts';
import { columnsOf, queryDuckDb } from '../duckdb-rows.ts';
import type { Place, PlaceKind, StoredTable } from './place.ts';

/** A database file. */
export const duckDbPlaces: PlaceKind = { name: 'duckdb', merges: true, open: (folder) => Promise.resolve(placeIn(folder)) };

function placeIn(folder: string): Place {
  const file = join(folder, 'shared.duckdb');
  return {
    address: `duckdb:${file}`,
    dlt: { type: 'duckdb', address: file },
    read: (dataset) => readTables(file, dataset),
    copy(other) {
      copyFileSync(file, join(other, 'shared.duckdb'));
      return Promise.resolve(placeIn(other));
    },
  };
}

async function readTables(file: string, dataset: string): Promise<StoredTable[]> {
  // The queries share one instance.
  const lease = await leaseInstance(file, {});
  try {
    return await readWith(file, dataset);
  } finally {
    lease.release();
  }
}

async function readWith(file: string, dataset: string): Promise<StoredTable[]> {
  const found = await queryDuckDb(file, `SELECT table_name AS name FROM duckdb_tables() WHERE schema_name = '${dataset}' ORDER BY ALL`);
  const tables: StoredTable[] = [];
  for (const name of found.map((row) => String(row['name']))) {
    const rows = await queryDuckDb(file, `SELECT COLUMNS(*)::VARCHAR FROM ${q(dataset)}.${q(name)}`);
    tables.push({ name, columns: await columnsOf(file, dataset, name), rows: rows as StoredTable['rows'] });
  }
  return tables;
}
