// Writes rows of the demo's shape (a message with three nested tables, built by hand) to Postgres and compares
// with the server's own COPY of the same rows from binary files, both in one transaction with its commit:
// node bench/postgres-write.mjs postgres://USER@HOST/DATABASE [append|merge] [messages]. Needs `npm run build`,
// and a superuser's database on this machine: the server writes and reads the files.
import { mkdtempSync, chmodSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { newSchema } from '../dist/core/schema-hash.js';
import { postgres } from '../dist/destinations/postgres.js';
import { messageBatches, messageTables } from './message-batches.mjs';

const [address = '', disposition = 'append', count = '200000'] = process.argv.slice(2);
const MESSAGES = Number(count);
const ROUNDS = 3;
const tables = messageTables(disposition);
const names = tables.map(({ table }) => String(table.name));
const schema = newSchema('bench');
for (const { table } of tables) schema.tables[table.name] = table;

const client = new Client({ connectionString: address });
await client.connect();
const folder = mkdtempSync(join(tmpdir(), 'postgres-write-'));
chmodSync(folder, 0o777);
const destination = postgres(address);

async function ours(loadId, shift) {
  const dataset = await destination.open('bench');
  const load = await dataset.begin({ loadId, pipeline: 'bench', startedAt: new Date(), schema, replaced: [] });
  // All rows are made before: what is timed is the destination alone.
  const all = [...messageBatches(tables, { messages: MESSAGES, shift })].flat();
  const start = performance.now();
  for (const batch of all) await load.write(batch);
  const writing = performance.now() - start;
  await load.commit({ schema, state: undefined });
  const seconds = (performance.now() - start) / 1000;
  await dataset[Symbol.asyncDispose]();
  return { seconds, writing: writing / 1000 };
}

/** The server's COPY from files of the tables that were just loaded. */
async function servers() {
  await client.query('DROP SCHEMA IF EXISTS copied CASCADE');
  for (const name of names) await client.query(`COPY bench."${name}" TO '${join(folder, name)}' (FORMAT binary)`);
  const start = performance.now();
  await client.query('BEGIN');
  await client.query('CREATE SCHEMA copied');
  for (const name of names) {
    await client.query(`CREATE TABLE copied."${name}" (LIKE bench."${name}")`);
    await client.query(`COPY copied."${name}" FROM '${join(folder, name)}' (FORMAT binary)`);
  }
  await client.query('COMMIT');
  return (performance.now() - start) / 1000;
}

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
const perMessage = (seconds) => `${seconds.toFixed(2)} s, ${((seconds * 1e6) / MESSAGES).toFixed(2)} µs a message`;
try {
  const loads = [];
  const copies = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await client.query('DROP SCHEMA IF EXISTS bench CASCADE');
    loads.push(await ours(`1.${round}`, 0));
    copies.push(await servers());
  }
  const total = median(loads.map(({ seconds }) => seconds));
  const copy = median(copies);
  console.log(`${MESSAGES} messages with nested rows, ${ROUNDS} rounds, medians`);
  console.log(`server's COPY of files          ${perMessage(copy)}`);
  console.log(
    `column batches to commit        ${perMessage(total)}, of that ${median(loads.map((l) => l.writing)).toFixed(2)} s until the commit began`,
  );
  console.log(`ratio                           ${(copy / total).toFixed(2)} of the server's COPY`);
  if (disposition === 'merge') {
    const again = await ours('2', Math.floor(MESSAGES / 2));
    console.log(`merge of as many, half known    ${perMessage(again.seconds)}`);
  }
} finally {
  await destination[Symbol.asyncDispose]();
  await client.end();
  rmSync(folder, { recursive: true, force: true });
}
