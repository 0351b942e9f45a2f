import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { newSchema } from '../../core/schema-hash.ts';
import { batchOf } from '../../testing/batch-of.ts';
import { columns, rootTable } from '../../testing/destination-scene.ts';
import { duckdb, type DuckDbDestination } from '../duckdb.ts';

const folder = mkdtempSync(join(tmpdir(), 'duckdb-connect-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'x.duckdb');

/** Loads a row and leaves the dataset open. */
async function load(destination: DuckDbDestination): Promise<void> {
  const schema = newSchema('s');
  const table = rootTable('items', columns({ id: { data_type: 'bigint' } }));
  schema.tables['items'] = table;
  const dataset = await destination.open('d');
  const transaction = await dataset.begin({ loadId: '1', pipeline: 'p', startedAt: new Date(), schema, replaced: [] });
  await transaction.migrate([{ kind: 'create_table', table, columns: Object.values(table.columns) }]);
  await transaction.write(batchOf(table, [{ id: 7n, _dlt_id: 'a', _dlt_load_id: '1' }]));
  await transaction.commit({ schema, state: undefined });
}

describe.each([':memory:', file])('a connection of %s', (path) => {
  it('sees what was loaded, and is closed with the destination', async () => {
    const destination = duckdb(path);
    const [early, own] = [await destination.connect(), await destination.connect()];
    await load(destination);
    for (const connection of [early, own, await destination.connect()]) {
      const reader = await connection.runAndReadAll('SELECT id FROM d.items');
      expect(reader.getRowsJson()).toEqual([['7']]);
    }
    own.closeSync();
    await destination[Symbol.asyncDispose]();
    await expect(early.run('SELECT 1')).rejects.toThrow('connection disconnected');
  });
});

it('has a temporary folder of its own for what finds no place in memory', async () => {
  const destination = duckdb(':memory:');
  const connection = await destination.connect();
  const [[spill]] = (await connection.runAndReadAll(`SELECT current_setting('temp_directory')`)).getRowsJson() as [[string]];
  expect(statSync(spill).mode & 0o777).toBe(0o700);
  await destination[Symbol.asyncDispose]();
  expect(existsSync(spill)).toBe(false);
});

it('leaves the file to other processes once the destination is closed', async () => {
  const program = `import { DuckDBInstance } from '@duckdb/node-api';
    const connection = await (await DuckDBInstance.create(${JSON.stringify(file)})).connect();
    console.log(String((await connection.runAndReadAll('SELECT count(*) FROM d.items')).getRows()[0][0]));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { cwd: import.meta.dirname });
  expect(stdout).toBe('1\n');
});
