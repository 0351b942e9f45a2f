// Loads demo messages through the command line and compares with DuckDB's own read_json on the same
// pages. Prints rows a second, peak memory, and ratios of one run. usage: node bench/bench.mjs [COUNT]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { forgetRuns, loadMessages, median, startPages } from './measure.mjs';
import { timePageLog } from './page-log.mjs';
import { readPages } from './read-json.mjs';

const large = Number(process.argv[2] ?? 100_000);
const small = large / 5;
const ROUNDS = 3;

function load(url, disposition, folder, fresh) {
  if (fresh) forgetRuns(folder);
  return loadMessages({ url, folder, disposition });
}

/** The same tables by DuckDB alone. */
async function readJson(folder, pages) {
  const file = join(folder, 'floor.duckdb');
  rmSync(file, { force: true });
  const start = performance.now();
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  await readPages(connection, pages, (table, selection) => `CREATE TABLE ${table} AS ${selection}`);
  connection.closeSync();
  instance.closeSync();
  return (performance.now() - start) / 1000;
}

const folder = mkdtempSync(join(tmpdir(), 'syncline-bench-'));
try {
  console.log(`${large} messages in pages of 100, ${ROUNDS} rounds, medians. Command: npm run bench`);
  const few = await startPages(small, join(folder, 'few'));
  const smallRun = await load(few.url, 'append', folder, true);
  few.stop();
  const server = await startPages(large, join(folder, 'pages'));
  const append = [];
  const merge = [];
  const floor = [];
  for (let i = 0; i < ROUNDS; i++) {
    floor.push(await readJson(folder, join(folder, 'pages')));
    append.push(await load(server.url, 'append', folder, true));
    await load(server.url, 'merge', folder, true);
    merge.push(await load(server.url, 'merge', folder, false));
  }
  server.stop();
  const floorSeconds = median(floor);
  const row = (name, runs) => {
    const s = median(runs.map((r) => r.seconds));
    console.log(
      `${name.padEnd(36)} ${s.toFixed(2).padStart(6)} s  ${Math.round(large / s)
        .toLocaleString('en-US')
        .padStart(
          8,
        )} messages/s  ${(s / floorSeconds).toFixed(2)} x read_json  peak ${Math.round(Math.max(...runs.map((r) => r.megabytes)))} MB`,
    );
  };
  console.log(
    `${'DuckDB read_json of local files'.padEnd(36)} ${floorSeconds.toFixed(2).padStart(6)} s  ${Math.round(large / floorSeconds)
      .toLocaleString('en-US')
      .padStart(8)} messages/s`,
  );
  row('append into a new database', append);
  row('merge, every message known', merge);
  const log = await timePageLog(join(folder, 'pages'));
  const share = (log.write + log.read) / median(append.map((run) => run.seconds));
  console.log(
    `page log: ${log.write.toFixed(2)} s to write and sync and ${log.read.toFixed(2)} s to read ${log.megabytes.toFixed(0)} MB: at most ${(100 * share).toFixed(1)} % of the append`,
  );
  const peak = Math.max(...append.map((r) => r.megabytes));
  console.log(
    `peak memory: ${Math.round(smallRun.megabytes)} MB for ${small} messages, ${Math.round(peak)} MB for ${large} (${Math.round(peak - smallRun.megabytes)} MB more)`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
