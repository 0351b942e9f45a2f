import { rm, rmdir, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { filesNotVisible, recoverPlan } from './commit-plan.ts';
import { makeFolder, namesIn, unlessMissing, writeDurably } from './durable-files.ts';
import { codeOf } from './failure.ts';
import { pathName } from './path-name.ts';

/** The folder of a dataset in which the files of loads wait, each load's in a folder of its own. */
const STAGING_FOLDER = '_syncline_staging';

/** Its holder touches this file as long as it lives. */
const OWNER = 'owner';
const BEAT_MS = 10_000;
/** A holder is gone when it has not touched its file for this long. */
const SILENT_MS = 60_000;

/** The folder of a load. */
export interface StagingFolder {
  readonly path: string;
  /** Deletes it with all that still waits. */
  remove(): Promise<void>;
}

/**
 * Makes the folder of a load, after the leftovers of the same load, which was begun and broken off
 * before, and of loads whose process is gone have been cleared away.
 */
export async function openStaging(root: string, name: string): Promise<StagingFolder> {
  const path = stagingPath(root, name);
  await clearStaging(root, name);
  await makeFolder(path);
  const owner = join(path, OWNER);
  await writeDurably(owner, '');
  await clearAbandoned(root, owner);
  const beat = setInterval(() => {
    const now = new Date();
    // Whoever cleared the folder away took this load for one that is gone: its commit will fail.
    utimes(owner, now, now).catch(() => clearInterval(beat));
  }, BEAT_MS).unref();
  return {
    path,
    async remove() {
      clearInterval(beat);
      await rm(path, { recursive: true, force: true });
      await removeIfEmpty(dirname(path));
    },
  };
}

/** Completes or undoes the commit of a load that was broken off, and deletes its folder. */
export async function clearStaging(root: string, name: string): Promise<void> {
  const staging = stagingPath(root, name);
  await recoverPlan({ root, staging });
  await rm(staging, { recursive: true, force: true });
}

/** The files that loads have placed which are not visible, or may never be. */
export async function hiddenFiles(root: string): Promise<ReadonlySet<string>> {
  const hidden = new Set<string>();
  for (const staging of await stagingFolders(root)) for (const path of await filesNotVisible({ root, staging })) hidden.add(path);
  return hidden;
}

/** The folders of all loads that are going on or were broken off. */
async function stagingFolders(root: string): Promise<string[]> {
  return (await namesIn(join(root, STAGING_FOLDER))).map((name) => join(root, STAGING_FOLDER, name));
}

function stagingPath(root: string, name: string): string {
  return join(root, STAGING_FOLDER, pathName(name));
}

async function removeIfEmpty(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(codeOf(error) ?? '')) throw error;
  }
}

async function clearAbandoned(root: string, ownOwner: string): Promise<void> {
  // The clock of the file system, which need not be this machine's.
  const now = (await stat(ownOwner)).mtimeMs;
  for (const staging of await stagingFolders(root)) {
    const touched = (await unlessMissing(stat(join(staging, OWNER))))?.mtimeMs ?? (await unlessMissing(stat(staging)))?.mtimeMs;
    if (touched === undefined || now - touched < SILENT_MS) continue;
    await recoverPlan({ root, staging });
    await rm(staging, { recursive: true, force: true });
  }
}
