import { dirname, join } from 'node:path';
import type { Dataset, Restored } from '../core/destination.ts';
import type { RunEvent } from '../core/events.ts';
import type { Gaps } from '../core/gap.ts';
import type { LoadSize } from '../core/load-size.ts';
import type { Schema } from '../core/schema.ts';
import type { Source } from '../core/source.ts';
import { extract, type Extracted, type ExtractOptions } from '../extract/extract.ts';
import type { NormalizeReport } from '../normalize/normalize-report.ts';
import { carryOver } from '../page-log/carry-over.ts';
import { indexLog } from '../page-log/index-log.ts';
import { PageLog } from '../page-log/page-log.ts';
import { type BegunRun, isWhole, newSeed, placeOf, type RunPart } from './begin-run.ts';
import { loadedInParts, partSize } from './commit-parts.ts';
import { finishReport } from './finish-report.ts';
import { newLoadId } from './load-id.ts';
import { type LastLoad, loadLog, type LoadLogOptions } from './load-log.ts';
import { openDataset } from './open-dataset.ts';
import { type Participation, settleParticipation, withNothingLoaded } from './participation.ts';
import { readLogRows } from './read-log-rows.ts';
import type { PipelineSetup, RunOptions } from './run-options.ts';
import type { RunReport } from './run-report.ts';
import { runRow } from './run-row.ts';
import { createTally, type RunTally } from './run-tally.ts';
import type { Selection } from './select-resources.ts';
import { deleteLog, keepLog } from './unfinished-runs.ts';

const NO_WALKS: ReadonlySet<number> = new Set();

/** What a run is made from. */
export interface RunInput {
  readonly setup: PipelineSetup;
  readonly source: Source;
  readonly options: RunOptions;
  readonly begun: BegunRun;
  readonly startedMs: number;
  /** Resources whose incremental cursors stay, whatever comes. */
  readonly heldBack?: ReadonlySet<string>;
}

/** A run from its page log on. */
export class PipelineRun {
  readonly #input: RunInput;
  readonly #tally: RunTally;
  /** What may be loaded in parts. */
  readonly #inParts: Selection;
  /** How large a part is; `undefined` when all of the run is one load. */
  readonly #partSize: LoadSize | undefined;
  /** Pages in the log, and what of them came since it began. */
  #pages: number;
  #rows = 0;
  #bytes = 0;

  constructor(input: RunInput) {
    const { source, options, begun } = input;
    const { selection, index, run } = begun;
    this.#input = input;
    this.#inParts = loadedInParts(selection);
    this.#partSize = partSize(options, source, run);
    this.#tally = createTally(selection.walked, selection.loaded, run.tally);
    this.#pages = [...(index?.pages.values() ?? [])].reduce((sum, pages) => sum + pages, 0);
  }

  readonly emit = (event: RunEvent): void => {
    if (event.type === 'page') {
      this.#pages += 1;
      this.#rows += event.rows;
      this.#bytes += event.bytes;
    }
    this.#tally.event(event);
    this.#input.options.emit?.(event);
  };

  /** Extracts what is missing and loads it all. When that fails, the pages stay for the next run (invariant 3). */
  async finish(): Promise<RunReport> {
    const { setup, begun } = this.#input;
    const { run, index, resumed } = begun;
    this.emit({ type: 'run_started', pipeline: setup.name, dataset: run.dataset, loadId: run.loadId, resumed });
    if (index && index.end.torn > 0)
      this.emit({ type: 'debug', message: `The page log ended in ${index.end.torn} torn bytes, which are cut off.` });
    if (this.#input.options.keepLog && !isWhole(begun)) {
      const message = 'The pages are not kept: this run was cut into several loads, and those of the loads before are gone.';
      this.emit({ type: 'warning', code: 'log_not_kept', message });
    }
    let part: RunPart = begun;
    try {
      for (;;) {
        const extracted = part.next ? undefined : await this.#extract(part);
        if (extracted && !extracted.paused) return await this.#finishWith(part, extracted.gaps);
        part = await this.#loadPart(part);
      }
    } catch (error) {
      await this.#keepPages(part);
      throw error;
    }
  }

  /** Loads a log that is complete, and leaves it where it is. */
  async replay(): Promise<RunReport> {
    const { setup, begun } = this.#input;
    this.emit({ type: 'run_started', pipeline: setup.name, dataset: begun.run.dataset, loadId: begun.run.loadId, resumed: false });
    const { gaps } = await this.#extract(begun);
    return this.#report(await this.#load(begun, gaps));
  }

  #report(participation: Participation): RunReport {
    const { setup, begun, startedMs } = this.#input;
    return finishReport({ begun, participation, tally: this.#tally, place: placeOf(setup), startedMs, finishedMs: setup.now() });
  }

  async #finishWith(part: RunPart, gaps: Gaps): Promise<RunReport> {
    const participation = await this.#load(part, gaps);
    await this.#forget(part);
    return this.#report(participation);
  }

  /** Resources that are loaded in parts come first, so that what is loaded at the end is not in their logs. */
  async #extract(part: RunPart): Promise<Extracted> {
    const { begun } = this.#input;
    const { index, dir, run } = part;
    if (index?.complete) return { gaps: index.gaps, paused: false };
    this.#rows = 0;
    this.#bytes = 0;
    await using log = index ? await PageLog.resume(dir, index.end) : await PageLog.create(dir, run);
    const all = begun.selection.walked;
    const first = this.#inParts.walked;
    if (this.#partSize === undefined || first.length === 0) return await this.#extractInto(log, { resources: all, index });
    const extracted = await this.#extractInto(log, {
      resources: first,
      index,
      more: first.length < all.length,
      paused: () => this.#isFull(),
    });
    if (extracted.paused || first.length === all.length) return extracted;
    return await this.#extractInto(log, { resources: all, index: await indexLog(dir) });
  }

  #extractInto(log: PageLog, what: Pick<ExtractOptions, 'resources' | 'index' | 'more' | 'paused'>): Promise<Extracted> {
    const { begun, options } = this.#input;
    const { state, limit } = begun.run;
    return extract({ ...what, state, log, limit, emit: this.emit, signal: options.signal });
  }

  #isFull(): boolean {
    const size = this.#partSize ?? { rows: Infinity };
    return 'rows' in size ? this.#rows >= size.rows : this.#bytes >= size.bytes;
  }

  /** Loads what there is of a run that goes on, and resolves to the log that it goes on in. */
  async #loadPart(part: RunPart): Promise<RunPart> {
    const { setup } = this.#input;
    const index = await indexLog(part.dir);
    if (!index) throw new Error(`The page log in ${part.dir} is gone.`);
    await using open = await this.#open();
    const { dataset, restored } = open;
    const loadId = newLoadId(setup.now(), [part.run.loadId, restored?.lastLoadId ?? '']);
    const next = part.next ?? { run: { ...part.run, loadId, idSeed: newSeed(setup) }, dir: join(dirname(part.dir), loadId) };
    const participation = this.#settle(this.#inParts, { gaps: index.gaps, schema: restored?.schema });
    await this.#loadLog(part, {
      dataset,
      restored,
      participation,
      last: {
        carryOver: async (snapshots) => {
          if (part.next) return;
          const run = { ...next.run, tally: this.#tally.snapshot() };
          await carryOver({ dir: part.dir, index, newDir: next.dir, run, snapshots });
        },
      },
    });
    await this.#forget(part);
    return { ...next, index: await indexLog(next.dir) };
  }

  async #load(part: RunPart, gaps: Gaps): Promise<Participation> {
    const { begun, options } = this.#input;
    await using open = await this.#open();
    const { dataset, restored } = open;
    const participation = this.#settle(begun.selection, { gaps, schema: restored?.schema });
    if (options.strict && participation.incomplete.size > 0) return await this.#loadNothing(part, { dataset, participation });
    const row: LastLoad['row'] = (normalized) => {
      this.#warn(normalized);
      return runRow(this.#report(participation));
    };
    await this.#loadLog(part, { dataset, restored, participation, last: { row } });
    return participation;
  }

  /** The dataset as it is now: another pipeline may have loaded into it meanwhile. */
  async #open(): Promise<AsyncDisposable & { readonly dataset: Dataset; readonly restored: Restored | undefined }> {
    const { setup, source, options } = this.#input;
    const dataset = await openDataset(setup, options);
    try {
      const restored = await dataset.restore(setup.name, source.name);
      return { dataset, restored, [Symbol.asyncDispose]: () => dataset[Symbol.asyncDispose]() };
    } catch (error) {
      await dataset[Symbol.asyncDispose]();
      throw error;
    }
  }

  #settle(selection: Selection, known: { readonly gaps: Gaps; readonly schema: Schema | undefined }): Participation {
    return settleParticipation(selection, { ...known, fullRefresh: this.#input.begun.run.fullRefresh });
  }

  async #loadLog(part: RunPart, what: Pick<LoadLogOptions, 'dataset' | 'restored' | 'participation' | 'last'>): Promise<void> {
    const { setup, source, options, heldBack } = this.#input;
    const { run, dir } = part;
    this.emit({ type: 'load_started', loadId: run.loadId, isPart: 'carryOver' in what.last });
    const isCommitted = await loadLog({
      ...what,
      source,
      run,
      dir,
      voided: part.index?.voided ?? NO_WALKS,
      destination: setup.destination,
      tally: this.#tally,
      heldBack,
      emit: this.emit,
      signal: options.signal,
    });
    if (isCommitted) this.emit({ type: 'committed', loadId: run.loadId });
  }

  /** Counts what came, for the row that is all that the run leaves. */
  async #loadNothing(
    { dir, index }: RunPart,
    known: { readonly dataset: Dataset; readonly participation: Participation },
  ): Promise<Participation> {
    const { options } = this.#input;
    const { walked } = known.participation;
    const voided = index?.voided ?? NO_WALKS;
    await readLogRows({ dir, walked, voided, tally: this.#tally, signal: options.signal }, () => undefined);
    const participation = withNothingLoaded(known.participation);
    await known.dataset.recordRun(runRow(this.#report(participation)));
    return participation;
  }

  #warn({ warnings }: NormalizeReport): void {
    const { begun } = this.#input;
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

  /** What the log has is loaded: that its pages stay is no failure, the next run tries again. */
  async #forget(part: RunPart): Promise<void> {
    const { dir } = part;
    try {
      if (!this.#input.options.keepLog || !isWhole(part)) await deleteLog(dir);
      else this.emit({ type: 'log_kept', dir: await keepLog(dir) });
    } catch (error) {
      const message = `The pages in ${dir} are loaded, but could not be deleted: ${error instanceof Error ? error.message : String(error)}.`;
      this.emit({ type: 'warning', code: 'log_not_deleted', message });
    }
  }

  /** Says where the pages are. Where none came, there is nothing to go on with. */
  async #keepPages({ dir }: RunPart): Promise<void> {
    if (this.#pages === 0) {
      await deleteLog(dir).catch(() => undefined);
      return;
    }
    if (this.#input.options.signal?.aborted) return;
    const message = `The pages that came are kept in ${dir}: the next run goes on with them, or deletes them when it is told to discard.`;
    this.emit({ type: 'warning', code: 'pages_kept', message });
  }
}
