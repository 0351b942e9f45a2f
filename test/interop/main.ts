// Runs dlt and syncline on one dataset in turn: npm run test:interop -- --destination postgres --only merge
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { postgresPrograms, withoutPostgres } from '../postgres-server.ts';
import { startDltWorker, withoutDlt } from './dlt-worker.ts';
import { duckDbPlaces } from './duckdb-place.ts';
import { filePlaces } from './files-place.ts';
import { runOrders } from './orders.ts';
import type { PlaceKind } from './place.ts';
import { startPostgresPlaces } from './postgres-place.ts';
import type { Scenario } from './scenario.ts';
import { MERGE_SCENARIOS } from './scenarios-merge.ts';
import { SCHEMA_SCENARIOS } from './scenarios-schema.ts';
import { SOURCE_SCENARIOS } from './scenarios-source.ts';

const SCENARIOS = [...SCHEMA_SCENARIOS, ...MERGE_SCENARIOS, ...SOURCE_SCENARIOS];
const DESTINATIONS = ['duckdb', 'postgres', 'file'];
const LANES = 2;
/** Problems of an order that are shown. */
const SHOWN = 12;
const UNMERGED = 'files are not merged: dlt appends instead, syncline refuses';

const { values } = parseArgs({
  options: { only: { type: 'string' }, destination: { type: 'string' }, all: { type: 'boolean', default: false } },
});
const scenarios = SCENARIOS.filter(({ name }) => values.only === undefined || name === values.only);
if (scenarios.length === 0 || (values.destination !== undefined && !DESTINATIONS.includes(values.destination))) {
  const names = SCENARIOS.map(({ name }) => name).join('|');
  console.error(`usage: test:interop [--only ${names}] [--destination ${DESTINATIONS.join('|')}] [--all]`);
  process.exit(2);
}
if (withoutDlt !== undefined) {
  console.error(`There is no dlt: ${withoutDlt}`);
  process.exit(2);
}

const isWanted = (destination: string): boolean => values.destination === undefined || values.destination === destination;
const hasPostgres = isWanted('postgres') && postgresPrograms !== undefined;
if (isWanted('postgres') && !hasPostgres) console.log(`postgres${withoutPostgres}`);
await using postgres = hasPostgres ? await startPostgresPlaces() : undefined;
const kinds: PlaceKind[] = [
  ...(isWanted('duckdb') ? [duckDbPlaces] : []),
  ...(postgres === undefined ? [] : [postgres]),
  ...(isWanted('file') ? [filePlaces('parquet'), filePlaces('jsonl')] : []),
];

const started = performance.now();
const root = mkdtempSync(join(tmpdir(), 'syncline-interop-'));
let [passed, failed, skipped] = [0, 0, 0];
const tasks = kinds.flatMap((kind) => scenarios.map((scenario) => ({ kind, scenario })));
try {
  await Promise.all(Array.from({ length: Math.min(LANES, tasks.length) }, (_, lane) => work(lane)));
} finally {
  rmSync(root, { recursive: true, force: true });
}
console.log(`${skipped} skipped, ${Math.round((performance.now() - started) / 1000)} s`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

/** Takes one task after the other, with a Python process of its own. */
async function work(lane: number): Promise<void> {
  const folder = join(root, `lane-${lane}`);
  mkdirSync(folder);
  await using worker = startDltWorker(folder);
  for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) {
    const { kind, scenario } = task;
    const name = `${kind.name} ${scenario.name}`;
    const reason = kind.leftOut?.[scenario.name] ?? (scenario.merges && !kind.merges ? UNMERGED : undefined);
    if (reason !== undefined) {
      console.log(`${name}: skipped, ${reason}`);
      skipped += 1;
      continue;
    }
    const since = performance.now();
    const results = await runOrders({ scenario, kind, worker, folder, byCommand: isFirst(scenario), all: values.all });
    const wrong = results.filter(({ problems }) => problems.length > 0);
    passed += results.length - wrong.length;
    failed += wrong.length;
    console.log(
      `${name}: ${results.length - wrong.length} of ${results.length} orders, ${((performance.now() - since) / 1000).toFixed(1)} s`,
    );
    for (const { order, problems } of wrong) {
      console.log(`  FAILED ${order}`);
      for (const problem of problems.slice(0, SHOWN)) console.log(`    ${problem.slice(0, 600)}`);
    }
  }
}

/** The command line is the same for all: one scenario goes through it. */
function isFirst(scenario: Scenario): boolean {
  return scenario === SCENARIOS[0];
}
