import type { Json } from './json.ts';

/** What dlt keeps of one incremental cursor. Values are JSON or dlt's typed strings (U+F026…). */
export interface IncrementalState {
  initial_value: Json;
  last_value: Json;
  unique_hashes: string[];
  start_value: Json;
}

/** A cursor of a dependent resource for one of its parents. Kept in `_syncline_cursors`, a row each. */
export interface ParentCursor {
  readonly resource: string;
  /** What tells the parent apart from the resource's other parents. */
  readonly parentKey: string;
  readonly cursorPath: string;
  readonly state: IncrementalState;
}

/** State of one resource. Keys other than `incremental` are kept as they are. */
export interface ResourceState {
  incremental?: Record<string, IncrementalState>;
  /** Cursors of a dependent resource, by parent key, then by cursor path. */
  syncline_parents?: Record<string, Record<string, IncrementalState>>;
  /** The parents' cursors are not in the document but in `_syncline_cursors`, because they are many. */
  syncline_parents_in?: 'table';
  [key: string]: unknown;
}

/** State of one source. Keys other than `resources` are kept as they are. */
export interface SourceState {
  resources?: Record<string, ResourceState>;
  [key: string]: unknown;
}

/**
 * dlt's pipeline state document, engine version 4, without its `_local` part
 * (`dataset-layout`: pipeline state). Committed with the rows it belongs to.
 */
export interface PipelineState {
  _state_version: number;
  _state_engine_version: number;
  _version_hash?: string;
  pipeline_name: string;
  dataset_name: string;
  default_schema_name: string;
  schema_names: string[];
  destination_type: string;
  destination_name: string | null;
  sources?: Record<string, SourceState>;
  [key: string]: unknown;
}
