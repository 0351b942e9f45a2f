// Loads the demo API into DuckDB through the command line, shows the tables, changes some messages
// at the API, runs again and shows what that changed.
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { textTable } from '../dist/destinations/console/text-table.js';
import { startDemoApi } from './demo-api.mjs';

const CLI = resolve(import.meta.dirname, '../dist/cli/main.js');
const FOLDER = resolve('demo-data');
const DATABASE = join(FOLDER, 'messages.duckdb');
const shown = (path) => relative(process.cwd(), path);
const API_KEY = 'demo-key-1234';

const guide = (baseUrl) => ({
  client: {
    base_url: baseUrl,
    auth: { type: 'api_key', name: 'api_key', api_key: '${DEMO_API_KEY}', location: 'query' },
    retry: { statuses: [429, 500, 502, 503, 504], max_retries: 3, backoff_factor: 2 },
  },
  resource_defaults: { primary_key: 'id', write_disposition: 'merge' },
  resources: [{ name: 'messages', endpoint: { path: 'v1/messages', data_selector: 'data', paginator: { type: 'offset', limit: 100 } } }],
});

const QUERIES = [
  [
    'Messages by status',
    'SELECT status, count(*) AS messages, round(sum(price__amount), 2) AS price FROM messages GROUP BY ALL ORDER BY messages DESC',
  ],
  [
    'Attachments by type, joined to their messages',
    'SELECT a.content_type, m.direction, count(*) AS files, sum(a.size) // 1000000 AS megabytes FROM messages__attachments a JOIN messages m ON a._dlt_parent_id = m._dlt_id GROUP BY ALL ORDER BY ALL',
  ],
  ['The most used tags', 'SELECT value AS tag, count(*) AS messages FROM messages__tags GROUP BY ALL ORDER BY messages DESC, tag LIMIT 3'],
];

function syncline(...args) {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [CLI, ...args], {
      cwd: FOLDER,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, DEMO_API_KEY: API_KEY },
    });
    child.on('error', fail);
    child.on('close', (code) => (code === 0 ? done() : fail(new Error(`syncline ended with exit code ${code}`))));
  });
}

async function query(sql) {
  const instance = await DuckDBInstance.create(DATABASE, { access_mode: 'READ_ONLY' });
  try {
    const connection = await instance.connect();
    await connection.run('USE messages_data');
    const reader = await connection.runAndReadAll(sql);
    connection.closeSync();
    return { columns: reader.columnNames(), rows: reader.getRowsJson() };
  } finally {
    instance.closeSync();
  }
}

function printTable({ columns, rows }) {
  const table = {
    columns: columns.map((name) => ({ name })),
    rows: rows.map((row) => row.map((cell) => (cell === null ? null : String(cell)))),
  };
  console.log(textTable(table, process.stdout.columns ?? 120).join('\n'));
}

const show = async (sql) => printTable(await query(sql));

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
const api = await startDemoApi({ count: 3000, apiKey: API_KEY, faults: { 6: 429, 18: 503 } });
try {
  const config = join(FOLDER, 'messages.json');
  writeFileSync(config, `${JSON.stringify(guide(api.url), null, 2)}\n`);
  console.log(`A messaging API with 3,000 messages answers at ${api.url}; the configuration is in ${shown(config)}.\n`);

  console.log('$ syncline run messages.json');
  await syncline('run', 'messages.json');

  console.log('\nThe tables:');
  await show(
    `SELECT table_name AS "table", estimated_size AS rows, column_count AS columns FROM duckdb_tables() WHERE schema_name = 'messages_data' ORDER BY table_name`,
  );
  for (const [title, sql] of QUERIES) {
    console.log(`\n${title}:\n  ${sql}`);
    await show(sql);
  }

  const before = await query(`SELECT id, status, updated_at FROM messages`);
  const { edited, added } = api.change();
  console.log(`\nNow ${edited} messages change at the API and ${added} are new. The same command again:\n\n$ syncline run messages.json`);
  await syncline('run', 'messages.json');

  const after = await query(`SELECT id, status, updated_at FROM messages`);
  const known = new Map(before.rows.map((row) => [row[0], JSON.stringify(row)]));
  const isNew = after.rows.filter((row) => !known.has(row[0])).length;
  const same = after.rows.filter((row) => known.get(row[0]) === JSON.stringify(row)).length;
  console.log('\nWhat the merge did to the messages:');
  printTable({
    columns: ['new', 'changed', 'unchanged', 'twice'],
    rows: [[isNew, after.rows.length - isNew - same, same, after.rows.length - new Set(after.rows.map((row) => row[0])).size]],
  });
  console.log(`\nThe database is ${shown(DATABASE)}, schema messages_data. Any DuckDB client opens it.`);
} finally {
  await api.close();
}
