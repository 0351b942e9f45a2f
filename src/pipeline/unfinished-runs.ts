import { access, constants, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, StateError } from '../core/errors.ts';
import { readLog } from '../page-log/read-log.ts';
import type { RunRecord } from '../page-log/records.ts';

/** A run that a page log was left of. */
export interface UnfinishedRun {
  readonly dir: string;
  readonly run: RunRecord;
}

const LOAD_ID = /^\d+\.\d+$/;
/** A log that is being deleted: it may lack files. */
const DONE = '.done';
/** A log that was being written when its process died. */
const PART = '.part';
/** A log that does not fit the configuration any more. Nothing of ours touches it again. */
const STALE = '.stale';
/** The log of a run that is over, kept because that was asked for. */
const KEPT = '.kept';

/** Makes the folder of a pipeline, which only the owner may read: pages hold data. */
export async function openPipelineFolder(workDir: string, pipeline: string): Promise<string> {
  const dir = join(workDir, pipeline);
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await access(dir, constants.W_OK);
    await hideFromGit(workDir);
  } catch (error) {
    throw new ConfigError('work_dir', `The work directory ${workDir} cannot be used: ${(error as Error).message}.`, {
      hint: 'Name a folder that can be written with `--work-dir` (`workDir`), or in SYNCLINE_DIR.',
      cause: error,
    });
  }
  return dir;
}

async function hideFromGit(workDir: string): Promise<void> {
  try {
    await writeFile(join(workDir, '.gitignore'), '*\n', { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Folder of the page log of a run. */
export function logFolder(pipelineDir: string, loadId: string): string {
  return join(pipelineDir, loadId);
}

/**
 * The runs that left a log, oldest first. Removes what deletions and runs that never began left behind, and
 * with `discard` also logs that do not even tell what run they are of.
 */
export async function findUnfinishedRuns(pipelineDir: string, discard = false): Promise<UnfinishedRun[]> {
  const found: UnfinishedRun[] = [];
  for (const name of (await readdir(pipelineDir)).toSorted()) {
    const dir = join(pipelineDir, name);
    if (name.endsWith(DONE) || name.endsWith(PART)) await rm(dir, { recursive: true, force: true });
    if (!LOAD_ID.test(name)) continue;
    const run = await readRun(dir).catch((error: unknown) => {
      if (discard && error instanceof StateError) return undefined;
      throw error;
    });
    if (run) found.push({ dir, run });
    else await rm(dir, { recursive: true, force: true });
  }
  return found;
}

/** Deletes a log. One that is half deleted is never taken for a run. */
export async function deleteLog(dir: string): Promise<void> {
  await rename(dir, dir + DONE);
  await rm(dir + DONE, { recursive: true, force: true });
}

/** Keeps a log out of the way of new runs, and returns where it is. */
export async function setAside(dir: string): Promise<string> {
  await rename(dir, dir + STALE);
  return dir + STALE;
}

/** Keeps the log of a run that is over, and returns where it is. */
export async function keepLog(dir: string): Promise<string> {
  await rename(dir, dir + KEPT);
  return dir + KEPT;
}

/** The first record of a log; `undefined` when it is not whole. */
export async function readRun(dir: string): Promise<RunRecord | undefined> {
  for await (const { record } of readLog(dir)) return record.kind === 'run' ? record : undefined;
  return undefined;
}
