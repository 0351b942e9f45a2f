import type { GapCode, PartialGapCode } from '../core/gap.ts';
import type { SchemaChange } from '../core/schema.ts';
import type { StopReason } from '../core/paginator.ts';

/**
 * What a run did. Plain JSON with the field names that `--json` prints: fields are added in later
 * versions, never renamed. Counts of `requests` and `retries` are of this invocation; pages and rows
 * are of the whole run, also where an earlier invocation asked for them.
 */
export interface RunReport {
  readonly pipeline: string;
  readonly dataset: string;
  /** Type and place of the destination: `duckdb:messages.duckdb`. */
  readonly destination: string;
  /** Name of the source, which is that of its schema. */
  readonly source: string;
  /** As it was asked for, else the load id that was fixed when the run began. One row of `_syncline_runs` has it. */
  readonly run_id: string;
  /** True: an earlier invocation had committed the run, this one did nothing, and the rest is the report of that one. */
  readonly was_committed: boolean;
  /** The load's id in `_dlt_loads`; null when there was nothing to load: no row, no change of schema or state. */
  readonly load_id: string | null;
  /** All loads of the run: several when it was cut into parts, of which `load_id` is the last. */
  readonly load_ids: readonly string[];
  /** ISO 8601: when the run began, in an earlier invocation when it was resumed. */
  readonly started_at: string;
  readonly finished_at: string;
  /** Seconds that this invocation took. */
  readonly duration: number;
  /** An earlier invocation began the run; this one finished it and began no other. */
  readonly resumed: boolean;
  /** All that the API has, and that was asked for, is loaded. */
  readonly complete: boolean;
  /** Why not. Empty when the run is complete. */
  readonly incomplete_reasons: readonly IncompleteReason[];
  /** What the walks lack, and what else somebody should know of them. */
  readonly gaps: readonly GapReport[];
  readonly resources: readonly ResourceReport[];
  readonly tables: readonly TableReport[];
  readonly schema_changes: readonly SchemaChangeReport[];
  /** Columns that brought nulls only: without a type they are not made. */
  readonly null_columns: readonly { readonly table: string; readonly column: string }[];
  /** Texts with characters that no database takes: lone surrogates became U+FFFD, NULs were taken out. */
  readonly repaired_texts: readonly ColumnCount[];
  /** Numbers that are larger than a double, such as `1e400`: they became null. */
  readonly nulled_numbers: readonly ColumnCount[];
  readonly warnings: readonly WarningReport[];
}

/** What a run that is not complete lacks. */
export interface IncompleteReason {
  readonly resource: string;
  /** What the resource, or one that it depends on, lacks. `not_loaded`: rows came and were left out, because loading a part would delete the rest. */
  readonly code: PartialGapCode | 'not_loaded';
  readonly message: string;
}

/** One kind of gap of a resource, over all its walks. */
export interface GapReport {
  readonly resource: string;
  readonly code: GapCode;
  /** Rows, pages or walks, as the message says. */
  readonly count: number;
  /** What it means and what to do. */
  readonly message: string;
}

/** What one resource brought. */
export interface ResourceReport {
  readonly name: string;
  /** False: walked for the sake of other resources only. */
  readonly loaded: boolean;
  /** One for a top-level resource, one a parent row for a dependent one. */
  readonly walks: number;
  readonly pages: number;
  readonly requests: number;
  readonly retries: number;
  /** Records that the data selector found. */
  readonly rows_received: number;
  /** Rows that the row steps and the incremental filter left. */
  readonly rows: number;
  /** How many walks ended for which reason. */
  readonly stop_reasons: Readonly<Partial<Record<StopReason, number>>>;
  /** Pages with a body in which the data selector matched nothing. */
  readonly selector_missed_pages: number;
  /** Rows that the API says there are, over all walks that it told of; null when it told of none. */
  readonly advertised_total: number | null;
}

/** Rows that went to one table, before merging. */
export interface TableReport {
  readonly name: string;
  readonly rows: number;
}

/** How many values of a column something happened to. */
export interface ColumnCount {
  readonly table: string;
  readonly column: string;
  readonly count: number;
}

/** One change of the dataset's tables. */
export interface SchemaChangeReport {
  readonly table: string;
  readonly change: SchemaChange['kind'];
  /** Columns that were made, with their types. */
  readonly columns: readonly { readonly name: string; readonly data_type: string }[];
}

/** Something that a person should look at. */
export interface WarningReport {
  readonly code: string;
  readonly message: string;
  readonly resource?: string;
}
