import { readFile } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { DestinationError } from '../../core/errors.ts';
import { exists, moveDurably, removeDurably, syncPath, unlessMissing, writeDurably } from './durable-files.ts';

/** What a commit does with files. Paths are relative to the dataset's folder; those staged, to the folder of the load. */
export interface CommitPlan {
  /** The load file, which makes the load visible: it is placed last. */
  readonly load: PlacedFile;
  readonly placed: readonly PlacedFile[];
  /** What goes once the load is visible. */
  readonly removed: readonly string[];
}

/** A file that waits under one name and gets another. */
export interface PlacedFile {
  readonly staged: string;
  readonly path: string;
}

/** Name of the plan in the folder of a load: from then on, files may have been placed. */
const PLAN = 'plan.json';

/** Where a plan is carried out. */
export interface PlanFolders {
  /** The dataset's folder. */
  readonly root: string;
  /** The folder of the load. */
  readonly staging: string;
}

/**
 * Commits: writes down what is going to be done, places all files, the load file last, and removes what
 * the load replaces. All staged files must be on the disk. At whatever instant it is broken off,
 * `recoverPlan` completes or undoes it.
 */
export async function commitPlan(plan: CommitPlan, folders: PlanFolders): Promise<void> {
  const { root, staging } = folders;
  const draft = join(staging, `${PLAN}.draft`);
  await writeDurably(draft, JSON.stringify(plan));
  await syncPath(staging);
  await moveDurably([[draft, join(staging, PLAN)]]);
  const moves = plan.placed.map(({ staged, path }) => [join(staging, staged), join(root, path)] as const);
  await moveDurably(moves);
  await moveDurably([[join(staging, plan.load.staged), join(root, plan.load.path)]]);
  await removeReplaced(plan, root);
}

/**
 * Completes what a commit that was broken off had made visible, or removes what it had placed. Nothing
 * of a commit that still goes on elsewhere survives half: what it has not placed yet is taken away first.
 */
export async function recoverPlan(folders: PlanFolders): Promise<void> {
  const { root, staging } = folders;
  const plan = await readPlan(folders);
  if (plan === undefined) return;
  await removeDurably([join(staging, plan.load.staged)]);
  if (await exists(join(root, plan.load.path))) return removeReplaced(plan, root);
  await removeDurably(plan.placed.map(({ staged }) => join(staging, staged)));
  await removeDurably(plan.placed.map(({ path }) => join(root, path)));
}

/** The files that a load has placed or may be placing; none when its load file is there. */
export async function filesNotVisible(folders: PlanFolders): Promise<string[]> {
  const plan = await readPlan(folders);
  if (plan === undefined || (await exists(join(folders.root, plan.load.path)))) return [];
  return plan.placed.map(({ path }) => path);
}

async function removeReplaced(plan: CommitPlan, root: string): Promise<void> {
  try {
    await removeDurably(plan.removed.map((path) => join(root, path)));
  } catch (cause) {
    throw new DestinationError('replaced_files_left', `The load is committed, but files in ${root} that it replaces cannot be deleted.`, {
      hint: 'Let the user that runs syncline delete files there, and run again: the next run deletes them.',
      retryable: true,
      cause,
    });
  }
}

async function readPlan({ root, staging }: PlanFolders): Promise<CommitPlan | undefined> {
  const text = await unlessMissing(readFile(join(staging, PLAN), 'utf8'));
  if (text === undefined) return undefined;
  const plan = JSON.parse(text) as CommitPlan;
  const paths = [plan.load.path, ...plan.placed.map(({ path }) => path), ...plan.removed];
  const outside = paths.find((path) => !resolve(root, path).startsWith(resolve(root) + sep));
  if (outside === undefined) return plan;
  throw new DestinationError('commit_plan_invalid', `${join(staging, PLAN)} names a file outside of the dataset.`, {
    hint: 'Delete the folder of that file: syncline has not written it so.',
  });
}
