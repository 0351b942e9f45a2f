import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { type CliEnd, runCli } from '../faults/cli-process.ts';
import type { ParityCase, ParityTables, ParityTools } from './parity-folder.ts';

/** A destination of its own for each case. */
export interface ParityStore extends AsyncDisposable {
  /** For `--destination`. */
  readonly address: string;
  /** Copies a dataset into a DuckDB file, with the types that DuckDB has for those of dlt. */
  copy(dataset: string, file: string): Promise<void>;
}

/** How the datasets of a kind of destination are compared with those of DuckDB. */
export interface ParityTarget extends AsyncDisposable {
  /** Makes an empty destination; `folder` is the case's own. */
  open(folder: string): Promise<ParityStore>;
  /** Why a case cannot be run here; `undefined` when it can. */
  unfit(parityCase: ParityCase): string | undefined;
  /** A dataset without what the two databases write differently on purpose. */
  alike(tables: ParityTables): ParityTables;
}

/** What a case showed: problems, and what the command printed at last. */
export interface ParityResult {
  readonly problems: readonly string[];
  readonly output: string;
}

const DATASET = 'parity_data';
/** Retries that are awaited need not take long. */
const BACKOFF_FACTOR = 0.05;

/** Runs a case through the built command line and compares the dataset with the one that must come of it. */
export async function runCase(parityCase: ParityCase, target: ParityTarget, tools: ParityTools): Promise<ParityResult> {
  const folder = mkdtempSync(join(tmpdir(), 'syncline-parity-'));
  try {
    await using store = await target.open(folder);
    const end = await runAll(parityCase, { folder, address: store.address, tools });
    const output = end.stdout + end.stderr;
    const { wanted } = parityCase;
    if (wanted === undefined) return { problems: problemsOfFailure(end), output };
    if (end.code !== 0) return { problems: [`exit ${end.code}`], output };
    const file = join(folder, 'copy.duckdb');
    await store.copy(DATASET, file);
    const got = await tools.dump(file, DuckDBInstance);
    return { problems: tools.differences(target.alike(wanted), target.alike(got), parityCase.volatile), output };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the command line until a run fails or all are done; tells how the last one ended. */
async function runAll(
  { server, config, runs }: ParityCase,
  { folder, address, tools }: { folder: string; address: string; tools: ParityTools },
): Promise<CliEnd> {
  const api = await tools.startMockApi(server);
  try {
    const { client, ...rest } = JSON.parse(JSON.stringify(config).replaceAll('{{BASE_URL}}', api.url)) as {
      client?: { retry?: object };
    };
    const retry = { backoff_factor: BACKOFF_FACTOR, ...client?.retry };
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...rest, client: { ...client, retry } }));
    const names = ['--pipeline', 'parity', '--dataset', DATASET, '--source-name', 'api'];
    let end: CliEnd = { code: 0, signal: null, stdout: '', stderr: '' };
    for (const { step } of runs) {
      api.setStep(step);
      end = await runCli({ folder, args: ['run', 'config.json', ...names, '--destination', address] });
      if (end.code !== 0) break;
    }
    return end;
  } finally {
    await api.close();
  }
}

function problemsOfFailure({ code, stdout, stderr }: CliEnd): string[] {
  return [
    ...(code === 0 ? ['the run succeeded, and must fail as it does with dlt'] : []),
    ...(/\n\s+at .*\(?(file|node):/.test(stdout + stderr) ? ['a stack trace was printed instead of an error that a user can read'] : []),
  ];
}
