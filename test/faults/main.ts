// Kills runs at every step of the road and runs them again: npm run test:faults -- --kills 200 --destination file
import { parseArgs } from 'node:util';
import { postgresPrograms } from '../postgres-server.ts';
import { runCampaign, type ScenarioTally } from './kill-campaign.ts';
import { SCENARIOS, scenariosFor } from './scenarios.ts';
import { DUCKDB } from './staged-duckdb.ts';
import { FILES } from './staged-files.ts';
import { startPostgresStages } from './staged-postgres.ts';
import { startS3Stages } from './staged-s3.ts';

const DESTINATIONS = { duckdb: () => DUCKDB, postgres: startPostgresStages, file: () => FILES, s3: startS3Stages };

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string' },
    only: { type: 'string' },
    destination: { type: 'string', default: 'duckdb' },
  },
});
const kills = Number(values.kills);
const seed = Number(values.seed ?? Math.floor(Date.now() / 1000) % 1_000_000);
const destination = Object.keys(DESTINATIONS).find((name) => name === values.destination) as keyof typeof DESTINATIONS | undefined;
const isWanted = (name: string): boolean => values.only === undefined || name === values.only;
const areNumbers = Number.isSafeInteger(kills) && kills >= 1 && Number.isSafeInteger(seed) && seed >= 0;
if (!areNumbers || destination === undefined || !SCENARIOS.some(({ name }) => isWanted(name))) {
  const names = SCENARIOS.map(({ name }) => name).join('|');
  console.error(`usage: test:faults [--kills N] [--seed N] [--only ${names}] [--destination ${Object.keys(DESTINATIONS).join('|')}]`);
  process.exit(2);
}
if (destination === 'postgres' && postgresPrograms === undefined) {
  console.error('There is no Postgres here. Install postgresql, or name its bin folder in SYNCLINE_TEST_POSTGRES.');
  process.exit(2);
}

const started = performance.now();
await using staged = await DESTINATIONS[destination]();
const scenarios = scenariosFor(staged.capabilities).filter(({ name }) => isWanted(name));
if (scenarios.length === 0) {
  console.error(`${values.only} needs a destination that merges.`);
  process.exit(2);
}
const tallies = await runCampaign({
  kills,
  seed,
  scenarios,
  destination: staged,
  parallel: 2,
  failed(scenario, failing, problems) {
    console.log(`FAILED ${scenario}, seed ${failing}`);
    for (const problem of problems.slice(0, 12)) console.log(`  ${problem}`);
    console.log(`  again: npm run test:faults -- --destination ${destination} --only ${scenario} --seed ${failing} --kills 1`);
  },
});

const columns: readonly [string, (tally: ScenarioTally) => number][] = [
  ['cases', (t) => t.cases],
  ['kills', (t) => t.kills],
  ['resumed pages', (t) => t.resumed],
  ['asked twice', (t) => t.askedTwice],
  ['rows lost', (t) => t.lost],
  ['rows doubled', (t) => t.doubled],
  ['problems', (t) => t.problems.length],
];
const print = (name: string, cells: readonly (string | number)[]): void =>
  console.log([name.padEnd(14), ...cells.map((cell, i) => String(cell).padStart((columns[i]?.[0].length ?? 0) + 2))].join(''));
print(
  'scenario',
  columns.map(([name]) => name),
);
for (const tally of tallies)
  print(
    tally.scenario,
    columns.map(([, count]) => count(tally)),
  );
const sums = columns.map(([, count]) => tallies.reduce((sum, tally) => sum + count(tally), 0));
print('all', sums);

const hits = new Map<string, number>();
for (const hit of tallies.flatMap((tally) => tally.hits)) hits.set(hit, (hits.get(hit) ?? 0) + 1);
console.log(
  `killed at: ${[...hits]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([hit, count]) => `${hit} ×${count}`)
    .join(', ')}`,
);
const [, killed, resumed, askedTwice, lost, doubled, problems] = sums;
console.log(
  `${destination}: kills ${killed}, resumed pages ${resumed}, pages asked twice ${askedTwice}, rows lost ${lost}, rows doubled ${doubled} (seed ${seed}, ${Math.round((performance.now() - started) / 1000)} s)`,
);
process.exitCode = problems === 0 ? 0 : 1;
