import type { Destination } from '../core/destination.ts';
import type { Emit } from '../core/events.ts';

/** What the runs of a pipeline share. */
export interface PipelineSetup {
  readonly name: string;
  readonly destination: Destination;
  /** As it was given: the state has this one. */
  readonly dataset: string;
  /** As the database has it. */
  readonly datasetName: string;
  readonly workDir: string;
  readonly now: () => number;
  readonly randomBytes: (size: number) => Uint8Array;
}

/** What one run does. */
export interface RunOptions {
  /** Load these resources only. Those that they depend on are walked, but not loaded. */
  readonly resources?: readonly string[] | undefined;
  /**
   * Start from the beginning: the incremental cursors of the resources are forgotten, and their tables
   * are emptied and filled with what this run brings, in the one commit. What is not asked for stays.
   */
  readonly fullRefresh?: boolean | undefined;
  /**
   * Pages of each resource at most, to have a look. The run is then not complete, the incremental cursors
   * stay, and a resource whose loading would delete what the part lacks is left out if its table has rows.
   */
  readonly limit?: number | undefined;
  /** Abandon an unfinished run instead of finishing it: its pages are deleted. */
  readonly discard?: boolean | undefined;
  /** Stops the run. The pages that came stay for the next one. */
  readonly signal?: AbortSignal | undefined;
  /** Told what happens, as it happens. */
  readonly emit?: Emit | undefined;
}
