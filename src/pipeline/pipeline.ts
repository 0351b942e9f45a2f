import { randomBytes } from 'node:crypto';
import type { Destination } from '../core/destination.ts';
import { ConfigError } from '../core/errors.ts';
import type { Source } from '../core/source.ts';
import { createNaming } from '../normalize/names.ts';
import { replayLog, type ReplayOptions } from './replay-log.ts';
import type { RunOptions } from './run-options.ts';
import { runPipeline } from './run-pipeline.ts';
import type { RunReport } from './run-report.ts';

/** What a pipeline is made from. */
export interface PipelineOptions {
  /** The state is kept under this name. A valid file name without dots. */
  readonly name: string;
  readonly destination: Destination;
  /** The dataset, `<name>_data` when left out. Its name in the database is in snake_case, as in dlt. */
  readonly dataset?: string | undefined;
  /** Folder of the pages of unfinished runs: `SYNCLINE_DIR`, or `.syncline`, when left out. */
  readonly workDir?: string | undefined;
  /** The clock, in milliseconds since the epoch. */
  readonly now?: () => number;
  /** Makes the seed of row ids. */
  readonly randomBytes?: (size: number) => Uint8Array;
}

/** A named way from sources to a dataset, with a state that lives in the dataset. */
export interface Pipeline extends AsyncDisposable {
  readonly name: string;
  readonly dataset: string;
  /**
   * Extracts, normalizes and loads a source; or finishes the run of it that was stopped, and starts no
   * other. Rejects with a SynclineError, or with the reason of the signal; the destination is then as
   * it was before, and the pages that came are kept.
   */
  run(source: Source, options?: RunOptions): Promise<RunReport>;
  /**
   * Normalizes and loads the page log of a run that is over, without asking the API: `dir` is where
   * `keepLog` left it. Under its own load id where the dataset lacks that, as a new load else. The
   * incremental cursors move only where the dataset stands where that run began. With a `runId`, one that was
   * committed under that name is not loaded again.
   */
  replay(source: Source, dir: string, options?: ReplayOptions): Promise<RunReport>;
}

const NAME = /^[^./\\%{}:*?"<>|\p{Cc}]+$/u;

/** Makes a pipeline. It owns the destination: disposing of it closes both. */
export function pipeline(options: PipelineOptions): Pipeline {
  const { name, destination, dataset = `${name}_data`, workDir = process.env['SYNCLINE_DIR'] ?? '.syncline' } = options;
  if (!NAME.test(name)) {
    throw new ConfigError('pipeline_name', `\`${name}\` cannot be the name of a pipeline.`, {
      hint: 'Use letters, digits, _ and -: the name becomes a folder.',
    });
  }
  if (dataset.trim() === '') {
    throw new ConfigError('dataset_name', 'The dataset has no name.', { hint: 'Name the dataset, or leave it out.' });
  }
  const setup = {
    name,
    destination,
    dataset,
    datasetName: createNaming(destination.capabilities.maxIdentifierLength).identifier(dataset),
    workDir,
    now: options.now ?? Date.now,
    randomBytes: options.randomBytes ?? randomBytes,
  };
  return {
    name,
    dataset,
    run: (source, runOptions = {}) => runPipeline(setup, source, runOptions),
    replay: (source, dir, replayOptions = {}) => replayLog({ setup, source, dir, options: replayOptions }),
    [Symbol.asyncDispose]: () => destination[Symbol.asyncDispose](),
  };
}
