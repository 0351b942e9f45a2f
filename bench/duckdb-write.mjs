// Writes rows of the demo's shape (a message with three nested tables, built by hand) to a DuckDB file
// and prints microseconds a message: node bench/duckdb-write.mjs [append|merge] [messages]. Needs `npm run build`.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newSchema } from '../dist/core/schema-hash.js';
import { duckdb } from '../dist/destinations/duckdb.js';

const [disposition = 'append', count = '100000'] = process.argv.slice(2);
const MESSAGES = Number(count);
const PER_BATCH = 8192;

const column = (name, data_type, extra = {}) => [name, { name, data_type, nullable: true, ...extra }];
const rowId = column('_dlt_id', 'text', { nullable: false, unique: true, row_key: true });
const nestedKeys = [
  column('_dlt_root_id', 'text', { nullable: false, root_key: true }),
  column('_dlt_parent_id', 'text', { nullable: false, parent_key: true }),
  column('_dlt_list_idx', 'bigint', { nullable: false }),
  rowId,
];
const root = {
  name: 'messages',
  write_disposition: disposition,
  resource: 'messages',
  columns: Object.fromEntries([
    column('id', 'text', { nullable: false, primary_key: true }),
    ...['subject', 'body', 'thread_id', 'from__email', 'from__name', 'status', 'channel', 'language'].map((name) => column(name, 'text')),
    column('created_at', 'timestamp'),
    column('updated_at', 'timestamp'),
    column('size', 'bigint'),
    column('score', 'double'),
    column('is_read', 'bool'),
    column('_dlt_load_id', 'text', { nullable: false }),
    rowId,
  ]),
};
const nested = [
  ['messages__to', ['email', 'name'], 2],
  ['messages__attachments', ['file_name', 'content_type'], 1],
  ['messages__tags', ['value'], 1.5],
].map(([name, texts, perMessage]) => ({
  perMessage,
  table: { name, parent: 'messages', columns: Object.fromEntries([...texts.map((text) => column(text, 'text')), ...nestedKeys]) },
}));

/** The rows of one batch: texts differ a row, ids are random-like. */
function batch(table, rows, first) {
  const columns = Object.values(table.columns).map((schema) => {
    if (schema.data_type === 'double')
      return { schema, data: { kind: 'double', values: Float64Array.from({ length: rows }, (_, i) => (first + i) / 7) } };
    if (schema.data_type === 'bool') return { schema, data: { kind: 'bool', values: Uint8Array.from({ length: rows }, (_, i) => i & 1) } };
    if (schema.data_type !== 'text')
      return {
        schema,
        data: {
          kind: 'int64',
          values: new Uint32Array(BigInt64Array.from({ length: rows }, (_, i) => BigInt(first + i) * 1_000_003n).buffer),
        },
      };
    const heap = [];
    const views = new Uint32Array(rows * 2);
    let at = 0;
    for (let i = 0; i < rows; i += 1) {
      const key = (Math.imul(first + i, 2_654_435_761) >>> 0).toString(36).padStart(7, '0');
      const text = schema.name.startsWith('_dlt')
        ? `${key}${key}`
        : schema.name === 'body'
          ? `${key} ${'lorem ipsum dolor '.repeat(20)}`
          : `${schema.name} ${schema.name === 'id' ? first + i : key}`;
      heap.push(text);
      views[i * 2] = at;
      views[i * 2 + 1] = text.length;
      at += text.length;
    }
    return { schema, data: { kind: 'bytes', views, heap: Buffer.from(heap.join('')) } };
  });
  return { table: table.name, rowCount: rows, columns: columns.map((c) => ({ validity: undefined, ...c })) };
}

const folder = mkdtempSync(join(tmpdir(), 'duckdb-write-'));
const file = join(folder, 'bench.duckdb');
const schema = newSchema('bench');
for (const { table } of [{ table: root }, ...nested]) schema.tables[table.name] = table;
const destination = duckdb(file);
for (const loadId of ['1', '2']) {
  const shift = loadId === '1' ? 0 : Math.floor(MESSAGES / 2);
  const dataset = await destination.open('bench');
  const start = performance.now();
  const load = await dataset.begin({ loadId, pipeline: 'bench', startedAt: new Date(), schema, replaced: [] });
  let writing = 0;
  let rows = 0;
  for (let first = 0; first < MESSAGES; first += PER_BATCH) {
    const messages = Math.min(PER_BATCH, MESSAGES - first);
    const batches = [
      batch(root, messages, first + shift),
      ...nested.map(({ table, perMessage }) => batch(table, Math.floor(messages * perMessage), Math.floor((first + shift) * perMessage))),
    ];
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
