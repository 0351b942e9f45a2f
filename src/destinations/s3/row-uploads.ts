import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RowFolder } from '../filesystem/file-store.ts';

/** Uploads that go on while rows are written. */
const AT_ONCE = 4;

/** Sends a file to the place of its name. */
export type Upload = (file: string, name: string, signal: AbortSignal) => Promise<void>;

/** A private folder of this machine whose files are uploaded when they are whole, while others are written. */
export async function openUploads(upload: Upload): Promise<RowFolder> {
  const path = await mkdtemp(join(tmpdir(), 'syncline-s3-'));
  const giveUp = new AbortController();
  const running = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;

  async function send(name: string): Promise<void> {
    try {
      await upload(join(path, name), name, giveUp.signal);
      await rm(join(path, name));
    } catch (error) {
      failure ??= { error };
    }
  }

  function check(): void {
    if (failure !== undefined) throw failure.error;
  }

  return {
    path,
    async take(name) {
      // A disk need not hold more than what is under way.
      while (running.size >= AT_ONCE) await Promise.race(running);
      check();
      const sending = send(name).finally(() => running.delete(sending));
      running.add(sending);
    },
    async settled() {
      await Promise.all(running);
      check();
    },
    async close() {
      giveUp.abort();
      await Promise.all(running);
      await rm(path, { recursive: true, force: true });
    },
  };
}
