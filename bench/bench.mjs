// Loads demo messages through the command line and compares with DuckDB's own read_json on the same
// pages. Prints rows a second, peak memory, and ratios of one run. usage: node bench/bench.mjs [COUNT]
import { fork, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { timePageLog } from './page-log.mjs';

const CLI = resolve(import.meta.dirname, '../dist/cli/main.js');
const REPORT_RSS = resolve(import.meta.dirname, 'report-rss.mjs');
const large = Number(process.argv[2] ?? 100_000);
const small = large / 5;
const ROUNDS = 3;

function startServer(count, folder) {
  return new Promise((done, fail) => {
    const child = fork(resolve(import.meta.dirname, 'page-server.mjs'), [String(count), folder]);
    child.on('message', ({ port }) => done({ url: `http://127.0.0.1:${port}`, stop: () => child.kill() }));
    child.on('exit', (code) => code && fail(new Error(`the page server ended with ${code}`)));
  });
}

function load(url, disposition, folder, fresh) {
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
  if (fresh)
    for (const file of ['bench.duckdb', 'bench.duckdb.wal', '.syncline']) rmSync(join(folder, file), { recursive: true, force: true });
  const rssFile = join(folder, 'rss');
  return new Promise((done, fail) => {
    const start = performance.now();
    const child = spawn(process.execPath, ['--import', REPORT_RSS, CLI, 'run', 'bench.json', '--json', '--quiet'], {
      cwd: folder,
      env: { ...process.env, BENCH_RSS_FILE: rssFile },
    });
    let out = '';
    child.stdout.on('data', (data) => (out += data));
    child.stderr.on('data', (data) => (out += data));
    child.on('close', (code) => {
      if (code !== 0) fail(new Error(out));
      else done({ seconds: (performance.now() - start) / 1000, megabytes: Number(readFileSync(rssFile, 'utf8')) / 1024 });
    });
  });
}

/** The same tables by DuckDB alone: no ids of rows, no variants, no resume. */
async function readJson(folder, pages) {
  const file = join(folder, 'floor.duckdb');
  rmSync(file, { force: true });
  const start = performance.now();
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  await connection.run(`CREATE TEMP TABLE raw AS SELECT unnest(data) AS m FROM read_json('${pages}/*.json')`);
  await connection.run(`CREATE TABLE messages AS SELECT m.id, m.direction, m.status, m.created_at, m.updated_at, m.body, m.segments, m.price.amount AS price__amount, m.price.currency AS price__currency,
    m."from".number AS from__number, m."from".name AS from__name, m."from".carrier.name AS from__carrier__name, m."from".carrier.country AS from__carrier__country FROM raw`);
  for (const list of ['to', 'attachments'])
    await connection.run(`CREATE TABLE messages__${list} AS SELECT m.id AS parent, unnest(m."${list}", recursive := true) FROM raw`);
  await connection.run('CREATE TABLE messages__tags AS SELECT m.id AS parent, unnest(m.tags) AS value FROM raw');
  connection.closeSync();
  instance.closeSync();
  return (performance.now() - start) / 1000;
}

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
const folder = mkdtempSync(join(tmpdir(), 'syncline-bench-'));
try {
  console.log(`${large} messages in pages of 100, ${ROUNDS} rounds, medians. Command: npm run bench`);
  const few = await startServer(small, join(folder, 'few'));
  const smallRun = await load(few.url, 'append', folder, true);
  few.stop();
  const server = await startServer(large, join(folder, 'pages'));
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
