import type { RunRow } from '../core/destination.ts';
import type { RunEvent } from '../core/events.ts';
import type { Source } from '../core/source.ts';
import { type BegunRun, beginRun } from './begin-run.ts';
import { checkOptions } from './check-options.ts';
import { lockRun } from './lock-run.ts';
import { openDataset } from './open-dataset.ts';
import { PipelineRun } from './pipeline-run.ts';
import type { PipelineSetup, RunOptions } from './run-options.ts';
import type { RunReport } from './run-report.ts';
import { storedReport } from './run-row.ts';

/** One invocation is one run: restore, extract, normalize, load, forget the pages. */
export async function runPipeline(setup: PipelineSetup, source: Source, options: RunOptions): Promise<RunReport> {
  checkOptions(options, setup);
  const startedMs = setup.now();
  await using locked = await lockRun(setup, options);
  options.signal?.throwIfAborted();

  const early: RunEvent[] = [];
  const begun = await begin({ setup, source, options, folder: locked.folder, emit: (event) => early.push(event) });
  if (!('dir' in begun)) return storedReport(begun);
  const run = new PipelineRun({ setup, source, options, begun, startedMs });
  for (const event of early) run.emit(event);
  return await run.finish();
}

/** The destination is open while it is read, and closed again while the API is asked. */
async function begin(beginning: Omit<Parameters<typeof beginRun>[0], 'dataset'>): Promise<BegunRun | RunRow> {
  const { setup, options } = beginning;
  await using dataset = await openDataset(setup, options);
  return await beginRun({ ...beginning, dataset });
}
