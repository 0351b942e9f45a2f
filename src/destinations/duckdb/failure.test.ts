import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { queryDuckDb } from '../../../test/duckdb-rows.ts';
import { ConfigError, type SynclineError } from '../../core/errors.ts';
import { newSchema } from '../../core/schema-hash.ts';
import { batchOf } from '../../testing/batch-of.ts';
import { columns, rootTable } from '../../testing/destination-scene.ts';
import { duckdb, type DuckDbOptions } from '../duckdb.ts';
import { explain } from './failure.ts';

const folder = mkdtempSync(join(tmpdir(), 'duckdb-failure-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What a load into a file comes to. */
async function failureOf(file: string, options: DuckDbOptions = {}, value = 'v'): Promise<SynclineError> {
  await using destination = duckdb(file, options);
  await using dataset = await destination.open('d');
  const table = rootTable('items', columns({ v: { data_type: 'text' } }));
  const schema = newSchema('s');
  schema.tables['items'] = table;
  try {
    const load = await dataset.begin({ loadId: '1', pipeline: 'p', startedAt: new Date(), schema, replaced: [] });
    for (let i = 0; i < 40; i += 1)
      await load.write(
        batchOf(
          table,
          Array.from({ length: 500 }, (_, n) => ({ v: value, _dlt_load_id: '1', _dlt_id: `${i}-${n}` })),
        ),
      );
    await load.commit({ schema, state: undefined });
  } catch (error) {
    return error as SynclineError;
  }
  throw new Error('the load did not fail');
}

/** A copy of a database whose header says another format version, with the checksum that goes with it. */
async function ofVersion(version: bigint): Promise<string> {
  const file = join(folder, `version-${version}.duckdb`);
  await queryDuckDb(file, 'CREATE TABLE t (i INTEGER)');
  const bytes = readFileSync(file);
  const word = (at: number) => bytes.readBigUInt64LE(at);
  const mix = (value: bigint) => BigInt.asUintN(64, value * 0xbf58476d1ce4e5b9n);
  // The first block: a checksum, the magic bytes, then the version, which begins in the middle of a word.
  const before = word(8);
  bytes.writeUInt32LE(Number(version), 12);
  bytes.writeBigUInt64LE(word(0) ^ mix(before) ^ mix(word(8)), 0);
  writeFileSync(file, bytes);
  return file;
}

describe('a database that cannot be used', () => {
  it('because another process has it: which one', async () => {
    const file = join(folder, 'locked.duckdb');
    const api = createRequire(import.meta.url).resolve('@duckdb/node-api');
    const script = `require(${JSON.stringify(api)}).DuckDBInstance.create(${JSON.stringify(file)}).then(() => { process.stdout.write('open'); setInterval(() => {}, 1000); });`;
    const other = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(other.stdout, 'data');
    const error = await failureOf(file);
    other.kill('SIGKILL');
    await once(other, 'exit');
    expect(error).toMatchObject({
      name: 'DestinationError',
      code: 'database_locked',
      retryable: true,
      message: expect.stringContaining(`process ${other.pid}`),
    });
    expect(error.message).toContain(file);
  });

  it('because a newer DuckDB wrote it', async () => {
    const error = await failureOf(await ofVersion(120n));
    expect(error).toMatchObject({ code: 'database_too_new', hint: expect.stringContaining('newer DuckDB') });
    expect(error.message).toContain('version number 120');
  });

  it('because it is something else', async () => {
    const text = join(folder, 'text.duckdb');
    writeFileSync(text, 'this is a text\n'.repeat(1000));
    const empty = join(folder, 'empty.duckdb');
    writeFileSync(empty, '');
    const directory = join(folder, 'directory.duckdb');
    mkdirSync(directory);
    for (const file of [text, empty, directory])
      expect(await failureOf(file)).toMatchObject({ code: 'not_a_database', message: expect.stringContaining(file) });
    expect(readFileSync(text, 'utf8')).toBe('this is a text\n'.repeat(1000));
  });

  it('because it is damaged', async () => {
    const file = join(folder, 'damaged.duckdb');
    await queryDuckDb(file, 'CREATE TABLE t (i INTEGER)');
    const bytes = readFileSync(file);
    bytes.fill(7, 20, 60);
    writeFileSync(file, bytes);
    expect(await failureOf(file)).toMatchObject({ code: 'database_corrupt' });
  });

  it('because its folder is missing', async () => {
    expect(await failureOf(join(folder, 'nowhere', 'x.duckdb'))).toMatchObject({
      code: 'directory_missing',
      hint: expect.stringContaining('Make the folder'),
    });
  });

  it('because its settings are wrong', () => {
    for (const memoryLimit of ['much', '512', '80%', '']) expect(() => duckdb('x', { memoryLimit })).toThrow(/not a size/);
    expect(duckdb('x', { memoryLimit: '1.5 GiB' }).location).toBe('x');
  });

  it('is tried again by the next load', async () => {
    const file = join(folder, 'later', 'x.duckdb');
    await using destination = duckdb(file);
    await using dataset = await destination.open('d');
    const info = { loadId: '1', pipeline: 'p', startedAt: new Date(), schema: newSchema('s'), replaced: [] };
    await expect(dataset.begin(info)).rejects.toMatchObject({ code: 'directory_missing' });
    mkdirSync(join(folder, 'later'));
    await (await dataset.begin(info)).rollback();
  });
});

describe('a load that cannot be written', () => {
  it('because memory is short', async () => {
    const error = await failureOf(join(folder, 'memory.duckdb'), { memoryLimit: '4MB', threads: 1 }, 'x'.repeat(1000));
    expect(error).toMatchObject({ code: 'out_of_memory', hint: expect.stringContaining('memoryLimit') });
  });
});

describe('what DuckDB says is explained', () => {
  it.each([
    [
      'database_locked',
      'IO Error: Could not set lock on file "x": Conflicting lock is held in /usr/bin/python3.11 (PID 4711) by user me. See also',
      'process 4711 (/usr/bin/python3.11)',
    ],
    ['database_locked', 'IO Error: Could not set lock on file "x": Conflicting lock is held by PID 4711.', 'process 4711:'],
    [
      'database_locked',
      'IO Error: Cannot open file "x": The process cannot access the file because it is being used by another process.',
      'another process',
    ],
    ['disk_full', 'IO Error: Could not write all bytes to file "x": wanted=262144 wrote=4096: No space left on device', 'full'],
    ['database_not_writable', 'IO Error: Cannot open file "x": Permission denied', 'cannot be written'],
    ['database_not_writable', 'IO Error: Cannot open file "x": Read-only file system', 'cannot be written'],
    ['null_not_allowed', 'Failed to append: NOT NULL constraint failed: my.table.my column', 'my.table.my column'],
    ['value_not_unique', 'Constraint Error: Duplicate key "id: secret" violates primary key constraint.', 'primary key'],
    ['constraint_violated', 'Constraint Error: CHECK constraint failed on table items with expression CHECK((a > 0))', 'CHECK'],
    ['value_not_convertible', "Conversion Error: Could not convert string 'secret' to INT32", 'type'],
    ['destination_failed', 'Binder Error: something new\nLINE 1: secret', 'Binder Error: something new'],
  ])('%s: %s', (code, message, part) => {
    const error = explain(new Error(message), { file: '/data/x.duckdb', table: 'items' });
    expect(error).toMatchObject({ name: 'DestinationError', code, message: expect.stringContaining(part) });
    expect(`${error.message} ${error.hint ?? ''}`).not.toContain('secret');
  });

  it('errors of our own are left alone', () => {
    const own = new ConfigError('x', 'y');
    expect(explain(own, { file: 'f' })).toBe(own);
  });
});
