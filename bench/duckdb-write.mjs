// Writes rows of the demo to a DuckDB file and prints microseconds a message:
// node bench/duckdb-write.mjs [append|merge] [messages]. Needs `npm run build`.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { duckdb } from '../dist/destinations/duckdb.js';
import { demoBatches } from './demo-batches.mjs';

const [disposition = 'append', messages = '100000'] = process.argv.slice(2);
const count = Number(messages);

const folder = mkdtempSync(join(tmpdir(), 'duckdb-write-'));
const file = join(folder, 'bench.duckdb');
const destination = duckdb(file);
for (const loadId of ['1', '2']) {
  // Half of the second load's messages are known.
  const { batches, schema } = demoBatches({ count, loadId, disposition, first: loadId === '1' ? 0 : Math.floor(count / 2) });
  const rows = batches.reduce((sum, batch) => sum + batch.rowCount, 0);
  const dataset = await destination.open('bench');
  const load = await dataset.begin({ loadId, pipeline: 'bench', startedAt: new Date(), schema, replaced: [] });
  const start = performance.now();
  for (const batch of batches) await load.write(batch);
  const written = performance.now();
  await load.commit({ schema, state: undefined });
  const perRow = (ms) => `${((ms * 1000) / count).toFixed(2)} µs a message (${((ms * 1000) / rows).toFixed(2)} a row)`;
  console.log(
    `${disposition} load ${loadId}: ${count} messages, ${rows} rows; write ${perRow(written - start)}, commit ${perRow(performance.now() - written)}`,
  );
  await dataset[Symbol.asyncDispose]();
}
console.log(
  `file ${(statSync(file).size / 1e6).toFixed(1)} MB, peak RSS with the batches ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`,
);
await destination[Symbol.asyncDispose]();
rmSync(folder, { recursive: true });
