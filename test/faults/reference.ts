import { type DatasetDump, EMPTY_DUMP, stableReport } from './dataset-dump.ts';
import type { Scenario } from './scenario.ts';
import { Stage } from './stage.ts';
import type { StagedDestination } from './staged-database.ts';

/** What an undisturbed run came to. */
export interface ReferenceRun {
  readonly before: DatasetDump;
  readonly after: DatasetDump;
  /** How often each point was reached. Those of the API are `request` and `response`. */
  readonly points: Readonly<Record<string, number>>;
  /** What the report says, as text. */
  readonly report: string;
  readonly durationMs: number;
}

/** When a point of the process itself can be hit. */
export const WHENS = ['before', 'middle', 'after'] as const;

/** True for a point that is not in the process: the API, or the clock, kills there. */
export function isOuter(point: string): boolean {
  return point === 'request' || point === 'response' || point === 'moment';
}

/** True for a request to a storage: it kills before it is carried out, or after. */
export function isStored(point: string): boolean {
  return point.startsWith('S3 ');
}

/** Runs a scenario without faults. Rejects when what it loads is not what the scenario says. */
export async function runReference(scenario: Scenario, destination?: StagedDestination): Promise<ReferenceRun[]> {
  await using stage = await Stage.open(scenario, { destination });
  const runs: ReferenceRun[] = [];
  for (stage.run = 0; stage.run < scenario.runs; stage.run += 1) {
    const started = performance.now();
    const { code, stdout, stderr, asked, counts } = await stage.start();
    if (code !== 0) throw new Error(`${scenario.name}: the undisturbed run ended with ${code}: ${stdout}${stderr}`);
    if (new Set(asked).size < asked.length) throw new Error(`${scenario.name}: the undisturbed run asked for a page twice.`);
    runs.push({
      before: runs.at(-1)?.after ?? EMPTY_DUMP,
      after: await stage.dump(),
      points: { ...counts, ...(asked.length > 0 && { request: asked.length, response: asked.length }), moment: 1 },
      report: JSON.stringify(stableReport(stdout)),
      durationMs: performance.now() - started,
    });
  }
  const last = runs.at(-1)?.after ?? EMPTY_DUMP;
  for (const [table, count] of Object.entries(scenario.rows)) {
    const found = (last.tables.get(table)?.length ?? 1) - 1;
    if (found !== count) throw new Error(`${scenario.name}: the undisturbed run made ${found} rows of ${table}, not ${count}.`);
  }
  const { now, later } = await stage.leftovers();
  const wrong = [...last.flaws, ...[...now, ...later].map((path) => `left: ${path}`)];
  if (wrong.length > 0) throw new Error(`${scenario.name}: the undisturbed run left this: ${wrong.join('; ')}`);
  return runs;
}
