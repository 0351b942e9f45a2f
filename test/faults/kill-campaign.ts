import { crc32 } from 'node:zlib';
import type { Strike } from './cli-process.ts';
import { emptyTally, type KillTally, runKillCase } from './kill-case.ts';
import { isOuter, type ReferenceRun, runReference, WHENS } from './reference.ts';
import type { Scenario } from './scenario.ts';
import type { StagedDestination } from './staged-database.ts';

/** How much is killed. */
export interface CampaignOptions {
  readonly kills: number;
  readonly seed: number;
  readonly scenarios: readonly Scenario[];
  readonly destination: StagedDestination;
  /** Processes side by side. */
  readonly parallel: number;
  readonly failed: (scenario: string, seed: number, problems: readonly string[]) => void;
}

/** What a scenario came to. */
export interface ScenarioTally extends KillTally {
  readonly scenario: string;
  cases: number;
}

interface Prepared {
  readonly scenario: Scenario;
  readonly reference: readonly ReferenceRun[];
  readonly targets: readonly Target[];
  readonly tally: ScenarioTally;
}

type Target = Pick<Strike, 'point' | 'when'>;

/**
 * Kills runs until there are enough. The n-th case of each scenario has the seed `seed + n`, and seeds
 * that follow each other aim at targets that follow each other, so that all are hit.
 */
export async function runCampaign(options: CampaignOptions): Promise<ScenarioTally[]> {
  const { destination } = options;
  const prepared = await mapParallel(options.scenarios, options.parallel, (scenario) => prepare(scenario, destination));
  let kills = 0;
  let next = 0;
  const lane = async (): Promise<void> => {
    while (kills < options.kills) {
      const each = prepared[next % prepared.length] as Prepared;
      const { scenario, reference, tally } = each;
      const seed = options.seed + Math.floor(next / prepared.length);
      next += 1;
      const first = targetOf(each, seed);
      const result = await runKillCase({ scenario, seed, destination, reference, first });
      kills += result.kills;
      tally.cases += 1;
      addTally(tally, result);
      if (result.problems.length > 0) options.failed(scenario.name, seed, result.problems);
    }
  };
  await Promise.all(Array.from({ length: options.parallel }, lane));
  return prepared.map(({ tally }) => tally);
}

/** Everything that a campaign can aim at, of scenarios that were prepared. */
async function prepare(scenario: Scenario, destination: StagedDestination): Promise<Prepared> {
  const reference = await runReference(scenario, destination);
  return { scenario, reference, targets: targetsOf(reference), tally: { scenario: scenario.name, cases: 0, ...emptyTally() } };
}

/** Every point before, in its middle, and after. */
function targetsOf(reference: readonly ReferenceRun[]): Target[] {
  const points = [...new Set(reference.flatMap((run) => Object.keys(run.points)))].toSorted();
  return points.flatMap((point): Target[] => (isOuter(point) ? [{ point, when: 'after' }] : WHENS.map((when) => ({ point, when }))));
}

/** What a commit into files does: few of all points, and those at which most can go wrong. */
const COMMITS = /^(mkdir|rename|rm|sync|open|write) (staged|data|system|folder|init)|^S3 (copy|put|delete-many)/;

/** Where the case of a seed aims at. Every other pair of seeds aims at the commit, where that has points. */
function targetOf({ scenario, targets }: Prepared, seed: number): Target {
  const commits = targets.filter(({ point }) => COMMITS.test(point));
  const isCommit = commits.length > 0 && seed % 4 > 1;
  const list = isCommit ? commits : targets;
  const turn = commits.length > 0 ? Math.floor(seed / 4) * 2 + (seed % 2) : seed;
  return list[(turn + shiftOf(scenario, list.length)) % list.length] as Target;
}

/** Scenarios begin at different targets, each at the same one whatever other scenarios there are. */
function shiftOf({ name }: Scenario, targets: number): number {
  return crc32(name) % targets;
}

function addTally(sum: ScenarioTally, part: KillTally): void {
  for (const key of ['kills', 'resumed', 'askedTwice', 'lost', 'doubled'] as const) sum[key] += part[key];
  sum.hits.push(...part.hits);
  sum.problems.push(...part.problems);
}

async function mapParallel<T, R>(list: readonly T[], lanes: number, action: (value: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let at = next++; at < list.length; at = next++) results[at] = await action(list[at] as T);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}
