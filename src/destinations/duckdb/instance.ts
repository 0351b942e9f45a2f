import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { explain } from './failure.ts';

/** The name of a database that lives in memory only. */
export const IN_MEMORY = ':memory:';

/** An instance in use. It is closed with the last lease on its file. */
export interface InstanceLease {
  readonly instance: DuckDBInstance;
  release(): void;
}

interface SharedInstance {
  readonly opening: Promise<DuckDBInstance>;
  users: number;
}

/** Two instances on one file in one process corrupt it: all users of a file share one. */
const shared = new Map<string, SharedInstance>();

/** Opens a database file, or joins those that have it open. `settings` count for the one who opens. */
export async function leaseInstance(path: string, settings: Readonly<Record<string, string>>): Promise<InstanceLease> {
  const key = await keyOf(path);
  const entry = (key === undefined ? undefined : shared.get(key)) ?? { opening: create(path, settings), users: 0 };
  if (key !== undefined) shared.set(key, entry);
  entry.users += 1;
  let released = false;
  const release = (): boolean => {
    if (released) return false;
    released = true;
    entry.users -= 1;
    if (entry.users > 0) return false;
    if (key !== undefined) shared.delete(key);
    return true;
  };
  try {
    const instance = await entry.opening;
    return {
      instance,
      release: () => {
        if (release()) instance.closeSync();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

async function create(path: string, settings: Readonly<Record<string, string>>): Promise<DuckDBInstance> {
  try {
    return await DuckDBInstance.create(path, { ...settings });
  } catch (error) {
    throw explain(error, { file: path });
  }
}

/** The same for every way to write the path of a file; a database in memory is nobody else's. */
async function keyOf(path: string): Promise<string | undefined> {
  if (path === IN_MEMORY) return undefined;
  const full = resolve(path);
  try {
    return await realpath(full);
  } catch {
    // The file is not there yet: its folder may be, under another name.
  }
  try {
    return join(await realpath(dirname(full)), basename(full));
  } catch {
    return full;
  }
}
