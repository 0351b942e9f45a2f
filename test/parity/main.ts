// Runs parity cases into Postgres or files and compares with what dlt loaded into DuckDB: npm run test:parity -- --destination postgres
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { howToGetPostgres, postgresPrograms } from '../postgres-server.ts';
import { fileTarget } from './file-target.ts';
import { type ParityCase, parityTools, readCases } from './parity-folder.ts';
import { startPostgresTarget } from './postgres-target.ts';
import { type ParityResult, runCase } from './run-case.ts';

const { values } = parseArgs({
  options: {
    destination: { type: 'string' },
    parity: { type: 'string', default: '../shared/parity' },
    cases: { type: 'string' },
    only: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
});
const { destination, verbose } = values;
if (destination !== 'postgres' && destination !== 'file') {
  console.error('usage: test:parity --destination postgres|file [--parity DIR] [--cases DIR] [--only NAME,NAME] [--verbose]');
  process.exit(2);
}
if (destination === 'postgres' && postgresPrograms === undefined) {
  console.error(`There is no Postgres here: ${howToGetPostgres}.`);
  process.exit(2);
}

const folder = resolve(values.parity);
const cases = resolve(values.cases ?? join(folder, 'cases'));
const only = values.only?.split(',');
const chosen = readCases(cases, join(cases, '../expected')).filter(({ name }) => only === undefined || only.includes(name));
const tools = await parityTools(folder);
await using target = destination === 'postgres' ? await startPostgresTarget() : fileTarget;
const counts = { passed: 0, failed: 0, skipped: 0 };

/** The last lines of what the command printed. */
const LAST_LINES = -8;

function tell({ name }: ParityCase, { problems, output }: ParityResult): void {
  const passed = problems.length === 0;
  counts[passed ? 'passed' : 'failed'] += 1;
  if (passed && verbose) console.log(`ok    ${name}`);
  if (passed) return;
  console.log(`FAIL  ${name}\n    ${problems.join('\n    ')}`);
  if (verbose || problems[0]?.startsWith('exit'))
    console.log(
      output
        .trim()
        .split('\n')
        .slice(LAST_LINES)
        .map((line) => `      | ${line}`)
        .join('\n'),
    );
}

/** Takes cases until there are none; as many run at a time as there are processors. */
async function work(queue: ParityCase[]): Promise<void> {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const unfit = target.unfit(next);
    if (unfit === undefined) {
      tell(next, await runCase(next, target, tools).catch((error: unknown) => ({ problems: [String(error)], output: '' })));
      continue;
    }
    counts.skipped += 1;
    console.log(`skip  ${next.name}: ${unfit}`);
  }
}
await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, () => work(chosen)));
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
