// Times a destination alone, from column batches to committed rows, and what the database takes for the same rows:
// Postgres against `psql \copy` of binary files, Parquet files against DuckDB's COPY of tables in memory.
// usage: node bench/destination-write.mjs ADDRESS MESSAGES ROUNDS, with postgres://… or file. Prints one JSON object.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { filesystem } from '../dist/destinations/filesystem.js';
import { postgres } from '../dist/destinations/postgres.js';
import { demoBatches } from './demo-batches.mjs';
import { copyTables, dropSchema, saveTables, TABLES } from './psql.mjs';

const [address = 'file', messages = '200000', rounds = '3'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'syncline-write-'));
const { batches, schema } = demoBatches({ count: Number(messages), loadId: '1' });

/** As large as ours: DuckDB's row groups. */
const PARQUET = 'FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880';

async function load(destination) {
  const dataset = await destination.open('bench');
  const cpu = process.cpuUsage();
  const start = performance.now();
  const transaction = await dataset.begin({ loadId: '1', pipeline: 'bench', startedAt: new Date(), schema, replaced: [] });
  for (const batch of batches) await transaction.write(batch);
  const written = performance.now();
  await transaction.commit({ schema, state: undefined });
  const end = performance.now();
  const { user, system } = process.cpuUsage(cpu);
  await dataset[Symbol.asyncDispose]();
  await destination[Symbol.asyncDispose]();
  return { seconds: (end - start) / 1000, commit: (end - written) / 1000, cpu: (user + system) / 1e6 };
}

async function postgresRound() {
  await dropSchema(address, 'bench');
  const ours = await load(postgres(address));
  await saveTables(address, 'bench', folder);
  return { ...ours, reference: await copyTables(address, 'bench', folder) };
}

async function filesRound(round) {
  const place = join(folder, String(round));
  mkdirSync(place);
  const ours = await load(filesystem(place));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  for (const table of TABLES) await connection.run(`CREATE TABLE ${table} AS FROM '${place}/bench/${table}/*.parquet'`);
  const start = performance.now();
  for (const table of TABLES) await connection.run(`COPY ${table} TO '${place}/${table}.parquet' (${PARQUET})`);
  const reference = (performance.now() - start) / 1000;
  connection.closeSync();
  instance.closeSync();
  rmSync(place, { recursive: true });
  return { ...ours, reference };
}

try {
  const results = [];
  for (let round = 0; round < Number(rounds); round += 1) {
    results.push(address === 'file' ? await filesRound(round) : await postgresRound());
    await delay(100);
  }
  console.log(JSON.stringify(results));
} finally {
  rmSync(folder, { recursive: true });
}
