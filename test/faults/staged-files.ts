import { existsSync, mkdirSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { filesystem } from '../../src/destinations/filesystem.ts';
import { leftoversIn } from './file-leftovers.ts';
import { readFileDataset } from './file-reader.ts';
import { DATASET, type StagedDestination } from './staged-database.ts';

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

function age(folder: string): void {
  if (!existsSync(folder)) return;
  const long = new Date(Date.now() - LONG_MS);
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) utimesSync(join(folder, path), long, long);
}
