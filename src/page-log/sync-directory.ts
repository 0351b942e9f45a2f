import { open } from 'node:fs/promises';

/** Makes new names in a folder durable, where the system lets folders be synced. */
export async function syncDirectory(dir: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
