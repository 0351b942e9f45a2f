import type { Emit } from './events.ts';
import type { Json, JsonObject } from './json.ts';
import type { LoadSize } from './load-size.ts';
import type { StopReason } from './paginator.ts';
import type { ColumnSchema, ContractMode, DataType, MergeStrategy, SchemaContract, WriteDisposition } from './schema.ts';
import type { IncrementalState, ResourceState } from './state.ts';

/** One record of an API, usually an object. */
export type Row = Json;

/** A hint that may depend on the row; dlt then wants `table_name` to be a function too. */
export type Dynamic<T> = T | ((row: Row) => T);

/** A write disposition as a configuration writes it, with the options of its strategy. */
export interface WriteDispositionOptions {
  readonly disposition: WriteDisposition;
  readonly strategy?: MergeStrategy | undefined;
  readonly deduplicated?: boolean | undefined;
  readonly source_filter?: string | undefined;
  readonly destination_scope?: string | undefined;
  readonly skip_unchanged_rows?: boolean | undefined;
  readonly row_version_column_name?: string | undefined;
  readonly validity_column_names?: readonly string[] | undefined;
  readonly active_record_timestamp?: string | null | undefined;
  readonly boundary_timestamp?: string | null | undefined;
}

/** A column hint as a configuration writes it: dlt's column keys, all optional. */
export type ColumnHint = Partial<ColumnSchema> & { readonly data_type?: DataType };

/** Hints of a nested table, by its raw path below the resource's rows. */
export interface NestedHints {
  readonly columns?: Readonly<Record<string, ColumnHint>>;
  readonly primary_key?: string | readonly string[];
  readonly merge_key?: string | readonly string[];
  readonly write_disposition?: WriteDisposition | WriteDispositionOptions;
  readonly schema_contract?: ContractMode | SchemaContract;
  readonly references?: readonly JsonObject[];
}

/** What a resource says of its tables, under dlt's keys and with raw (not yet normalized) names. */
export interface ResourceHints {
  readonly table_name?: Dynamic<string>;
  readonly write_disposition?: Dynamic<WriteDisposition | WriteDispositionOptions>;
  readonly primary_key?: Dynamic<string | readonly string[]>;
  readonly merge_key?: Dynamic<string | readonly string[]>;
  readonly columns?: Dynamic<Readonly<Record<string, ColumnHint>>>;
  readonly schema_contract?: Dynamic<ContractMode | SchemaContract>;
  readonly max_table_nesting?: number;
  readonly nested_hints?: Dynamic<Readonly<Record<string, NestedHints>>>;
  readonly references?: Dynamic<readonly JsonObject[]>;
  readonly table_format?: Dynamic<string>;
  readonly file_format?: Dynamic<string>;
  /** Name of the cursor column, when the cursor path is a plain name. */
  readonly incremental_column?: string;
}

/**
 * What one walk is made from, frozen when it starts and kept in the page log: with the
 * configuration it rebuilds the walk's requests and rows. Holds no secret.
 */
export interface WalkPlan {
  /** Values of `{resources.parent.field}` placeholders, by expression. */
  readonly values?: JsonObject;
  /** `_parent_field` values that every row of the walk gets (`include_from_parent`). */
  readonly include?: JsonObject;
  /** Tells the walks of different parents apart in the state. */
  readonly parentKey?: string;
  /** The incremental cursor as it was when the run started (never recomputed). */
  readonly incremental?: IncrementalState;
}

/** Where a walk goes on. */
export interface Checkpoint {
  readonly cursor: Json;
  /** Configuration of the paginator that was detected on the first page, when it was `auto`. */
  readonly paginator?: JsonObject;
  /** Data selector that was detected on the first page. */
  readonly selector?: string;
}

/** The bytes of a page and how to read them. */
export interface PageBody {
  readonly body: Uint8Array;
  /** JSONPath of the records. */
  readonly selector: string;
  /** Character set that the content type names, if it is not UTF-8. */
  readonly charset?: string;
}

/** What follows a page: `next` is where to go on; a page without it is the last and has `stop`. */
export interface PageStep {
  readonly next?: Checkpoint;
  readonly stop?: StopReason;
}

/** One page of a walk. */
export interface WalkedPage extends PageBody, PageStep {
  /** Position in the walk, from 0. */
  readonly index: number;
  /** Address, with secrets redacted. */
  readonly url: string;
  /** Records that the selector found. */
  readonly rowCount: number;
  /** The selector matched nothing on this page. */
  readonly selectorMissed?: boolean;
  /** Rows that the API says there are, when it does. */
  readonly total?: number;
  /** The total stood at a usual place, not at one that the paginator knows. */
  readonly totalIsGuess?: boolean;
  /** Where the last page announces a next one that the paginator does not follow: `body: paging.next`, `header: Link`. */
  readonly unfollowed?: string;
  /** Nothing pages, and the page has as many rows as its request asks for at most: there may be more. */
  readonly full?: boolean;
  /** Requests beyond the end that were under way in vain: the page that completes the walk tells, if there were any. */
  readonly pastEnd?: number;
}

/** The range that a configuration gives an incremental; null where it gives no bound. It may be another one each time that it is computed. */
export interface Bounds {
  readonly initial_value: Json;
  readonly end_value: Json;
}

/** How one walk moved the incremental cursor. */
export interface WalkProgress {
  readonly parentKey?: string;
  readonly incremental: IncrementalState;
}

/** Reads the rows of one walk's pages, in order: selects, includes, filters, runs the row steps. */
export interface RowReader {
  read(page: PageBody): Row[];
  /** True once `row_order` says that no later page can hold a wanted row. */
  readonly exhausted: boolean;
  /** The cursor after the pages read so far; `undefined` without an incremental or with an end value. */
  progress(): WalkProgress | undefined;
  /** All that is remembered of the pages read so far, `undefined` when that is nothing. A new reader goes on with it. */
  snapshot(): Json | undefined;
}

/** Options of a walk. */
export interface WalkOptions {
  /** Go on after this checkpoint instead of at the start. */
  readonly after?: Checkpoint;
  /** Position of the first page that is asked for. */
  readonly index?: number;
  /** Pages further on that came already, by index: they are not asked for again. */
  readonly have?: ReadonlyMap<number, PageStep>;
  /**
   * One page at a time, in order: nothing is asked for ahead. False: pages come in the order of their
   * arrival, and the walk ends at the first one, in the order of `index`, that has a `stop`. True when left out.
   */
  readonly sequential?: boolean;
  /** True: ask for nothing more. The walk then ends after the pages that are under way, perhaps without a last one. */
  readonly paused?: () => boolean;
  readonly signal?: AbortSignal;
  readonly emit?: Emit;
}

/** One endpoint of a source and what its rows become. */
export interface Resource {
  readonly name: string;
  /** False: walked when a selected resource depends on it, but not loaded. */
  readonly selected: boolean;
  /** Resource whose rows each start a walk of this one. */
  readonly parent?: string;
  readonly hints: ResourceHints;
  /** True when `row_order` may end a walk early: extract then reads each page's rows and stops once the reader is `exhausted`. */
  readonly stopsEarly?: boolean;
  /** Walks of it that may go on side by side; 1 when left out. */
  readonly concurrency?: number;
  /** The range of its incremental; absent where the configuration gives none. */
  readonly bounds?: Bounds;
  /** The same resource with the range that its run began with. There where `bounds` is. */
  withBounds?(bounds: Bounds): Resource;
  /** Freezes a walk. `state` is what the destination has; `parentRow` is there for dependent resources. */
  plan(options: { readonly state?: ResourceState | undefined; readonly parentRow?: Row }): WalkPlan;
  walk(plan: WalkPlan, options?: WalkOptions): AsyncIterable<WalkedPage>;
  /** Reads a walk from its first page, or after the pages that `snapshot` remembers. */
  reader(plan: WalkPlan, snapshot?: Json): RowReader;
  /** The state after complete walks; `undefined` when there is nothing to keep. */
  advance(state: ResourceState | undefined, progress: readonly WalkProgress[]): ResourceState | undefined;
}

/** A described API. `resources` lists parents before their children. */
export interface Source extends AsyncDisposable {
  readonly name: string;
  readonly resources: readonly Resource[];
  /** Hash of all that affects requests and rows: a changed one makes an unfinished run stale. */
  readonly fingerprint: string;
  /** Hash of all that makes rows of pages: an unfinished run whose pages are all there is still loaded while this is the same. */
  readonly rowsFingerprint?: string;
  /** How much a load brings at most, where a run is to be cut into several. */
  readonly commitEvery?: LoadSize;
  /** Contract of all its tables. */
  readonly schemaContract?: ContractMode | SchemaContract;
  /** Nesting of tables for resources that do not say. */
  readonly maxTableNesting?: number;
  /** Gives all nested tables the row key of their root. */
  readonly rootKey?: boolean;
}
