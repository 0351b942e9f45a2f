import { resolve, sep } from 'node:path';
import { DestinationError } from '../../core/errors.ts';
import type { FileStore } from './file-store.ts';

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

/**
 * Commits: writes down what is going to be done, places all files, the load file last, and removes what
 * the load replaces. All files must be staged, in the folder `staging`. At whatever instant it is broken off,
 * `recoverPlan` completes or undoes it.
 */
export async function commitPlan(store: FileStore, staging: string, plan: CommitPlan): Promise<void> {
  const move = ({ staged, path }: PlacedFile): readonly [string, string] => [`${staging}/${staged}`, path];
  await store.write(`${staging}/${PLAN}`, JSON.stringify(plan));
  await store.place(plan.placed.map(move));
  await store.place([move(plan.load)]);
  await removeReplaced(store, plan);
}

/**
 * Completes what a commit that was broken off had made visible, or removes what it had placed. Nothing
 * of a commit that still goes on elsewhere survives half: what it has not placed yet is taken away first.
 */
export async function recoverPlan(store: FileStore, staging: string): Promise<void> {
  const plan = await readPlan(store, staging);
  if (plan === undefined) return;
  await store.remove([`${staging}/${plan.load.staged}`]);
  if (await isVisible(store, plan)) return removeReplaced(store, plan);
  await store.remove(plan.placed.map(({ staged }) => `${staging}/${staged}`));
  await store.remove(plan.placed.map(({ path }) => path));
}

/** The files that a load has placed or may be placing; none when its load file is there. */
export async function filesNotVisible(store: FileStore, staging: string): Promise<string[]> {
  const plan = await readPlan(store, staging);
  if (plan === undefined || (await isVisible(store, plan))) return [];
  return plan.placed.map(({ path }) => path);
}

async function isVisible(store: FileStore, { load }: CommitPlan): Promise<boolean> {
  return (await store.read(load.path)) !== undefined;
}

async function removeReplaced(store: FileStore, { removed }: CommitPlan): Promise<void> {
  try {
    await store.remove(removed);
  } catch (cause) {
    const { location } = store;
    throw new DestinationError(
      'replaced_files_left',
      `The load is committed, but files in ${location} that it replaces cannot be deleted.`,
      {
        hint: 'Let the user that runs syncline delete files there, and run again: the next run deletes them.',
        retryable: true,
        cause,
      },
    );
  }
}

async function readPlan(store: FileStore, staging: string): Promise<CommitPlan | undefined> {
  const content = await store.read(`${staging}/${PLAN}`);
  if (content === undefined) return undefined;
  const plan = JSON.parse(Buffer.from(content).toString('utf8')) as CommitPlan;
  const paths = [plan.load.path, ...plan.placed.map(({ path }) => path), ...plan.removed];
  if (paths.every(isInside)) return plan;
  throw new DestinationError('commit_plan_invalid', `${store.location}/${staging}/${PLAN} names a file outside of the dataset.`, {
    hint: 'Delete the folder of that file: syncline has not written it so.',
  });
}

function isInside(path: string): boolean {
  const root = resolve('/dataset');
  return resolve(root, path).startsWith(root + sep);
}
