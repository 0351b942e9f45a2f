import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm, rmdir, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { makeFolder, moveDurably, namesIn, removeDurably, syncPath, unlessMissing, writeDurably } from './durable-files.ts';
import { codeOf, guardFiles } from './failure.ts';
import { clearedAway, type FileStore } from './file-store.ts';
import { stagingPath } from './staging-folder.ts';

/** The files of a dataset in a folder of this machine, or of a disk that it shares. */
export function localStore(root: string): FileStore {
  const at = (path: string): string => join(root, path);
  return {
    location: root,
    guard: (action) => guardFiles(root, action),
    namesIn: (folder) => namesIn(at(folder)),
    filesWithPrefix: (prefix) => filesWithPrefix(root, prefix),
    changedAt: async (path) => (await unlessMissing(stat(at(path))))?.mtimeMs,
    read: (path) => unlessMissing(readFile(at(path))),
    async stage(path, content) {
      await makeFolder(dirname(at(path)));
      await writeDurably(at(path), content);
    },
    async write(path, content) {
      // Whoever is killed here leaves a draft. In the folder of a load it goes with that; else it is put where what is left goes.
      const isOfLoad = path.includes('/');
      const folder = isOfLoad ? dirname(path) : stagingPath(`draft-${randomUUID()}`);
      const draft = join(at(folder), `.${basename(path)}-${randomUUID()}`);
      await makeFolder(dirname(draft));
      await writeDurably(draft, content);
      await moveDurably([[draft, at(path)]]);
      if (!isOfLoad) await removeFolder(at(folder));
    },
    async place(moves) {
      const moved = await unlessMissing(moveDurably(moves.map(([staged, path]) => [at(staged), at(path)])).then(() => true));
      if (moved === undefined) throw clearedAway(root);
    },
    async touch(path) {
      const now = new Date();
      await utimes(at(path), now, now);
    },
    remove: (paths) => removeDurably(paths.map(at)),
    removeFolder: (folder) => removeFolder(at(folder)),
    async openRows(staging) {
      const path = at(staging);
      await makeFolder(path);
      return {
        path,
        take: (name) => syncPath(join(path, name)),
        settled: () => syncPath(path),
        close: () => Promise.resolve(),
      };
    },
  };
}

async function* filesWithPrefix(root: string, prefix: string): AsyncGenerator<string> {
  const start = join(root, prefix.slice(0, prefix.lastIndexOf('/') + 1));
  const entries = (await unlessMissing(readdir(start, { recursive: true, withFileTypes: true }))) ?? [];
  for (const entry of entries) {
    const path = relative(root, join(entry.parentPath, entry.name)).replaceAll(sep, '/');
    if (!entry.isDirectory() && path.startsWith(prefix)) yield path;
  }
}

async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
  await removeIfEmpty(dirname(path));
}

async function removeIfEmpty(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(codeOf(error) ?? '')) throw error;
  }
}
