import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { rootOf } from '../../src/destinations/sql/table-chain.ts';
import { newestSchema } from '../dataset-files.ts';
import { type FileListing, listFiles } from './file-listing.ts';
import type { Leftovers } from './staged-database.ts';

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
