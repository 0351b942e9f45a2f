import { lockPipeline } from './pipeline-lock.ts';
import type { PipelineSetup, RunOptions } from './run-options.ts';
import { openPipelineFolder } from './unfinished-runs.ts';

/** The folder of a pipeline, which is this process's alone until it is disposed of. */
export interface LockedFolder extends AsyncDisposable {
  readonly folder: string;
}

/** Opens the folder of a pipeline and locks it, after waiting as long as the options say. */
export async function lockRun(
  { workDir, name }: Pick<PipelineSetup, 'workDir' | 'name'>,
  { wait, emit, signal }: Pick<RunOptions, 'wait' | 'emit' | 'signal'>,
): Promise<LockedFolder> {
  const folder = await openPipelineFolder(workDir, name);
  const waiting = (message: string): void => emit?.({ type: 'waiting', message });
  const lock = await lockPipeline(folder, name, { ms: wait, waiting, signal });
  return { folder, [Symbol.asyncDispose]: () => lock[Symbol.asyncDispose]() };
}
