// Loads demo messages over HTTP through the command line into Postgres and into Parquet files, and compares with
// `psql \copy` of the same rows from binary files and with DuckDB's COPY of read_json of the same pages; then each
// destination alone with the database's own writer. usage: node bench/destinations.mjs [COUNT]
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { forgetRuns, loadMessages, median, startPages, summary } from './measure.mjs';
import { copyTables, dropSchema, saveTables, startServer, withoutPsql } from './psql.mjs';
import { readPages } from './read-json.mjs';

const count = Number(process.argv[2] ?? 200_000);
const ROUNDS = 3;
const folder = mkdtempSync(join(tmpdir(), 'syncline-destinations-'));
const pages = join(folder, 'pages');

/** DuckDB alone: pages in local files to Parquet files. */
async function readJsonToParquet() {
  const start = performance.now();
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await readPages(connection, pages, (table, selection) => {
    return `COPY (${selection}) TO '${folder}/${table}.parquet' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)`;
  });
  connection.closeSync();
  instance.closeSync();
  return (performance.now() - start) / 1000;
}

async function intoPostgres(url, address) {
  forgetRuns(folder);
  await dropSchema(address, 'bench');
  const run = await loadMessages({ url, folder, args: ['--destination', address, '--dataset', 'bench'] });
  await saveTables(address, 'bench', folder);
  return { run, reference: await copyTables(address, 'bench', folder) };
}

async function intoFiles(url) {
  forgetRuns(folder);
  rmSync(join(folder, 'files'), { recursive: true, force: true });
  const run = await loadMessages({ url, folder, args: ['--destination', 'file:files', '--dataset', 'bench'] });
  return { run, reference: await readJsonToParquet() };
}

/** The destination alone, in a process of its own: the batches need memory. */
async function alone(address) {
  const script = resolve(import.meta.dirname, 'destination-write.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [script, address, String(count), String(ROUNDS)]);
  const rounds = JSON.parse(stdout);
  return Object.fromEntries(Object.keys(rounds[0]).map((name) => [name, median(rounds.map((round) => round[name]))]));
}

const number = (value, digits = 2) => value.toFixed(digits).padStart(6);

function print(name, { rounds, reference, own, writer }) {
  const run = summary(rounds.map(({ run }) => run));
  const other = median(rounds.map(({ reference }) => reference));
  const rate = Math.round(count / run.seconds).toLocaleString('en-US');
  console.log(`\n${name}`);
  console.log(
    `  end to end        ${number(run.seconds)} s  ${rate} messages/s, processor ${run.cpu.toFixed(2)} s, peak ${Math.round(run.megabytes)} MB`,
  );
  for (const [phase, seconds] of Object.entries(run.phases)) console.log(`  ${number(seconds)} s ${phase}`);
  console.log(`  ${reference.padEnd(60)} ${number(other)} s: we take ${(run.seconds / other).toFixed(2)} x`);
  console.log(`  ${writer.padEnd(60)} ${number(own.reference)} s`);
  console.log(
    `  ${'column batches to committed rows'.padEnd(60)} ${number(own.seconds)} s (commit ${own.commit.toFixed(2)} s, processor ${own.cpu.toFixed(2)} s)`,
  );
  console.log(`  the destination's own share: ${(own.reference / own.seconds).toFixed(2)} of that (at least 0.70)`);
}

let server;
let database;
try {
  console.log(`Destinations: ${count} messages in pages of 100, ${ROUNDS} rounds in turn, medians. Command: npm run bench`);
  if (withoutPsql !== undefined) console.log(`\nPostgres is skipped: ${withoutPsql}`);
  server = await startPages(count, pages);
  database = withoutPsql === undefined ? await startServer() : undefined;
  const inPostgres = [];
  const inFiles = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    if (database) inPostgres.push(await intoPostgres(server.url, database.address()));
    inFiles.push(await intoFiles(server.url));
  }
  if (database) {
    print('Postgres on 127.0.0.1, settings of initdb, append into new tables', {
      rounds: inPostgres,
      reference: `psql \\copy of the same rows from binary files`,
      own: await alone(database.address()),
      writer: 'psql \\copy again, beside the destination alone',
    });
  }
  print('Parquet files, zstd, row groups of 122,880, append into a new dataset', {
    rounds: inFiles,
    reference: 'DuckDB COPY of read_json of the same pages to Parquet',
    own: await alone('file'),
    writer: `DuckDB COPY of the same rows from tables in memory`,
  });
} finally {
  server?.stop();
  await database?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
}
