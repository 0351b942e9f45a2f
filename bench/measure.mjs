// What the benches share: the server of demo pages, runs of the command line, medians.
import { fork, spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const CLI = resolve(import.meta.dirname, '../dist/cli/main.js');
const REPORT_RUN = pathToFileURL(resolve(import.meta.dirname, 'report-run.mjs')).href;

export const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

/** The pages of `count` messages, from a process of its own and as files in a folder. */
export function startPages(count, folder) {
  return new Promise((done, fail) => {
    const child = fork(resolve(import.meta.dirname, 'page-server.mjs'), [String(count), folder]);
    child.on('message', ({ port }) => done({ url: `http://127.0.0.1:${port}`, stop: () => child.kill() }));
    child.on('exit', (code) => code && fail(new Error(`the page server ended with ${code}`)));
  });
}

/** Makes the next run in a folder the first one. */
export function forgetRuns(folder) {
  for (const file of ['bench.duckdb', 'bench.duckdb.wal', '.syncline']) rmSync(join(folder, file), { recursive: true, force: true });
}

/** Loads the messages through the command line. Tells seconds, processor seconds, peak megabytes, milliseconds by phase. */
export function loadMessages({ url, folder, disposition = 'append', args = [] }) {
  const config = {
    client: { base_url: url },
    resources: [
      {
        name: 'messages',
        primary_key: 'id',
        write_disposition: disposition,
        endpoint: { path: 'v1/messages', data_selector: 'data', paginator: { type: 'offset', limit: 100 } },
      },
    ],
  };
  writeFileSync(join(folder, 'bench.json'), JSON.stringify(config));
  const reportFile = join(folder, 'report.json');
  return new Promise((done, fail) => {
    const start = performance.now();
    const child = spawn(process.execPath, ['--import', REPORT_RUN, CLI, 'run', 'bench.json', '--json', '--quiet', ...args], {
      cwd: folder,
      env: { ...process.env, BENCH_REPORT: reportFile },
    });
    let out = '';
    child.stdout.on('data', (data) => (out += data));
    child.stderr.on('data', (data) => (out += data));
    child.on('close', (code) => {
      if (code !== 0) fail(new Error(out));
      else done({ seconds: (performance.now() - start) / 1000, ...JSON.parse(readFileSync(reportFile, 'utf8')) });
    });
  });
}

/** Medians of what several runs took; the greatest peak. */
export function summary(runs) {
  const of = (pick) => median(runs.map(pick));
  const phases = Object.keys(runs[0].phases).map((name) => [name, of((run) => run.phases[name]) / 1000]);
  return {
    seconds: of((run) => run.seconds),
    cpu: of((run) => run.cpu),
    megabytes: Math.max(...runs.map((run) => run.megabytes)),
    phases: Object.fromEntries(phases),
  };
}
