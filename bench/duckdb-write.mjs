// Writes rows of the demo's shape (a message with three nested tables, built by hand) to a DuckDB file
// and prints microseconds a message: node bench/duckdb-write.mjs [append|merge] [messages]. Needs `npm run build`.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newSchema } from '../dist/core/schema-hash.js';
import { duckdb } from '../dist/destinations/duckdb.js';
import { messageBatches, messageTables } from './message-batches.mjs';

const [disposition = 'append', count = '100000'] = process.argv.slice(2);
const MESSAGES = Number(count);

const folder = mkdtempSync(join(tmpdir(), 'duckdb-write-'));
const file = join(folder, 'bench.duckdb');
const schema = newSchema('bench');
const tables = messageTables(disposition);
for (const { table } of tables) schema.tables[table.name] = table;
const destination = duckdb(file);
for (const loadId of ['1', '2']) {
  const shift = loadId === '1' ? 0 : Math.floor(MESSAGES / 2);
  const dataset = await destination.open('bench');
  const start = performance.now();
  const load = await dataset.begin({ loadId, pipeline: 'bench', startedAt: new Date(), schema, replaced: [] });
  let writing = 0;
  let rows = 0;
  for (const batches of messageBatches(tables, { messages: MESSAGES, shift })) {
    const before = performance.now();
    for (const each of batches) {
      await load.write(each);
      rows += each.rowCount;
    }
    writing += performance.now() - before;
  }
  const before = performance.now();
  await load.commit({ schema, state: undefined });
  const committing = performance.now() - before;
  const perRow = (ms) => `${((ms * 1000) / MESSAGES).toFixed(2)} µs a message (${((ms * 1000) / rows).toFixed(2)} a row)`;
  console.log(
    `${disposition} load ${loadId}: ${MESSAGES} messages, ${rows} rows; write ${perRow(writing)}, commit ${perRow(committing)}, with making the rows ${((performance.now() - start) / 1000).toFixed(2)} s`,
  );
  await dataset[Symbol.asyncDispose]();
}
console.log(`file ${(statSync(file).size / 1e6).toFixed(1)} MB, peak RSS ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`);
await destination[Symbol.asyncDispose]();
rmSync(folder, { recursive: true });
