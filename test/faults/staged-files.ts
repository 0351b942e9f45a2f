import { existsSync, mkdirSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { rootOf } from '../../src/destinations/sql/table-chain.ts';
import { newestSchema } from '../dataset-files.ts';
import { filesystem } from '../../src/destinations/filesystem.ts';
import { listFiles, type FileListing } from './file-listing.ts';
import { readFileDataset } from './file-reader.ts';
import { DATASET, type Leftovers, type StagedDestination } from './staged-database.ts';

/** Files of a dead process count as abandoned when it has not touched them for a minute. */
const LONG_MS = 3_600_000;

/** Datasets in folders, in Parquet and in JSON lines by turns. */
export const FILES: StagedDestination = {
  capabilities: filesystem('.').capabilities,
  open(folder, seed) {
    mkdirSync(join(folder, 'db'));
    const root = join(folder, 'db', DATASET);
    return Promise.resolve({
      destination: `file:db?format=${seed % 2 === 0 ? 'parquet' : 'jsonl'}`,
      driver: 'file',
      root,
      files: ['db'],
      read: () => readFileDataset(root, DATASET),
      leftovers: () => Promise.resolve(leftoversIn(root)),
      age: () => age(join(root, '_syncline_staging')),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    });
  },
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

/** What should be gone: nobody has to look at it. */
export function leftoversIn(root: string): Leftovers {
  const listing = listFiles(root);
  const { loads, drafts, waiting, system } = listing;
  const ids = new Set(loads.map(({ load_id }) => load_id));
  const cursors = system.filter((path) => path.startsWith('_syncline_cursors/'));
  return {
    now: [
      ...waiting.filter((name) => ids.has(name)).map((name) => `the folder of the load ${name}, which is committed`),
      ...(existsSync(join(root, '_syncline_staging')) && waiting.length === 0 ? ['an empty _syncline_staging'] : []),
      ...drafts,
      ...replacedFiles(root, listing),
      ...cursors.slice(0, -2),
    ],
    later: waiting.filter((name) => !ids.has(name)).map((name) => `the folder of the load ${name}`),
  };
}

/** Files of replaced tables that a later load has replaced. */
function replacedFiles(root: string, { rows }: FileListing): string[] {
  const tables = (rows.length > 0 && newestSchema(root)?.tables) || {};
  const replaced = rows.filter(({ table }) => rootOf(tables, table)?.write_disposition === 'replace');
  const lastOf = (table: string): string | undefined => rows.findLast((file) => rootOf(tables, file.table)?.name === table)?.loadId;
  return replaced.filter(({ table, loadId }) => loadId !== lastOf(rootOf(tables, table)?.name ?? '')).map(({ path }) => path);
}

function age(folder: string): void {
  if (!existsSync(folder)) return;
  const long = new Date(Date.now() - LONG_MS);
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) utimesSync(join(folder, path), long, long);
}
