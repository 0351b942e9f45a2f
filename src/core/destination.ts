import type { ColumnBatch } from './column-batch.ts';
import type { JsonObject } from './json.ts';
import type { MergeStrategy, Schema, SchemaChange } from './schema.ts';
import type { ParentCursor, PipelineState } from './state.ts';

/** What a destination can do. Contract suites skip by these alone. */
export interface Capabilities {
  /** The strategies of `merge` that work; empty: merge is refused. The first is the default. */
  readonly mergeStrategies: readonly MergeStrategy[];
  /** Longest table or column name; longer ones are shortened as dlt does. */
  readonly maxIdentifierLength: number;
  /** Rows, schema, state and load entry become visible in one commit. */
  readonly transactional: boolean;
  /** Columns may be added to a table that has rows. */
  readonly addsColumns: boolean;
  /**
   * Loads of several pipelines into one dataset go on at the same time. Without it one that meets another may be
   * refused, to be done again.
   */
  readonly concurrentLoads: boolean;
  /** Batches are held on to after `write`: each has arrays of its own. Without it they are valid until the next one is asked for. */
  readonly keepsBatches?: boolean;
  /** Rows only pass: nothing is kept that a later load could merge with, or a later run go on from. */
  readonly isStream?: boolean;
}

/** What the last load left: schema and state are there once a load was committed. */
export interface Restored {
  readonly schema: Schema | undefined;
  readonly state: PipelineState | undefined;
  /** The greatest load id of the dataset's `_dlt_loads`: a new one must be greater. */
  readonly lastLoadId?: string | undefined;
  /** Cursors of dependent resources, of that pipeline and schema; absent where the dataset has never had any. */
  readonly parentCursors?: readonly ParentCursor[];
}

/** What a load changes of the cursors of dependent resources. */
export interface ParentCursorChanges {
  /** Resources that lose all of their cursors first. */
  readonly forget: readonly string[];
  /** Cursors that are added or replaced; the last one counts where a cursor comes twice. */
  readonly put: readonly ParentCursor[];
}

/** What a run leaves in the dataset's `_syncline_runs`. */
export interface RunRow {
  readonly runId: string;
  readonly pipeline: string;
  /** The source's name, which is that of its schema. */
  readonly source: string;
  /** `null` for a run that loaded nothing. */
  readonly loadId: string | null;
  /** ISO 8601 in UTC, with milliseconds. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly complete: boolean;
  /** The run report. */
  readonly report: JsonObject;
}

/** One load, fixed when its page log is made. */
export interface LoadInfo {
  readonly loadId: string;
  readonly pipeline: string;
  /** When the run started; scd2 takes it as boundary. */
  readonly startedAt: Date;
  /** Schema as normalize starts from it: already migrated tables are known by it. How tables are loaded, the commit's schema says. */
  readonly schema: Schema;
  /** Root tables that this load replaces: emptied with their nested tables even when no row comes. */
  readonly replaced: readonly string[];
}

/** A database, folder or stream that datasets live in. */
export interface Destination extends AsyncDisposable {
  /** The scheme that names it: `duckdb`. */
  readonly type: string;
  /** dlt's name for it, kept in the state: `dlt.destinations.duckdb`. */
  readonly dltType: string;
  /** Where it is, for people: a path or an address without secrets. */
  readonly location: string;
  readonly capabilities: Capabilities;
  /** Rows go to the stdout of the process, where nothing else may be written then. */
  readonly ownsStdout?: boolean;
  /** Connects. The dataset itself is made by the first load. */
  open(dataset: string, options?: OpenOptions): Promise<Dataset>;
}

/** What a dataset does while another process keeps it from the database. */
export interface OpenOptions {
  /** Milliseconds to wait for the other process, each time; without it the first refusal counts. */
  readonly wait?: number | undefined;
  /** Told once who has the database, when that is waited for. */
  readonly waiting?: ((message: string) => void) | undefined;
  /** Ends the waiting, with its reason. Closing the dataset ends it too. */
  readonly signal?: AbortSignal | undefined;
}

/** A dataset of a destination: a schema with tables. */
export interface Dataset extends AsyncDisposable {
  /** The newest schema of that name and state of that pipeline, or `undefined` where no dataset is. */
  restore(pipeline: string, schema: string): Promise<Restored | undefined>;
  /** True when `_dlt_loads` has the load id. */
  isCommitted(loadId: string): Promise<boolean>;
  /** The newest row of that pipeline and run id in `_syncline_runs`. */
  findRun(pipeline: string, runId: string): Promise<RunRow | undefined>;
  /** Adds the row of a run that loaded nothing. Makes the dataset and the table where they are missing. */
  recordRun(run: RunRow): Promise<void>;
  begin(load: LoadInfo): Promise<LoadTransaction>;
}

/** What a commit adds to the rows. */
export interface FinalLoad {
  readonly schema: Schema;
  /** The state, when it changed. */
  readonly state: PipelineState | undefined;
  /** Cursors of dependent resources, when they changed. */
  readonly parentCursors?: ParentCursorChanges;
  /** The run that the load ends. */
  readonly run?: RunRow;
}

/** One transaction: nothing is visible before `commit` returns (invariant 2). */
export interface LoadTransaction {
  /** Adds tables and columns. May be called between writes. What is there already is left alone. */
  migrate(changes: readonly SchemaChange[]): Promise<void>;
  /** Takes the rows of a batch; it is not kept after the promise resolves. */
  write(batch: ColumnBatch): Promise<void>;
  /** Merges, replaces, writes schema, state, cursors, run and `_dlt_loads`, and commits. */
  commit(final: FinalLoad): Promise<void>;
  /** Undoes everything. Safe after a failed commit. */
  rollback(): Promise<void>;
}
