import { filesNotVisible, recoverPlan } from './commit-plan.ts';
import { clearedAway, type FileStore } from './file-store.ts';
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
  /** Relative to the dataset. */
  readonly path: string;
  /** Rejects when somebody has taken this load for one that is gone, and has cleared the folder away. */
  check(): Promise<void>;
  /** Deletes it with all that still waits. */
  remove(): Promise<void>;
}

/**
 * Makes the folder of a load, after the leftovers of the same load, which was begun and broken off
 * before, and of loads whose process is gone have been cleared away.
 */
export async function openStaging(store: FileStore, name: string): Promise<StagingFolder> {
  const path = stagingPath(name);
  await clearStaging(store, name);
  const owner = `${path}/${OWNER}`;
  await store.stage(owner, '');
  await clearAbandoned(store, owner);
  const beat = setInterval(() => {
    // When the folder was cleared away, the commit says so. Else the next sign of life may get through.
    store.touch(owner).catch(() => undefined);
  }, BEAT_MS).unref();
  return {
    path,
    async check() {
      if ((await store.changedAt(owner)) === undefined) throw clearedAway(store.location);
    },
    async remove() {
      clearInterval(beat);
      await store.removeFolder(path);
    },
  };
}

/** Completes or undoes the commit of a load that was broken off, and deletes its folder. */
export async function clearStaging(store: FileStore, name: string): Promise<void> {
  await clear(store, stagingPath(name));
}

/** The files that loads have placed which are not visible, or may never be. */
export async function hiddenFiles(store: FileStore): Promise<ReadonlySet<string>> {
  const hidden = new Set<string>();
  for (const staging of await stagingFolders(store)) for (const path of await filesNotVisible(store, staging)) hidden.add(path);
  return hidden;
}

/** The folders of all loads that are going on or were broken off. */
async function stagingFolders(store: FileStore): Promise<string[]> {
  return (await store.namesIn(STAGING_FOLDER)).map((name) => `${STAGING_FOLDER}/${name}`);
}

/** The folder for what waits under a name, relative to the dataset. */
export function stagingPath(name: string): string {
  return `${STAGING_FOLDER}/${pathName(name)}`;
}

async function clearAbandoned(store: FileStore, ownOwner: string): Promise<void> {
  // The clock of the file system, which need not be this machine's.
  const now = (await store.changedAt(ownOwner)) ?? 0;
  for (const staging of await stagingFolders(store)) {
    const touched = (await store.changedAt(`${staging}/${OWNER}`)) ?? (await store.changedAt(staging));
    if (touched !== undefined && now - touched >= SILENT_MS) await clear(store, staging);
  }
}

async function clear(store: FileStore, staging: string): Promise<void> {
  await recoverPlan(store, staging);
  await store.removeFolder(staging);
}
