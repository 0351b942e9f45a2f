import type { Dataset, Restored, RunRow } from '../core/destination.ts';
import { ConfigError } from '../core/errors.ts';
import type { Emit } from '../core/events.ts';
import type { Source } from '../core/source.ts';
import { indexLog, type LogIndex } from '../page-log/index-log.ts';
import type { RunRecord } from '../page-log/records.ts';
import { dispositionOf } from './disposition.ts';
import { newLoadId } from './load-id.ts';
import { joinParentCursors } from './parent-cursors.ts';
import { statesAtStart } from './participation.ts';
import { atBounds, boundsOf, type RunBounds, sameBounds } from './run-bounds.ts';
import type { PipelineSetup, RunOptions } from './run-options.ts';
import { isOver, runIdOf } from './run-row.ts';
import { type Selection, selectResources } from './select-resources.ts';
import { deleteLog, findUnfinishedRuns, keepLog, logFolder, setAside, type UnfinishedRun } from './unfinished-runs.ts';

/** A page log of a run. A run that is cut into several loads has one after the other. */
export interface RunPart {
  readonly run: RunRecord;
  /** Folder of the page log. */
  readonly dir: string;
  /** What the log has already; `undefined` for a new one. */
  readonly index: LogIndex | undefined;
  /** The log that continues this one, when that is there: nothing more comes to this one. */
  readonly next?: UnfinishedRun | undefined;
}

/** True when a log has all pages of its run: a run that is cut into several loads has none such. */
export function isWhole({ run, next }: Pick<RunPart, 'run' | 'next'>): boolean {
  return run.continues === undefined && next === undefined;
}

/** A run that begins or goes on. */
export interface BegunRun extends RunPart {
  readonly selection: Selection;
  /** An earlier invocation began it. */
  readonly resumed: boolean;
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
 * The run that this invocation is about: the one that was left unfinished, or else a new one; or the row
 * of one that was committed before, and there is nothing to do. A log that the configuration does not
 * fit any more is set aside, one that is to be abandoned is deleted.
 */
export async function beginRun(beginning: Beginning): Promise<BegunRun | RunRow> {
  const { setup, source, options, folder, dataset } = beginning;
  const restored = await dataset.restore(setup.name, source.name);
  const selection = selectResources(source, options.resources);
  const unfinished = await findUnfinishedRuns(folder, options.discard);
  const own = unfinished.filter(({ run }) => isOfTarget(run, beginning));
  const known = options.runId === undefined ? undefined : await dataset.findRun(setup.name, options.runId);
  if (known && isOver(known)) {
    for (const { dir, run } of own) if (runIdOf(run) === options.runId) await deleteLog(dir);
    return known;
  }
  for (const found of own) {
    const next = own.find(({ run }) => run.continues === found.run.loadId);
    const taken = await takeUp(found, { beginning, restored, next });
    if (taken) return taken;
  }
  return newRun(beginning, { restored, selection, present: unfinished.map(({ run }) => run.loadId) });
}

function newRun(
  { setup, source, options, folder }: Beginning,
  known: { readonly restored: Restored | undefined; readonly selection: Selection; readonly present: readonly string[] },
): BegunRun {
  const { restored, selection } = known;
  refuseMerge(setup, selection);
  const fullRefresh = options.fullRefresh ?? false;
  const now = setup.now();
  const loadId = newLoadId(now, [restored?.lastLoadId ?? '', ...known.present]);
  const run: RunRecord = {
    kind: 'run',
    loadId,
    runId: options.runId ?? loadId,
    pipeline: setup.name,
    dataset: setup.dataset,
    destination: placeOf(setup),
    source: source.name,
    fingerprint: source.fingerprint,
    ...(source.rowsFingerprint !== undefined && { rowsFingerprint: source.rowsFingerprint }),
    ...(options.origin !== undefined && { origin: options.origin }),
    startedAt: new Date(now).toISOString(),
    idSeed: newSeed(setup),
    resources: [...selection.loaded],
    fullRefresh,
    ...(options.limit !== undefined && { limit: options.limit }),
    state: statesAtStart(joinParentCursors({ restored, source: source.name }), source.name, { walked: selection.walked, fullRefresh }),
    bounds: boundsOf(selection.walked),
  };
  return { run, dir: logFolder(folder, loadId), selection, index: undefined, resumed: false };
}

/** Before anything is asked for; what a row decides is refused by the load. */
function refuseMerge({ destination }: PipelineSetup, { walked, loaded }: Selection): void {
  const { mergeStrategies, isStream } = destination.capabilities;
  if (mergeStrategies.length > 0 || isStream) return;
  const merged = walked.find((resource) => loaded.has(resource.name) && dispositionOf(resource)?.disposition === 'merge');
  if (!merged) return;
  throw new ConfigError('merge_unsupported', `${merged.name} is to be merged, which the destination ${destination.type} cannot do.`, {
    hint: 'Set `write_disposition` to append or replace, or load into duckdb:FILE or postgres://…, which merge.',
    context: { resource: merged.name },
  });
}

/** Type and place of a destination, as reports and logs name it. */
export function placeOf({ destination }: PipelineSetup): string {
  const { type, location } = destination;
  return location.startsWith(`${type}:`) ? location : `${type}:${location}`;
}

/** What row ids are made from, as the log keeps it. */
export function newSeed({ randomBytes }: PipelineSetup): string {
  return Buffer.from(randomBytes(16)).toString('base64');
}

function isOfTarget(run: RunRecord, { setup, source }: Beginning): boolean {
  return run.destination === placeOf(setup) && run.dataset === setup.dataset && run.source === source.name;
}

/** Goes on with a run, unless it is abandoned or does not fit; or finds that it is over. */
async function takeUp(
  found: UnfinishedRun,
  known: { readonly beginning: Beginning; readonly restored: Restored | undefined; readonly next: UnfinishedRun | undefined },
): Promise<BegunRun | RunRow | undefined> {
  const { dir, run } = found;
  const { beginning, restored, next } = known;
  const { setup, source, options, dataset } = beginning;
  if (await dataset.isCommitted(run.loadId)) {
    await (options.keepLog && isWhole({ run, next }) ? keepLog(dir) : deleteLog(dir));
    const isNamed = options.runId === undefined || options.runId === runIdOf(run);
    const isThis = isNamed && fit(run, beginning) === 'fits' && asksForTheSame(run, beginning);
    return isThis ? dataset.findRun(setup.name, runIdOf(run)) : undefined;
  }
  if (options.discard) {
    await deleteLog(dir);
    return undefined;
  }
  const index = await indexLog(dir);
  const fits = restored === undefined && goesOnFromLoads(run, setup) ? 'gone' : fit(run, beginning);
  const hasAllPages = index?.complete || next !== undefined;
  if (fits !== 'fits' && !(fits === 'changed' && hasAllPages && makesTheSameRows(run, source))) {
    await announceSetAside(found, fits, beginning.emit);
    return undefined;
  }
  const selection = selectResources(source, run.resources);
  announceOther(run, { source, options, isChanged: fits !== 'fits', bounds: boundsOf(selection.walked) }, beginning);
  return { run, dir, selection: atBounds(selection, run.bounds), index, next, resumed: true };
}

/** A run with a limit was a look at the API: it is not finished by one that wants something else. */
function fit(run: RunRecord, { source, options }: Beginning): 'fits' | 'changed' | 'limited' {
  if (run.limit !== undefined && run.limit !== options.limit) return 'limited';
  return run.fingerprint === source.fingerprint ? 'fits' : 'changed';
}

/** The run has only what an earlier load lacks. A stream has passed that load on and keeps none. */
function goesOnFromLoads({ continues, state }: RunRecord, { destination }: PipelineSetup): boolean {
  return !destination.capabilities.isStream && (continues !== undefined || Object.keys(state).length > 0);
}

/** Nothing is left to ask the API for, and what the pages become has not changed: the run can be finished. */
function makesTheSameRows(run: RunRecord, source: Source): boolean {
  return run.rowsFingerprint !== undefined && run.rowsFingerprint === source.rowsFingerprint;
}

/** Why an unfinished run is not finished. */
const WHY_NOT = {
  changed: 'the configuration has changed',
  limited: 'it had a limit',
  gone: 'what it goes on from is not in the destination any more',
} as const;

async function announceSetAside({ dir, run }: UnfinishedRun, fits: keyof typeof WHY_NOT, emit: Emit): Promise<void> {
  const path = await setAside(dir);
  emit({
    type: 'warning',
    code: 'unfinished_run_set_aside',
    message: `The unfinished run of ${run.startedAt} is not finished, because ${WHY_NOT[fits]}; this one starts anew. Its pages are in ${path}, which may be deleted.`,
  });
}

/** Tells that this invocation finishes a run that is not quite the one that was asked for. */
function announceOther(run: RunRecord, other: OtherRun, { emit }: Beginning): void {
  const why = whyOther(run, other);
  if (why === undefined) return;
  emit({ type: 'warning', code: 'unfinished_run_first', message: `There is an unfinished run of ${run.startedAt}: ${why}.` });
}

/** What an unfinished run is held against. */
interface OtherRun {
  readonly source: Source;
  readonly options: RunOptions;
  /** The configuration is not the run's. */
  readonly isChanged: boolean;
  /** As the configuration gives them now. */
  readonly bounds: RunBounds;
}

function whyOther(run: RunRecord, { source, options, isChanged, bounds }: OtherRun): string | undefined {
  if (isChanged)
    return 'all of its pages are there, so it is finished first, although the configuration has changed since. Run again for the new one';
  if (options.runId !== undefined && options.runId !== runIdOf(run))
    return `it is run ${runIdOf(run)}, and is finished first. Run again for ${options.runId}`;
  if (!asksForTheSame(run, { source, options })) return 'it is finished first, with its own options. Run again for these';
  if (run.bounds !== undefined && !sameBounds(run.bounds, bounds))
    return 'it is finished first, with the bounds that it began with. Run again for the new ones';
  return undefined;
}

function asksForTheSame(run: RunRecord, { source, options }: Pick<Beginning, 'source' | 'options'>): boolean {
  const asked = [...selectResources(source, options.resources).loaded];
  const isSame = asked.toSorted().join('\n') === run.resources.toSorted().join('\n');
  return isSame && (options.fullRefresh ?? false) === run.fullRefresh && options.limit === run.limit;
}
