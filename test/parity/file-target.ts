import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TableSchema } from '../../src/core/schema.ts';
import { columnType } from '../../src/destinations/duckdb/column-type.ts';
import { completeColumns } from '../../src/destinations/sql/table-chain.ts';
import { filesBelow, loadIds, newestSchema, readFiles } from '../dataset-files.ts';
import { type CopiedTable, copyToDuckDb } from './duckdb-copy.ts';
import type { ParityCase } from './parity-folder.ts';
import type { ParityTarget } from './run-case.ts';

/** A load id is a time with a fraction, and the first part of a file name. */
const LOAD_ID_PARTS = 2;

/** Local files, read as a reader does who follows the load files. */
export const fileTarget: ParityTarget = {
  unfit: ({ config, wanted }: ParityCase) =>
    wanted && /"(write_)?disposition":"merge"/.test(JSON.stringify(config)) ? 'files cannot be merged' : undefined,
  open(folder) {
    const root = join(folder, 'files');
    return Promise.resolve({
      address: `file:${root}`,
      copy: (dataset: string, file: string) => copyToDuckDb(file, dataset, tablesOf(join(root, dataset))),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    });
  },
  alike: (tables) => tables,
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

function tablesOf(folder: string): CopiedTable[] {
  if (!existsSync(folder)) return [];
  const loads = loadIds(folder);
  const files = filesBelow(folder);
  return Object.values(newestSchema(folder)?.tables ?? {}).map((table) => {
    const columns = completeColumns(table);
    const visible = files.filter((file) => isVisible(table, file, loads)).map((file) => join(folder, file));
    return {
      name: table.name,
      columns: columns.map((column) => ({ name: column.name, type: columnType(column), nullable: column.nullable ?? true })),
      rows: visible.length === 0 ? undefined : readFiles(visible, columns),
    };
  });
}

/** Of the system tables the loads are counted. dlt writes states without the row ids that its schema asks for. */
function isVisible({ name }: TableSchema, file: string, loads: ReadonlySet<string>): boolean {
  const [folder, base = ''] = file.split('/');
  if (folder !== name) return false;
  return name === '_dlt_loads' || (!name.startsWith('_dlt_') && loads.has(base.split('.', LOAD_ID_PARTS).join('.')));
}
