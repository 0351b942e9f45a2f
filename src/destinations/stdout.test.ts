import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import type { FinalLoad } from '../core/destination.ts';
import { newSchema } from '../core/schema-hash.ts';
import type { ColumnSchema, TableSchema } from '../core/schema.ts';
import { batchOf, type BatchRow } from '../testing/batch-of.ts';
import { runOf } from '../testing/destination-scene.ts';
import { filesystem } from './filesystem.ts';
import { stdout } from './stdout.ts';

const folder = mkdtempSync(join(tmpdir(), 'stdout-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = runOf('r', { pipeline: 'p', source: 's', loadId: '1' });
const final: FinalLoad = { schema: newSchema('s'), state: undefined, run };
const begin = { loadId: '1', pipeline: 'p', startedAt: new Date(), schema: newSchema('s'), replaced: [] };

function table(name: string, ...columns: readonly ColumnSchema[]): TableSchema {
  return { name, resource: name, write_disposition: 'append', columns: Object.fromEntries(columns.map((column) => [column.name, column])) };
}

const items = table('items', { name: 'id', data_type: 'bigint' }, { name: 'note', data_type: 'text' });
const tags = table('items__tags', { name: 'value', data_type: 'text', nullable: false });

/** A stream that keeps what is written. */
function collector(): { readonly output: Writable; readonly text: () => string } {
  const chunks: Buffer[] = [];
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { output, text: () => Buffer.concat(chunks).toString('utf8') };
}

type Printed = readonly (readonly [TableSchema, readonly BatchRow[]])[];

/** What a run of one load prints. */
async function print(batches: Printed, only?: string): Promise<string> {
  const { output, text } = collector();
  await using destination = stdout({ output, ...(only !== undefined && { table: only }) });
  await using dataset = await destination.open('d');
  const load = await dataset.begin(begin);
  for (const [schema, rows] of batches) await load.write(batchOf(schema, rows));
  await load.commit(final);
  return text();
}

const two: Printed = [
  [
    items,
    [
      { id: 1n, note: 'a "b"\n\u0000\u001b[31m' },
      { id: 2n, note: null },
    ],
  ],
  [tags, [{ value: 'x' }]],
  [items, [{ id: 3n, note: '🎈' }]],
];

describe('stdout', () => {
  it('prints a line a row, with the name of its table', async () => {
    expect(await print(two)).toBe(
      String.raw`{"table":"items","row":{"id":1,"note":"a \"b\"\n\u0000\u001B[31m"}}
{"table":"items","row":{"id":2}}
{"table":"items__tags","row":{"value":"x"}}
{"table":"items","row":{"id":3,"note":"🎈"}}
`,
    );
  });

  it('lets no text give orders to a terminal', async () => {
    const { output, text } = collector();
    await using destination = stdout({ output: Object.assign(output, { isTTY: true }), table: 'items' });
    await using dataset = await destination.open('d');
    const load = await dataset.begin(begin);
    const note = '\u009b31m\u007f\u202e\u2028ü👩‍💻';
    await load.write(batchOf(items, [{ note }, { note: 'b' }]));
    expect(text()).toBe(String.raw`{"note":"\u009b31m\u007f\u202e\u2028ü👩‍💻"}` + '\n{"note":"b"}\n');
    expect(JSON.parse(text().split('\n')[0] ?? '')).toEqual({ note });
  });

  it('prints the bare rows of one table', async () => {
    expect(await print(two, 'items__tags')).toBe('{"value":"x"}\n');
  });

  it('names the tables that came when the one that was asked for did not', async () => {
    await expect(print(two, 'item')).rejects.toMatchObject({
      code: 'stdout_table_missing',
      message: 'No rows came for a table item.',
      hint: 'Write one of stdout:items, stdout:items__tags.',
    });
    expect(await print([], 'item')).toBe('');
  });

  it('keeps the order of rows', async () => {
    const rows = Array.from({ length: 8192 }, (_, i) => ({ id: BigInt(i) }));
    const printed = await print([[items, rows]], 'items');
    expect(printed).toBe(rows.map(({ id }) => `{"id":${id}}\n`).join(''));
  });

  it('writes values as the files of JSON lines hold them', async () => {
    const schema = table(
      'everything',
      { name: 'text', data_type: 'text' },
      { name: 'bool', data_type: 'bool' },
      { name: 'bigint', data_type: 'bigint' },
      { name: 'wide', data_type: 'bigint', precision: 128 },
      { name: 'double', data_type: 'double' },
      { name: 'decimal', data_type: 'decimal' },
      { name: 'wei', data_type: 'wei' },
      { name: 'timestamp', data_type: 'timestamp' },
      { name: 'local', data_type: 'timestamp', timezone: false },
      { name: 'date', data_type: 'date' },
      { name: 'time', data_type: 'time' },
      { name: 'binary', data_type: 'binary' },
      { name: 'json', data_type: 'json' },
    );
    const rows: BatchRow[] = [
      {
        text: 'ż',
        bool: false,
        bigint: 2n ** 63n - 1n,
        wide: -(2n ** 90n),
        double: 0.1,
        decimal: -1_500_000_000n,
        wei: 10n ** 30n,
        timestamp: 1_700_000_000_123_456n,
        local: 1_500_001n,
        date: 19_000,
        time: 86_399_999_999n,
        binary: Uint8Array.of(0, 255, 10),
        json: '{"a":[1,null]}',
      },
      { text: '', double: Number.POSITIVE_INFINITY },
      { double: Number.NaN, bool: true },
    ];
    const printed = await print([[schema, rows]], 'everything');
    expect(printed.split('\n')[0]).toBe(
      '{"text":"ż","bool":false,"bigint":9223372036854775807,"wide":-1237940039285380274899124224,"double":0.1,"decimal":"-1.500000000","wei":"1000000000000000000000000000000","timestamp":"2023-11-14T22:13:20.123456+00:00","local":"1970-01-01T00:00:01.500001","date":"2022-01-08","time":"23:59:59.999999","binary":"AP8K","json":{"a":[1,null]}}',
    );
    expect(printed).toBe(await inFile(schema, rows));
  });

  it('waits for a slow reader before it takes more', async () => {
    const taken: (() => void)[] = [];
    const output = new Writable({ highWaterMark: 1, write: (_chunk, _encoding, done) => void taken.push(() => done()) });
    await using destination = stdout({ output });
    await using dataset = await destination.open('d');
    const load = await dataset.begin(begin);
    const written: number[] = [];
    const writes = (async () => {
      for (const id of [1, 2, 3]) {
        await load.write(batchOf(items, [{ id: BigInt(id) }]));
        written.push(id);
      }
    })();
    for (const before of [[], [1], [1, 2]]) {
      await expect.poll(() => taken.length).toBe(1);
      expect(written).toEqual(before);
      taken.pop()?.();
    }
    await writes;
    expect(written).toEqual([1, 2, 3]);
  });

  it('tells a reader that has gone from an output that is full', async () => {
    const failing = (code: string) =>
      new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error(`${code}: what the system says`), { code })) });
    const gone = new PassThrough();
    gone.destroy();
    for (const [output, code] of [
      [failing('EPIPE'), 'output_closed'],
      [gone, 'output_closed'],
      [failing('ENOSPC'), 'output_failed'],
    ] as const) {
      await using destination = stdout({ output });
      await using dataset = await destination.open('d');
      const load = await dataset.begin(begin);
      const batch = batchOf(items, [{ id: 1n }]);
      await expect(load.write(batch)).rejects.toMatchObject({ name: 'DestinationError', code });
      await expect(load.commit(final)).rejects.toMatchObject({ code });
      await load.rollback();
    }
  });

  it('stops waiting for a reader when it is told to', async () => {
    const stop = new AbortController();
    const output = new Writable({ write: () => stop.abort(new Error('stopped')) });
    await using destination = stdout({ output });
    await using dataset = await destination.open('d', { signal: stop.signal });
    const load = await dataset.begin(begin);
    await expect(load.write(batchOf(items, [{ id: 1n }]))).rejects.toThrow('stopped');
  });

  it('knows the schema within a run and nothing after it', async () => {
    await using destination = stdout({ output: collector().output });
    await using dataset = await destination.open('d');
    const part = newSchema('s');
    await (await dataset.begin(begin)).commit({ schema: part, state: undefined });
    expect(await dataset.restore('p', 's')).toEqual({ schema: part, state: undefined });
    await (await dataset.begin(begin)).commit(final);
    expect(await dataset.restore('p', 's')).toBeUndefined();
    expect(await dataset.isCommitted('1')).toBe(false);
    expect(await dataset.findRun('p', 'r')).toBeUndefined();
  });

  it('undoes all loads that are open when it is closed', async () => {
    await using destination = stdout({ output: collector().output });
    const dataset = await destination.open('d');
    const loads = [await dataset.begin(begin), await dataset.begin({ ...begin, loadId: '2' })];
    await dataset[Symbol.asyncDispose]();
    for (const load of loads) await expect(load.write(batchOf(items, [{ id: 1n }]))).rejects.toMatchObject({ code: 'load_ended' });
  });

  it('leaves an output that is given to it open, and the listeners as they were', async () => {
    const { output } = collector();
    await (async () => {
      await using destination = stdout({ output });
      expect(destination.ownsStdout).toBe(false);
      expect(output.listenerCount('error')).toBe(1);
    })();
    expect(output.writableEnded).toBe(false);
    expect(output.listenerCount('error')).toBe(0);
    await using own = stdout();
    expect(own.ownsStdout).toBe(true);
  });
});

/** The lines of the same rows in a file. */
async function inFile(schema: TableSchema, rows: readonly BatchRow[]): Promise<string> {
  await using destination = filesystem(folder, { format: 'jsonl', compression: 'none' });
  await using dataset = await destination.open('d');
  const load = await dataset.begin(begin);
  await load.migrate([{ kind: 'create_table', table: schema, columns: Object.values(schema.columns) }]);
  await load.write(batchOf(schema, rows));
  await load.commit({ schema: { ...newSchema('s'), tables: { [schema.name]: schema } }, state: undefined });
  const files = join(folder, 'd', schema.name);
  return readdirSync(files)
    .map((name) => readFileSync(join(files, name), 'utf8'))
    .join('');
}
