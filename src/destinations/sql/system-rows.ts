import { randomBytes } from 'node:crypto';
import type { FinalLoad, LoadInfo, RunRow } from '../../core/destination.ts';
import type { Json } from '../../core/json.ts';
import { printJson } from '../../core/print-json.ts';
import type { Schema, TableSchema } from '../../core/schema.ts';
import type { PipelineState } from '../../core/state.ts';
import { cursorsTable, loadsTable, runsTable, stateTable, versionTable } from '../../core/system-tables.ts';
import { writeStoredState } from './stored-state.ts';

/** A row that goes into a system table: a value a column, timestamps in ISO form. */
export interface SystemRow {
  readonly table: TableSchema;
  readonly values: Readonly<Record<string, string | number | boolean | null>>;
}

/** The system tables that a commit needs. */
export function systemTablesOf({ state, parentCursors, run }: FinalLoad): TableSchema[] {
  return [
    versionTable(),
    loadsTable(),
    ...(state === undefined ? [] : [stateTable()]),
    ...(parentCursors === undefined ? [] : [cursorsTable()]),
    ...(run === undefined ? [] : [runsTable()]),
  ];
}

/** What the rows of a commit are made from, besides what it is told. */
export interface CommitFacts {
  readonly load: LoadInfo;
  readonly now: Date;
  /** The dataset has that version of the schema already. */
  readonly hasSchema: boolean;
}

/** The rows that a commit adds to the system tables, the one that says that the load is complete last. */
export function systemRowsOf(final: FinalLoad, { load, now, hasSchema }: CommitFacts): SystemRow[] {
  const { schema, state, run } = final;
  return [
    ...(hasSchema ? [] : [versionRow(schema, now)]),
    ...(state === undefined ? [] : [stateRow(state, load, now)]),
    ...(run === undefined ? [] : [runRow(run)]),
    loadRow(final, load, now),
  ];
}

/** The row that keeps a version of the schema. */
function versionRow(schema: Schema, now: Date): SystemRow {
  const { version, engine_version, name, version_hash } = schema;
  const text = printJson(schema as unknown as Json);
  const values = { version, engine_version, inserted_at: now.toISOString(), schema_name: name, version_hash, schema: text };
  return { table: versionTable(), values };
}

/** The row that keeps a version of the state. It belongs to the load that brings it. */
function stateRow(state: PipelineState, load: LoadInfo, now: Date): SystemRow {
  const values = {
    version: state._state_version,
    engine_version: state._state_engine_version,
    pipeline_name: state.pipeline_name,
    state: writeStoredState(state),
    created_at: now.toISOString(),
    version_hash: state._version_hash ?? null,
    _dlt_load_id: load.loadId,
    _dlt_id: randomBytes(10).toString('base64').replace(/=+$/, ''),
  };
  return { table: stateTable(), values };
}

/** The row that keeps a run and its report. */
export function runRow(run: RunRow): SystemRow {
  const values = {
    run_id: run.runId,
    pipeline_name: run.pipeline,
    source_name: run.source,
    load_id: run.loadId,
    started_at: run.startedAt,
    finished_at: run.finishedAt,
    complete: run.complete,
    report: printJson(run.report),
  };
  return { table: runsTable(), values };
}

/** The row that says that a load is complete. */
function loadRow({ schema }: FinalLoad, load: LoadInfo, now: Date): SystemRow {
  const values = {
    load_id: load.loadId,
    schema_name: schema.name,
    status: 0,
    inserted_at: now.toISOString(),
    schema_version_hash: schema.version_hash,
  };
  return { table: loadsTable(), values };
}
