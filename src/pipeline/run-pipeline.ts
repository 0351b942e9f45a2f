import type { Dataset, RunRow } from '../core/destination.ts';
import { ConfigError } from '../core/errors.ts';
import type { RunEvent } from '../core/events.ts';
import type { Gaps } from '../core/gap.ts';
import type { Source } from '../core/source.ts';
import { extract } from '../extract/extract.ts';
import { PageLog } from '../page-log/page-log.ts';
import { type BegunRun, beginRun, placeOf } from './begin-run.ts';
import { finishReport } from './finish-report.ts';
import { type Loaded, loadLog } from './load-log.ts';
import { type Participation, settleParticipation, withNothingLoaded } from './participation.ts';
import { openDataset } from './open-dataset.ts';
import { lockPipeline } from './pipeline-lock.ts';
import { readLogRows } from './read-log-rows.ts';
import type { PipelineSetup, RunOptions } from './run-options.ts';
import type { RunReport } from './run-report.ts';
import { runRow, storedReport } from './run-row.ts';
import { createTally, type RunTally } from './run-tally.ts';
import { deleteLog, keepLog, openPipelineFolder } from './unfinished-runs.ts';

const NO_WALKS: ReadonlySet<number> = new Set();
const NOTHING: Loaded = { isCommitted: false, rowCounts: {}, nullColumns: [], repairedTexts: [], nulledNumbers: [], warnings: [] };

/** One invocation is one run: restore, extract, normalize, load, forget the pages. */
export async function runPipeline(setup: PipelineSetup, source: Source, options: RunOptions): Promise<RunReport> {
  checkOptions(options);
  const startedMs = setup.now();
  const folder = await openPipelineFolder(setup.workDir, setup.name);
  await using _lock = await lockPipeline(folder, setup.name, {
    ms: options.wait,
    waiting: (message) => options.emit?.({ type: 'waiting', message }),
    signal: options.signal,
  });
  options.signal?.throwIfAborted();

  const early: RunEvent[] = [];
  const begun = await begin({ setup, source, options, folder, emit: (event) => early.push(event) });
  if (!('dir' in begun)) return storedReport(begun);
  const run = new PipelineRun({ setup, source, options, begun, startedMs });
  for (const event of early) run.emit(event);
  return await run.finish();
}

function checkOptions({ limit, runId, wait }: RunOptions): void {
  if (limit !== undefined && (!Number.isSafeInteger(limit) || limit < 1)) {
    throw new ConfigError('limit', `The limit of pages is ${limit}.`, { hint: 'Give a whole number from 1.' });
  }
  if (runId !== undefined && runId.trim() === '') {
    throw new ConfigError('run_id', 'The run id is empty.', { hint: 'Name the run, or leave the run id out.' });
  }
  if (wait !== undefined && !(wait >= 0)) {
    throw new ConfigError('wait', `The run cannot wait for ${wait} milliseconds.`, { hint: 'Give a number from 0.' });
  }
}

/** The destination is open while it is read, and closed again while the API is asked. */
async function begin(beginning: Omit<Parameters<typeof beginRun>[0], 'dataset'>): Promise<BegunRun | RunRow> {
  const { setup, options } = beginning;
  await using dataset = await openDataset(setup, options);
  return await beginRun({ ...beginning, dataset });
}

/** What a run is made from. */
export interface RunParts {
  readonly setup: PipelineSetup;
  readonly source: Source;
  readonly options: RunOptions;
  readonly begun: BegunRun;
  readonly startedMs: number;
  /** Resources whose incremental cursors stay, whatever comes. */
  readonly heldBack?: ReadonlySet<string>;
}

interface Outcome {
  readonly participation: Participation;
  readonly loaded: Loaded;
}

/** A run from its page log on. */
export class PipelineRun {
  readonly #parts: RunParts;
  readonly #tally: RunTally;
  #pages: number;

  constructor(parts: RunParts) {
    const { selection, index } = parts.begun;
    this.#parts = parts;
    this.#tally = createTally(selection.walked, selection.loaded);
    this.#pages = [...(index?.pages.values() ?? [])].reduce((sum, pages) => sum + pages, 0);
  }

  readonly emit = (event: RunEvent): void => {
    if (event.type === 'page') this.#pages += 1;
    this.#tally.event(event);
    this.#parts.options.emit?.(event);
  };

  /** Extracts what is missing and loads it all. When that fails, the pages stay for the next run (invariant 3). */
  async finish(): Promise<RunReport> {
    const { setup, begun } = this.#parts;
    const { run, index } = begun;
    this.emit({ type: 'run_started', pipeline: setup.name, dataset: run.dataset, loadId: run.loadId, resumed: begun.resumed });
    if (index && index.end.torn > 0)
      this.emit({ type: 'debug', message: `The page log ended in ${index.end.torn} torn bytes, which are cut off.` });
    try {
      const gaps = await this.#extract();
      const outcome = await this.#load(gaps);
      await this.#forget();
      return this.#report(outcome);
    } catch (error) {
      await this.#keepPages();
      throw error;
    }
  }

  /** Loads a log that is complete, and leaves it where it is. */
  async replay(): Promise<RunReport> {
    const { setup, begun } = this.#parts;
    this.emit({ type: 'run_started', pipeline: setup.name, dataset: begun.run.dataset, loadId: begun.run.loadId, resumed: false });
    return this.#report(await this.#load(await this.#extract()));
  }

  #report({ participation, loaded }: Outcome): RunReport {
    const { setup, begun, startedMs } = this.#parts;
    return finishReport({
      begun,
      participation,
      tally: this.#tally,
      loaded,
      place: placeOf(setup),
      startedMs,
      finishedMs: setup.now(),
    });
  }

  async #extract(): Promise<Gaps> {
    const { begun, options } = this.#parts;
    const { run, index, dir, selection } = begun;
    if (index?.complete) return index.gaps;
    await using log = index ? await PageLog.resume(dir, index.end) : await PageLog.create(dir, run);
    const { gaps } = await extract({
      resources: selection.walked,
      state: run.state,
      log,
      index,
      limit: run.limit,
      emit: this.emit,
      signal: options.signal,
    });
    return gaps;
  }

  async #load(gaps: Gaps): Promise<Outcome> {
    const { setup, source, options, begun } = this.#parts;
    const { run, index, dir, selection } = begun;
    this.emit({ type: 'load_started', loadId: run.loadId });
    await using dataset = await openDataset(setup, options);
    // Anew: another pipeline may have loaded into the dataset meanwhile.
    const restored = await dataset.restore(setup.name, source.name);
    const participation = settleParticipation(selection, { fullRefresh: run.fullRefresh, gaps, schema: restored?.schema });
    if (options.strict && participation.incomplete.size > 0) return await this.#loadNothing(dataset, participation);
    const loaded = await loadLog({
      source,
      participation,
      run,
      dir,
      voided: index?.voided ?? NO_WALKS,
      destination: setup.destination,
      dataset,
      restored,
      tally: this.#tally,
      heldBack: this.#parts.heldBack,
      row: (counted) => {
        this.#warn(counted);
        return runRow(this.#report({ participation, loaded: counted }));
      },
      emit: this.emit,
      signal: options.signal,
    });
    if (loaded.isCommitted) this.emit({ type: 'committed', loadId: run.loadId });
    return { participation, loaded };
  }

  /** Counts what came, for the row that is all that the run leaves. */
  async #loadNothing(dataset: Dataset, known: Participation): Promise<Outcome> {
    const { begun, options } = this.#parts;
    const { dir, selection, index } = begun;
    const voided = index?.voided ?? NO_WALKS;
    await readLogRows({ dir, walked: selection.walked, voided, tally: this.#tally, signal: options.signal }, () => undefined);
    const outcome = { participation: withNothingLoaded(known), loaded: NOTHING };
    await dataset.recordRun(runRow(this.#report(outcome)));
    return outcome;
  }

  #warn({ warnings }: Loaded): void {
    const { begun } = this.#parts;
    for (const message of warnings) this.emit({ type: 'warning', code: 'schema', message });
    for (const { name, parent, selected } of begun.selection.walked) {
      if (parent !== undefined && this.#tally.selectorNeverMatched(name)) {
        const message = `${name}: the data selector matched nothing on any page. Set \`data_selector\` to where the records are.`;
        this.emit({ type: 'warning', code: 'selector_never_matched', resource: name, message });
      }
      if (selected && !begun.selection.loaded.has(name) && begun.run.state[name] !== undefined) {
        const message = `${name}: walked for other resources and not loaded, so its incremental cursor stays where it is.`;
        this.emit({ type: 'warning', code: 'cursor_kept', resource: name, message });
      }
    }
  }

  /** The run is done: that its pages stay is no failure, the next run tries again. */
  async #forget(): Promise<void> {
    const { begun, options } = this.#parts;
    const { dir } = begun;
    try {
      if (!options.keepLog) await deleteLog(dir);
      else this.emit({ type: 'log_kept', dir: await keepLog(dir) });
    } catch (error) {
      const message = `The pages in ${dir} are loaded, but could not be deleted: ${error instanceof Error ? error.message : String(error)}.`;
      this.emit({ type: 'warning', code: 'log_not_deleted', message });
    }
  }

  /** Says where the pages are. Where none came, there is nothing to go on with. */
  async #keepPages(): Promise<void> {
    const { begun, options } = this.#parts;
    if (this.#pages === 0) {
      await deleteLog(begun.dir).catch(() => undefined);
      return;
    }
    if (options.signal?.aborted) return;
    const message = `The pages that came are kept in ${begun.dir}: the next run goes on with them, or deletes them when it is told to discard.`;
    this.emit({ type: 'warning', code: 'pages_kept', message });
  }
}
