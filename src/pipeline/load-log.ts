import type { Dataset, Destination, FinalLoad, LoadInfo, LoadTransaction, Restored } from '../core/destination.ts';
import type { Emit } from '../core/events.ts';
import { newSchema } from '../core/schema-hash.ts';
import type { Schema } from '../core/schema.ts';
import type { Source } from '../core/source.ts';
import { STATE_TABLE, stateTable } from '../core/system-tables.ts';
import type { NormalizeReport } from '../normalize/normalize-report.ts';
import { createNormalizer, type Normalizer } from '../normalize/normalizer.ts';
import type { RunRecord } from '../page-log/records.ts';
import { logRows } from './log-rows.ts';
import { nextState } from './next-state.ts';
import { isLoaded, type Participation, statesAtEnd, tablesReplaced } from './participation.ts';
import type { RunTally } from './run-tally.ts';

/** What is loaded, and where to. */
export interface LoadOptions {
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
  readonly emit: Emit;
  readonly signal?: AbortSignal | undefined;
}

/** What a load came to. */
export interface Loaded extends NormalizeReport {
  /** False when there was nothing to load: no row, no table to empty, no change of the state. */
  readonly isCommitted: boolean;
}

/**
 * Normalizes a log and loads it as one transaction with the state that belongs to it. When it rejects,
 * nothing has changed in the destination (invariant 2).
 */
export async function loadLog(options: LoadOptions): Promise<Loaded> {
  const { run, restored, source, participation, destination } = options;
  const schema = withStateTable(restored?.schema ?? newSchema(source.name));
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
  await using load = new LateTransaction(options.dataset, {
    loadId: run.loadId,
    pipeline: run.pipeline,
    startedAt: new Date(run.startedAt),
    schema,
    replaced,
  });

  const pages = logRows({ ...options, walked: participation.walked });
  let step = await pages.next();
  for (; !step.done; step = await pages.next()) {
    const { resource, rows } = step.value;
    if (!isLoaded(participation, resource)) continue;
    normalizer.addRows(resource, rows);
    await writeBatches(load, normalizer, { ...options, all: false });
  }
  for (const resource of participation.walked) if (isLoaded(participation, resource)) normalizer.addResource(resource);
  await writeBatches(load, normalizer, { ...options, all: true });

  const { schema: finalSchema, ...report } = normalizer.finish();
  const state = nextState({
    restored: restored?.state,
    pipeline: run.pipeline,
    dataset: run.dataset,
    destinationType: destination.dltType,
    source: source.name,
    resources: statesAtEnd(participation, { state: restored?.state, source: source.name, progress: step.value }),
  });
  if (!load.isBegun && replaced.length === 0 && state === undefined) return { ...report, isCommitted: false };
  options.signal?.throwIfAborted();
  await load.commit({ schema: finalSchema, state });
  return { ...report, isCommitted: true };
}

async function writeBatches(
  load: LateTransaction,
  normalizer: Normalizer,
  { tally, emit, all }: { readonly tally: RunTally; readonly emit: Emit; readonly all: boolean },
): Promise<void> {
  const { changes, batches } = normalizer.drain(all);
  if (changes.length > 0) await (await load.transaction()).migrate(changes);
  for (const change of changes) tally.change(change);
  for (const batch of batches) {
    await (await load.transaction()).write(batch);
    tally.batch(batch);
    emit({ type: 'rows_loaded', table: batch.table, rows: batch.rowCount });
  }
}

/** dlt adds the table of states to a schema with the first state. */
function withStateTable(schema: Schema): Schema {
  return STATE_TABLE in schema.tables ? schema : { ...schema, tables: { ...schema.tables, [STATE_TABLE]: stateTable() } };
}

/** A transaction that begins with the first thing to write, and is undone unless it was committed. */
class LateTransaction implements AsyncDisposable {
  readonly #dataset: Dataset;
  readonly #load: LoadInfo;
  #transaction: LoadTransaction | undefined;
  #isCommitted = false;

  constructor(dataset: Dataset, load: LoadInfo) {
    this.#dataset = dataset;
    this.#load = load;
  }

  get isBegun(): boolean {
    return this.#transaction !== undefined;
  }

  async transaction(): Promise<LoadTransaction> {
    this.#transaction ??= await this.#dataset.begin(this.#load);
    return this.#transaction;
  }

  async commit(final: FinalLoad): Promise<void> {
    await (await this.transaction()).commit(final);
    this.#isCommitted = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isCommitted) await this.#transaction?.rollback();
  }
}
