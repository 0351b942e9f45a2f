import { ConfigError } from '../core/errors.ts';
import type { RunEvent } from '../core/events.ts';
import type { Source } from '../core/source.ts';
import { extract } from '../extract/extract.ts';
import { PageLog } from '../page-log/page-log.ts';
import { type BegunRun, beginRun, placeOf } from './begin-run.ts';
import { finishReport } from './finish-report.ts';
import { type Loaded, loadLog } from './load-log.ts';
import { readLogRows } from './read-log-rows.ts';
import { type Participation, settleParticipation } from './participation.ts';
import { lockPipeline } from './pipeline-lock.ts';
import type { PipelineSetup, RunOptions } from './run-options.ts';
import type { RunReport } from './run-report.ts';
import { createTally, type RunTally } from './run-tally.ts';
import { deleteLog, openPipelineFolder } from './unfinished-runs.ts';

const NO_WALKS: ReadonlySet<number> = new Set();

/** One invocation is one run: restore, extract, normalize, load, forget the pages. */
export async function runPipeline(setup: PipelineSetup, source: Source, options: RunOptions): Promise<RunReport> {
  const { limit } = options;
  if (limit !== undefined && (!Number.isSafeInteger(limit) || limit < 1)) {
    throw new ConfigError('limit', `The limit of pages is ${limit}.`, { hint: 'Give a whole number from 1.' });
  }
  const startedMs = setup.now();
  const folder = await openPipelineFolder(setup.workDir, setup.name);
  await using _lock = await lockPipeline(folder, setup.name);
  options.signal?.throwIfAborted();

  const early: RunEvent[] = [];
  const begun = await begin({ setup, source, options, folder, emit: (event) => early.push(event) });
  const tally = createTally(begun.selection.walked, begun.selection.loaded);
  const run = new PipelineRun({ setup, source, options, begun, tally });
  for (const event of early) run.emit(event);
  const { participation, loaded } = begun.isCommitted ? await run.wasCommitted() : await run.finish();
  return finishReport({ begun, participation, tally, loaded, place: placeOf(setup), startedMs, finishedMs: setup.now() });
}

/** The destination is open while it is read, and closed again while the API is asked. */
async function begin(beginning: Omit<Parameters<typeof beginRun>[0], 'dataset'>): Promise<BegunRun> {
  const { destination, datasetName } = beginning.setup;
  await using dataset = await destination.open(datasetName);
  return await beginRun({ ...beginning, dataset });
}

interface Outcome {
  readonly participation: Participation;
  readonly loaded: Loaded | undefined;
}

interface RunParts {
  readonly setup: PipelineSetup;
  readonly source: Source;
  readonly options: RunOptions;
  readonly begun: BegunRun;
  readonly tally: RunTally;
}

class PipelineRun {
  readonly #parts: RunParts;
  #pages: number;

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.#pages = [...(parts.begun.index?.pages.values() ?? [])].reduce((sum, pages) => sum + pages, 0);
  }

  readonly emit = (event: RunEvent): void => {
    if (event.type === 'page') this.#pages += 1;
    this.#parts.tally.event(event);
    this.#parts.options.emit?.(event);
  };

  /** Extracts what is missing and loads it all. When that fails, the pages stay for the next run (invariant 3). */
  async finish(): Promise<Outcome> {
    const { setup, begun } = this.#parts;
    const { run, index } = begun;
    this.emit({ type: 'run_started', pipeline: setup.name, dataset: run.dataset, loadId: run.loadId, resumed: index !== undefined });
    if (index && index.end.torn > 0)
      this.emit({ type: 'debug', message: `The page log ended in ${index.end.torn} torn bytes, which are cut off.` });
    try {
      const limited = await this.#extract();
      const outcome = await this.#load(limited);
      await this.#forget();
      return outcome;
    } catch (error) {
      await this.#keepPages();
      throw error;
    }
  }

  /** What the log of a committed run tells: the rows are in the destination already. */
  async wasCommitted(): Promise<Outcome> {
    const { begun, tally } = this.#parts;
    const { dir, selection, index, run } = begun;
    await readLogRows({ dir, walked: selection.walked, voided: index?.voided ?? NO_WALKS, tally }, () => undefined);
    await this.#forget();
    const limited = index?.limited ?? new Set<string>();
    return {
      participation: settleParticipation(selection, { fullRefresh: run.fullRefresh, limited, schema: undefined }),
      loaded: undefined,
    };
  }

  async #extract(): Promise<ReadonlySet<string>> {
    const { begun, options } = this.#parts;
    const { run, index, dir, selection } = begun;
    await using log = index ? await PageLog.resume(dir, index.end) : await PageLog.create(dir, run);
    const { limited } = await extract({
      resources: selection.walked,
      state: run.state,
      log,
      index,
      limit: run.limit,
      emit: this.emit,
      signal: options.signal,
    });
    return limited;
  }

  async #load(limited: ReadonlySet<string>): Promise<Outcome> {
    const { setup, source, options, begun, tally } = this.#parts;
    const { run, index, dir, selection } = begun;
    const { destination, datasetName } = setup;
    this.emit({ type: 'load_started', loadId: run.loadId });
    await using dataset = await destination.open(datasetName);
    // Anew: another pipeline may have loaded into the dataset meanwhile.
    const restored = await dataset.restore(setup.name, source.name);
    const participation = settleParticipation(selection, { fullRefresh: run.fullRefresh, limited, schema: restored?.schema });
    const voided = index?.voided ?? NO_WALKS;
    const loaded = await loadLog({
      source,
      participation,
      run,
      dir,
      voided,
      destination,
      dataset,
      restored,
      tally,
      emit: this.emit,
      signal: options.signal,
    });
    if (loaded.isCommitted) this.emit({ type: 'committed', loadId: run.loadId });
    this.#warn(loaded);
    return { participation, loaded };
  }

  #warn({ warnings }: Loaded): void {
    const { tally, begun } = this.#parts;
    for (const message of warnings) this.emit({ type: 'warning', code: 'schema', message });
    for (const { name, parent, selected } of begun.selection.walked) {
      if (parent !== undefined && tally.selectorNeverMatched(name)) {
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
    const { dir } = this.#parts.begun;
    try {
      await deleteLog(dir);
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
