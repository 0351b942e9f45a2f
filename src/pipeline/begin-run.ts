import type { Dataset } from '../core/destination.ts';
import type { Emit } from '../core/events.ts';
import type { Source } from '../core/source.ts';
import { indexLog, type LogIndex } from '../page-log/index-log.ts';
import type { RunRecord } from '../page-log/records.ts';
import { newLoadId } from './load-id.ts';
import { statesAtStart } from './participation.ts';
import type { PipelineSetup, RunOptions } from './run-options.ts';
import { type Selection, selectResources } from './select-resources.ts';
import { deleteLog, findUnfinishedRuns, logFolder, setAside, type UnfinishedRun } from './unfinished-runs.ts';

/** A run that begins or goes on. */
export interface BegunRun {
  readonly run: RunRecord;
  /** Folder of its page log. */
  readonly dir: string;
  readonly selection: Selection;
  /** What the log has already; `undefined` for a new run. */
  readonly index: LogIndex | undefined;
  /** An earlier invocation committed it and died before it deleted the log. */
  readonly isCommitted: boolean;
}

/** What a run is begun from. */
export interface Beginning {
  readonly setup: PipelineSetup;
  readonly source: Source;
  readonly options: RunOptions;
  /** Folder of the pipeline. */
  readonly folder: string;
  readonly dataset: Dataset;
  readonly emit: Emit;
}

/**
 * The run that this invocation is about: the one that was left unfinished, or else a new one. A log that
 * the configuration does not fit any more is set aside, one that is to be abandoned is deleted.
 */
export async function beginRun(beginning: Beginning): Promise<BegunRun> {
  const { setup, source, options, folder, dataset } = beginning;
  const restored = await dataset.restore(setup.name, source.name);
  const selection = selectResources(source, options.resources);
  const unfinished = await findUnfinishedRuns(folder);
  for (const found of unfinished.filter(({ run }) => isOfTarget(run, beginning))) {
    const resumed = await takeUp(found, beginning);
    if (resumed) return resumed;
  }
  const fullRefresh = options.fullRefresh ?? false;
  const present = [restored?.lastLoadId ?? '', ...unfinished.map(({ run }) => run.loadId)];
  const now = setup.now();
  const run: RunRecord = {
    kind: 'run',
    loadId: newLoadId(now, present),
    pipeline: setup.name,
    dataset: setup.dataset,
    destination: placeOf(setup),
    source: source.name,
    fingerprint: source.fingerprint,
    startedAt: new Date(now).toISOString(),
    idSeed: Buffer.from(setup.randomBytes(16)).toString('base64'),
    resources: [...selection.loaded],
    fullRefresh,
    ...(options.limit !== undefined && { limit: options.limit }),
    state: statesAtStart(restored?.state, source.name, { walked: selection.walked, fullRefresh }),
  };
  return { run, dir: logFolder(folder, run.loadId), selection, index: undefined, isCommitted: false };
}

/** Type and place of a destination, as reports and logs name it. */
export function placeOf({ destination }: Pick<PipelineSetup, 'destination'>): string {
  return `${destination.type}:${destination.location}`;
}

function isOfTarget(run: RunRecord, { setup, source }: Beginning): boolean {
  return run.destination === placeOf(setup) && run.dataset === setup.dataset && run.source === source.name;
}

/** Goes on with a run, unless it is abandoned or does not fit. */
async function takeUp({ dir, run }: UnfinishedRun, { source, options, dataset, emit }: Beginning): Promise<BegunRun | undefined> {
  const isCommitted = await dataset.isCommitted(run.loadId);
  // A run with a limit was a look at the API: it is not finished by one that wants something else.
  const fits = run.fingerprint === source.fingerprint && (run.limit === undefined || run.limit === options.limit);
  if (isCommitted ? !fits : options.discard) {
    await deleteLog(dir);
    return undefined;
  }
  if (!fits) {
    const path = await setAside(dir);
    const why = run.fingerprint === source.fingerprint ? 'it had a limit' : 'the configuration has changed';
    emit({
      type: 'warning',
      code: 'unfinished_run_set_aside',
      message: `The unfinished run of ${run.startedAt} is not finished, because ${why}; this one starts anew. Its pages are in ${path}, which may be deleted.`,
    });
    return undefined;
  }
  const index = await indexLog(dir);
  if (!isCommitted && !asksForTheSame(run, options)) {
    emit({
      type: 'warning',
      code: 'unfinished_run_first',
      message: `The unfinished run of ${run.startedAt} is finished first, with its own options. Run again for these.`,
    });
  }
  return { run, dir, selection: selectResources(source, run.resources), index, isCommitted };
}

function asksForTheSame(run: RunRecord, options: RunOptions): boolean {
  const sameResources = options.resources === undefined || options.resources.toSorted().join('\n') === run.resources.toSorted().join('\n');
  return sameResources && (options.fullRefresh ?? false) === run.fullRefresh && options.limit === run.limit;
}
