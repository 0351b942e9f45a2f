import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { namesIn, unlessMissing } from '../filesystem/durable-files.ts';
import { guardFiles } from '../filesystem/failure.ts';
import type { RowFolder } from '../filesystem/file-store.ts';
import { Slots } from '../slots.ts';

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
  const uploads = new Slots(AT_ONCE);

  async function send(name: string): Promise<void> {
    await upload(join(path, name), name, giveUp.signal);
    await rm(join(path, name));
  }

  return {
    path,
    // A disk need not hold more than what is under way.
    take: (name) => uploads.begin(() => send(name)),
    settled: () => uploads.settled(),
    async close() {
      giveUp.abort();
      await uploads.ended();
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
