import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { namesIn, unlessMissing } from '../filesystem/durable-files.ts';
import { guardFiles } from '../filesystem/failure.ts';
import type { RowFolder } from '../filesystem/file-store.ts';

/** Uploads that go on while rows are written. */
const AT_ONCE = 4;

const PREFIX = 'syncline-s3-';
/** A load makes files and takes them away all the time: a folder in which nothing has changed for so long is one of a killed process. */
const FORGOTTEN_MS = 24 * 60 * 60 * 1000;

/** Sends a file to the place of its name. */
export type Upload = (file: string, name: string, signal: AbortSignal) => Promise<void>;

/** A private folder of this machine whose files are uploaded when they are whole, while others are written. */
export async function openUploads(upload: Upload): Promise<RowFolder> {
  const path = await guardFiles(tmpdir(), async () => {
    await removeForgotten(tmpdir());
    return mkdtemp(join(tmpdir(), PREFIX));
  });
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

/** Deletes what killed processes of this user have left. */
async function removeForgotten(folder: string): Promise<void> {
  for (const name of (await namesIn(folder)).filter((each) => each.startsWith(PREFIX))) {
    const found = await unlessMissing(stat(join(folder, name)));
    if (found === undefined || found.uid !== process.getuid?.() || Date.now() - found.mtimeMs < FORGOTTEN_MS) continue;
    await rm(join(folder, name), { recursive: true, force: true });
  }
}
