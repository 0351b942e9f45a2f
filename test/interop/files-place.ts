import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { quoteText } from '../../src/destinations/sql/quote.ts';
import { readStoredSchema } from '../../src/destinations/sql/stored-schema.ts';
import { completeColumns } from '../../src/destinations/sql/table-chain.ts';
import { filesBelow, readFiles, systemRows } from '../dataset-files.ts';
import { queryDuckDb } from '../duckdb-rows.ts';
import type { Place, PlaceKind, StoredColumn, StoredTable } from './place.ts';

const DIGITS = 'dlt cuts times to the digits of a column, and writes 76 digits of a wei, which DuckDB cannot read';
const AS_DUCKDB = 'nothing in it depends on the destination';
const AS_PARQUET = 'nothing in it depends on the format';

/** A folder of files in one format. */
export function filePlaces(format: 'parquet' | 'jsonl'): PlaceKind {
  const leftOut: Readonly<Record<string, string>> =
    format === 'parquet'
      ? { digits: DIGITS, 'max-nesting': AS_DUCKDB, contract: AS_DUCKDB }
      : {
          nested: AS_PARQUET,
          names: AS_PARQUET,
          incremental: AS_PARQUET,
          'shared-dataset': AS_PARQUET,
          'max-nesting': AS_DUCKDB,
          contract: AS_DUCKDB,
        };
  return { name: format, merges: false, leftOut, open: (folder) => Promise.resolve(placeIn(folder, format)) };
}

function placeIn(folder: string, format: string): Place {
  const root = join(folder, 'files');
  return {
    address: `file:${root}?format=${format}`,
    // JSON lines are what dlt writes when it is told of no format.
    dlt: { type: 'filesystem', address: `file://${root}`, ...(format !== 'jsonl' && { format }) },
    read: (dataset) => readTables(join(root, dataset)),
    copy(other) {
      cpSync(root, join(other, 'files'), { recursive: true });
      return Promise.resolve(placeIn(other, format));
    },
  };
}

async function readTables(dataset: string): Promise<StoredTable[]> {
  const files = filesBelow(dataset).filter((path) => path.includes('/'));
  const folders = new Map<string, string[]>();
  for (const path of files) {
    const name = path.slice(0, path.indexOf('/'));
    folders.set(name, [...(folders.get(name) ?? []), path]);
  }
  const system = [...folders].filter(([name]) => name.startsWith('_')).map(([name, paths]) => systemTable(dataset, name, paths));
  const versions = system.find(({ name }) => name === '_dlt_version')?.rows ?? [];
  const newest = versions.toSorted((a, b) => String(a['inserted_at']).localeCompare(String(b['inserted_at'])));
  const schemas = newest.map(({ schema }) => readStoredSchema(String(schema)));
  const tables = await Promise.all(
    [...folders]
      .filter(([name]) => !name.startsWith('_'))
      .map(async ([name, paths]): Promise<StoredTable> => {
        const found = schemas.findLast((schema) => name in schema.tables)?.tables[name];
        const columns = found === undefined ? [] : completeColumns(found);
        const list = paths.map((path) => join(dataset, path));
        const rows = await queryDuckDb(':memory:', `SELECT COLUMNS(*)::VARCHAR FROM ${readFiles(list, columns)}`);
        return { name, columns: await columnsOf(list), rows: rows as StoredTable['rows'] };
      }),
  );
  return [...tables, ...system];
}

function systemTable(dataset: string, name: string, paths: readonly string[]): StoredTable {
  return { name, columns: [], rows: paths.flatMap((path) => systemRows(join(dataset, path))) };
}

/** JSON lines have no columns but those of the schema. */
async function columnsOf(files: readonly string[]): Promise<StoredColumn[]> {
  if (!files[0]?.endsWith('.parquet')) return [];
  const list = files.map(quoteText).join(', ');
  const columns = await queryDuckDb(':memory:', `DESCRIBE FROM read_parquet([${list}], union_by_name = true)`);
  return columns.map((column) => ({ name: String(column['column_name']), type: String(column['column_type']), nullable: true }));
}
