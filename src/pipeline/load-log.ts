import type { Dataset, Destination, Restored, RunRow } from '../core/destination.ts';
import type { Emit } from '../core/events.ts';
import type { Json } from '../core/json.ts';
import { newSchema } from '../core/schema-hash.ts';
import type { Schema } from '../core/schema.ts';
import type { Source } from '../core/source.ts';
import { STATE_TABLE, stateTable } from '../core/system-tables.ts';
import { Load } from '../load/load.ts';
import type { NormalizeReport } from '../normalize/normalize-report.ts';
import { createNormalizer } from '../normalize/normalizer.ts';
import type { RunRecord } from '../page-log/records.ts';
import { readLogRows } from './read-log-rows.ts';
import { nextState } from './next-state.ts';
import { joinParentCursors, splitParentCursors } from './parent-cursors.ts';
import { isLoaded, type Participation, statesAtEnd, tablesReplaced } from './participation.ts';
import type { RunTally } from './run-tally.ts';

/** What is loaded, and where to. */
export interface LoadLogOptions {
  readonly source: Source;
  readonly participation: Participation;
  readonly run: RunRecord;
  /** Folder of the page log. */
  readonly dir: string;
  readonly voided: ReadonlySet<number>;
  readonly destination: Pick<Destination, 'dltType' | 'capabilities'>;
  readonly dataset: Dataset;
  /** As the dataset is now. */
  readonly restored: Restored | undefined;
  readonly tally: RunTally;
  /** Resources whose incremental cursors stay, whatever comes. */
  readonly heldBack?: ReadonlySet<string> | undefined;
  /** What remains to be done when all is counted, and before it is committed. */
  readonly last: LastLoad | PartLoad;
  readonly emit: Emit;
  readonly signal?: AbortSignal | undefined;
}

/** The last load of a run. */
export interface LastLoad {
  /** Makes the run's row, for the dataset to keep. */
  readonly row: (normalized: NormalizeReport) => RunRow;
}

/** A load of a run that goes on. */
export interface PartLoad {
  /** Puts by what the run goes on with, given what the readers of the open walks remember. */
  readonly carryOver: (snapshots: ReadonlyMap<number, Json | undefined>) => Promise<void>;
}

/**
 * Normalizes a log and loads it as one transaction with the state and the row of the run that belong to
 * it. When it rejects, nothing has changed in the destination (invariant 2). A run without news leaves
 * its row only. Resolves to false then: there was no row, no table to empty, no change of the state.
 */
export async function loadLog(options: LoadLogOptions): Promise<boolean> {
  const { run, restored, source, participation, destination } = options;
  const stored = restored?.schema ?? newSchema(source.name);
  // dlt has the table of states in the schema of the pipeline's first source only.
  const schema = (restored?.state?.default_schema_name ?? source.name) === source.name ? withStateTable(stored) : stored;
  const replaced = tablesReplaced(participation, schema);
  const normalizer = createNormalizer({
    schema,
    loadId: run.loadId,
    capabilities: destination.capabilities,
    seed: Buffer.from(run.idSeed, 'base64'),
    schemaContract: source.schemaContract,
    maxTableNesting: source.maxTableNesting,
    rootKey: source.rootKey,
  });
  const { tally, emit } = options;
  let isToldOfMerge = false;
  let hasRows = false;
  await using load = new Load({
    dataset: options.dataset,
    info: { loadId: run.loadId, pipeline: run.pipeline, startedAt: new Date(run.startedAt), schema, replaced },
    changed(change) {
      tally.change(change);
      if (change.table.write_disposition !== 'merge' || !destination.capabilities.isStream || isToldOfMerge) return;
      isToldOfMerge = true;
      const message = 'Nothing is merged: a stream keeps no rows to merge with, so all rows that came are passed on.';
      emit({ type: 'warning', code: 'nothing_merged', message });
    },
    written(batch) {
      tally.batch(batch);
      emit({ type: 'rows_loaded', table: batch.table, rows: batch.rowCount });
    },
  });

  const { progress, snapshots } = await readLogRows({ ...options, walked: participation.walked }, async (resource, rows) => {
    if (!isLoaded(participation, resource)) return;
    hasRows = normalizer.addRows(resource, rows) || hasRows;
    await load.write(normalizer.drain());
  });
  for (const resource of participation.walked) if (isLoaded(participation, resource)) normalizer.addResource(resource);
  await load.write(normalizer.drain(true));

  const { schema: finalSchema, ...report } = normalizer.finish();
  const cursorsIn = { restored, source: source.name };
  const { last } = options;
  const isPart = 'carryOver' in last;
  const states = statesAtEnd(participation, { state: joinParentCursors(cursorsIn), source: source.name, progress, isPart });
  for (const name of options.heldBack ?? []) states.delete(name);
  const { states: resources, changes: parentCursors } = splitParentCursors(states, cursorsIn);
  const state = nextState({
    restored: restored?.state,
    pipeline: run.pipeline,
    dataset: run.dataset,
    destinationType: destination.dltType,
    source: source.name,
    resources,
    changedSchema: load.isBegun && finalSchema.version_hash !== restored?.schema?.version_hash ? finalSchema.version_hash : undefined,
  });
  options.signal?.throwIfAborted();
  // As in dlt, rows of a table make a load even when a contract discards all of them.
  const hasNews = load.isBegun || hasRows || replaced.length > 0 || state !== undefined || parentCursors !== undefined;
  tally.normalized(report);
  if (hasNews) tally.load(run.loadId);
  if (isPart) await last.carryOver(snapshots);
  const row = isPart ? undefined : last.row(report);
  if (hasNews) await load.commit({ schema: finalSchema, state, ...(parentCursors && { parentCursors }), ...(row && { run: row }) });
  else if (row) await options.dataset.recordRun(row);
  return hasNews;
}

/** dlt adds the table of states to a schema with the first state. */
function withStateTable(schema: Schema): Schema {
  return STATE_TABLE in schema.tables ? schema : { ...schema, tables: { ...schema.tables, [STATE_TABLE]: stateTable() } };
}
