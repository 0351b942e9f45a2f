import type { Destination } from '../core/destination.ts';
import type { Emit } from '../core/events.ts';
import type { LoadSize } from '../core/load-size.ts';

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
  /**
   * Names the run, so that a scheduler may start it as often as it likes: once a run of this name is
   * committed, another one does nothing and gives the report of that one.
   */
  readonly runId?: string | undefined;
  /**
   * Milliseconds to wait for another process that runs the pipeline, or has the database. When left out,
   * a pipeline that is being run is refused, and the database is waited for 30 seconds.
   */
  readonly wait?: number | undefined;
  /** Load nothing at all when the run turns out not to be complete. Its pages are deleted, or kept with `keepLog`. */
  readonly strict?: boolean | undefined;
  /** Keep the page log of the run after its commit: `Pipeline.replay` loads it again. */
  readonly keepLog?: boolean | undefined;
  /**
   * Cut the run into several loads of about this size, each with the cursors that belong to it, so that a
   * long one shows data early and needs little disk; the source's own size when left out. Resources whose
   * loading deletes or retires what it does not bring (`replace` and the like) are loaded once, at the end.
   */
  readonly commitEvery?: LoadSize | undefined;
  /** Path of the file that describes the source, noted in the page log for whoever replays it. */
  readonly origin?: string | undefined;
  /** Stops the run. The pages that came stay for the next one. */
  readonly signal?: AbortSignal | undefined;
  /** Told what happens, as it happens. */
  readonly emit?: Emit | undefined;
}
