import { mkdtemp, rm } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IN_MEMORY, type InstanceLease, leaseInstance } from './instance.ts';

/** Opens a database in memory. What finds no place there goes to a folder that is its owner's only, and is removed with the database. */
export async function leaseInMemory(settings: Readonly<Record<string, string>>): Promise<InstanceLease> {
  const folder = await mkdtemp(join(tmpdir(), 'syncline-memory-'));
  try {
    const lease = await leaseInstance(IN_MEMORY, { ...settings, temp_directory: folder });
    return {
      instance: lease.instance,
      release() {
        lease.release();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
