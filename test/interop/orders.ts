import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type FakeApi, startFakeApi } from '../../src/testing/fake-api.ts';
import { type DatasetView, schemaTexts, viewOf } from './dataset-view.ts';
import { differences } from './differences.ts';
import type { DltPipeline, DltWorker } from './dlt-worker.ts';
import type { Place, PlaceKind } from './place.ts';
import type { Scenario } from './scenario.ts';
import { runSyncline } from './syncline-run.ts';

/** What runs of a scenario are made with. */
export interface OrdersSetup {
  readonly scenario: Scenario;
  readonly kind: PlaceKind;
  readonly worker: DltWorker;
  /** Where temporary files go. */
  readonly folder: string;
  /** syncline runs through the command line. */
  readonly byCommand: boolean;
  /** In all orders, not only in those that tell the most. */
  readonly all: boolean;
}

/** What is wrong after the last of some runs, as `dlt-syncline-dlt`. */
export interface OrderResult {
  readonly order: string;
  readonly problems: readonly string[];
}

const DATASET = 'data';
/** Who makes a run. `fresh` is dlt with an empty working directory, where it had one. */
type Turn = 'dlt' | 'fresh' | 'syncline';

/** The first is what the others are compared with. */
const ORDERS: readonly (readonly Turn[])[] = [
  ['dlt', 'dlt', 'dlt'],
  ['dlt', 'syncline', 'dlt'],
  ['syncline', 'dlt', 'syncline'],
];
/** What one of the two makes of what it finds on its own does not depend on the destination. */
const DUCKDB_ORDERS: readonly (readonly Turn[])[] = [
  ['dlt', 'syncline', 'fresh'],
  ['syncline', 'syncline', 'syncline'],
];
const OTHER_ORDERS: readonly (readonly Turn[])[] = [
  ['dlt', 'dlt', 'syncline'],
  ['dlt', 'syncline', 'syncline'],
  ['syncline', 'dlt', 'dlt'],
  ['syncline', 'syncline', 'dlt'],
];

/** What dlt alone makes of a number of runs. */
interface Reference {
  readonly view: DatasetView;
  readonly read: readonly string[];
}

/** A place after some runs. */
interface Reached {
  readonly turns: readonly Turn[];
  readonly folder: string;
  readonly place: Place;
}

/**
 * Makes the runs of a scenario in every order of dlt and syncline, and compares the dataset after each run
 * with that of as many runs by dlt alone. Orders that begin alike share those runs.
 */
export async function runOrders(setup: OrdersSetup): Promise<OrderResult[]> {
  const walk = await startWalk(setup);
  try {
    await walk.goOn(undefined);
    return walk.results;
  } finally {
    await walk.api[Symbol.asyncDispose]();
  }
}

async function startWalk({ scenario, kind, worker, folder, byCommand, all }: OrdersSetup) {
  const orders = [...ORDERS, ...(all || kind.name === 'duckdb' ? DUCKDB_ORDERS : []), ...(all ? OTHER_ORDERS : [])];
  let run = 0;
  const api: FakeApi = await startFakeApi(scenario.routes(() => run));
  const results: OrderResult[] = [];
  const references: Reference[] = [];
  const usual = new Set<string>();

  async function goOn(from: Reached | undefined): Promise<void> {
    const before = from?.turns ?? [];
    const going = orders.filter((order) => before.every((turn, at) => order[at] === turn));
    for (const turn of new Set(going.flatMap((order) => order[before.length] ?? []))) {
      const own = mkdtempSync(join(folder, 'order-'));
      try {
        const place = from === undefined ? await kind.open(own) : await from.place.copy(own);
        for (const kept of ['dlt', 'syncline']) {
          mkdirSync(join(own, kept));
          if (from !== undefined && turn !== 'fresh') cpSync(join(from.folder, kept), join(own, kept), { recursive: true });
        }
        const reached = { turns: [...before, turn], folder: own, place };
        const problems = await take(reached, turn).catch((error: unknown) => [String(error instanceof Error ? error.message : error)]);
        results.push({ order: reached.turns.join('-'), problems });
        if (problems.length === 0) await goOn(reached);
        // Without it there is nothing to compare with.
        else if (isReference(reached)) return;
      } finally {
        rmSync(own, { recursive: true, force: true });
      }
    }
  }

  async function take(reached: Reached, turn: Turn): Promise<string[]> {
    run = reached.turns.length - 1;
    const complaints: string[] = [];
    const pipelines = new Set<string>();
    for (const load of scenario.loads(api.url)) {
      pipelines.add(load.pipeline);
      if (turn === 'syncline') await runSyncline(load, { folder: reached.folder, place: reached.place, dataset: DATASET, byCommand });
      else complaints.push(...(await worker.run({ ...load, ...pipelineOf(reached, load.pipeline) })).complaints);
    }
    const stored = await reached.place.read(DATASET);
    const view = viewOf(stored);
    // Reading takes dlt as long as a run: it is done when all runs are.
    const isLast = run === (ORDERS[0] as readonly Turn[]).length - 1;
    if (isReference(reached)) {
      for (const complaint of complaints) usual.add(complaint);
      references.push({ view, read: isLast ? await readByDlt(reached, pipelines) : [] });
      return [];
    }
    const reference = references[run];
    if (reference === undefined) return ['dlt alone failed'];
    const problems = differences(reference.view, view);
    if (turn === 'syncline') {
      for (const text of schemaTexts(stored)) {
        const { result } = await worker.checkSchema(text);
        if (!result.is_same) problems.push(`dlt computes another schema hash: ${result.hash}`);
      }
      const read = isLast ? await readByDlt(reached, pipelines) : [];
      problems.push(...read.flatMap((line, at) => (line === reference.read[at] ? [] : [`dlt reads ${line}, not ${reference.read[at]}`])));
    }
    return [...problems, ...complaints.filter((complaint) => !usual.has(complaint)).map((complaint) => `dlt says ${complaint}`)];
  }

  /** What dlt's own readers see, a line a thing. */
  async function readByDlt(reached: Reached, pipelines: ReadonlySet<string>): Promise<string[]> {
    const lines: string[] = [];
    for (const pipeline of pipelines) {
      const read = pipelineOf(reached, pipeline);
      const { result, complaints } = await worker.read({ ...read, pipelines_dir: join(reached.folder, 'reader') });
      lines.push(...Object.entries(result).map(([what, value]) => `${pipeline} ${what}: ${JSON.stringify(value)}`), ...complaints);
    }
    return lines;
  }

  return { api, results, goOn };
}

function isReference({ turns }: Reached): boolean {
  return turns.every((turn) => turn === 'dlt');
}

function pipelineOf({ folder, place }: Reached, pipeline: string): DltPipeline {
  return { pipeline, place: place.dlt, dataset: DATASET, pipelines_dir: join(folder, 'dlt') };
}
