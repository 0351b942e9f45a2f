import type { RunRow } from '../core/destination.ts';
import { ConfigError, StateError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import { canonicalJson } from '../core/print-json.ts';
import type { Source } from '../core/source.ts';
import type { ResourceState } from '../core/state.ts';
import { indexLog } from '../page-log/index-log.ts';
import type { RunRecord } from '../page-log/records.ts';
import { newSeed, placeOf } from './begin-run.ts';
import { checkOptions } from './check-options.ts';
import { newLoadId } from './load-id.ts';
import { lockRun } from './lock-run.ts';
import { openDataset } from './open-dataset.ts';
import { joinParentCursors } from './parent-cursors.ts';
import { statesAtStart } from './participation.ts';
import { atBounds } from './run-bounds.ts';
import type { PipelineSetup, RunOptions } from './run-options.ts';
import { PipelineRun } from './pipeline-run.ts';
import type { RunReport } from './run-report.ts';
import { isOver, runIdOf, storedReport } from './run-row.ts';
import { type Selection, selectResources } from './select-resources.ts';
import { readRun } from './unfinished-runs.ts';

/** How a page log is loaded again. */
export type ReplayOptions = Pick<RunOptions, 'runId' | 'wait' | 'strict' | 'signal' | 'emit'>;

/** What is loaded again, and by which pipeline. */
export interface Replay {
  readonly setup: PipelineSetup;
  readonly source: Source;
  /** Folder of the page log. */
  readonly dir: string;
  readonly options: ReplayOptions;
}

/** Normalizes and loads a page log that is complete, without asking the API. The log stays. */
export async function replayLog({ setup, source, dir, options }: Replay): Promise<RunReport> {
  checkOptions(options, setup);
  const startedMs = setup.now();
  const logged = await readLoggedRun(dir);
  if (logged.continues !== undefined) {
    throw new StateError('log_of_part', `The page log in ${dir} has only a part of its run, which was cut into loads.`, {
      hint: 'Run the configuration again, into the dataset that is to have the rows.',
    });
  }
  const selection = selectionOf(logged, source);
  await using _locked = await lockRun(setup, options);
  const index = await indexLog(dir);
  if (!index?.complete) {
    throw new StateError('log_not_complete', `The page log in ${dir} is of a run that has not got all of its pages.`, {
      hint: 'Run the configuration again, which finishes that run unless it was set aside.',
    });
  }
  const found = await again({ setup, source, options, run: logged, selection });
  if ('report' in found) return storedReport(found);
  const { run, heldBack } = found;
  const begun = { run, dir, selection, index, resumed: false };
  return await new PipelineRun({ setup, source, options, begun, startedMs, heldBack }).replay();
}

/** The run that a folder is the page log of. */
export async function readLoggedRun(dir: string): Promise<RunRecord> {
  const run = await readRun(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (run) return run;
  throw new StateError('not_a_page_log', `${dir} is no folder with a page log.`, {
    hint: 'Name a folder that a run with `--keep-log` left: its path ends in `.kept`.',
  });
}

function selectionOf(run: RunRecord, source: Source): Selection {
  if (run.source !== source.name) {
    throw new ConfigError('replay_source', `The page log is of source ${run.source}, not of ${source.name}.`, {
      hint: `Name the source ${run.source}.`,
    });
  }
  return atBounds(selectResources(source, run.resources), run.bounds);
}

/**
 * The logged run as this pipeline loads it, and the resources whose cursors have moved on since; or the row
 * of the run of that name that was committed before, and there is nothing to do.
 */
async function again(known: {
  readonly setup: PipelineSetup;
  readonly source: Source;
  readonly options: ReplayOptions;
  readonly run: RunRecord;
  readonly selection: Selection;
}): Promise<RunRow | { readonly run: RunRecord; readonly heldBack: ReadonlySet<string> }> {
  const { setup, source, options, run, selection } = known;
  await using dataset = await openDataset(setup, options);
  const row = options.runId === undefined ? undefined : await dataset.findRun(setup.name, options.runId);
  if (row && isOver(row)) return row;
  const restored = await dataset.restore(setup.name, source.name);
  const { walked } = selection;
  const states = statesAtStart(joinParentCursors({ restored, source: source.name }), source.name, { walked, fullRefresh: run.fullRefresh });
  const heldBack = new Set(walked.filter(({ name }) => !sameState(states[name], run.state[name])).map(({ name }) => name));
  const isCommitted = await dataset.isCommitted(run.loadId);
  const loadId = isCommitted ? newLoadId(setup.now(), [restored?.lastLoadId ?? '']) : run.loadId;
  const place = { pipeline: setup.name, dataset: setup.dataset, destination: placeOf(setup) };
  const runId = options.runId ?? (isCommitted ? loadId : runIdOf(run));
  return { run: { ...run, ...place, loadId, runId, ...(isCommitted && { idSeed: newSeed(setup) }) }, heldBack };
}

function sameState(a: ResourceState | undefined, b: ResourceState | undefined): boolean {
  const text = (state: ResourceState | undefined): string => canonicalJson((state ?? null) as Json);
  return text(a) === text(b);
}
