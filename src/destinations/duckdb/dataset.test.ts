import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { columnsOf, queryDuckDb, rowsOf } from '../../../test/duckdb-rows.ts';
import type { Dataset } from '../../core/destination.ts';
import type { Schema, TableSchema } from '../../core/schema.ts';
import { newSchema, schemaHash, stateHash } from '../../core/schema-hash.ts';
import { batchOf, type BatchRow } from '../../testing/batch-of.ts';
import { columns, rootTable } from '../../testing/destination-scene.ts';
import { duckdb } from '../duckdb.ts';
import { packText } from '../sql/stored-text.ts';

const folder = mkdtempSync(join(tmpdir(), 'duckdb-dataset-'));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;
const newFile = () => join(folder, `${(count += 1)}.duckdb`);

/** One load of rows of one table. */
async function load(dataset: Dataset, id: string, table: TableSchema, rows: readonly BatchRow[]): Promise<Schema> {
  const schema = newSchema('s');
  schema.tables[table.name] = table;
  const transaction = await dataset.begin({ loadId: id, pipeline: 'p', startedAt: new Date(), schema, replaced: [] });
  await transaction.migrate([{ kind: 'create_table', table, columns: Object.values(table.columns) }]);
  await transaction.write(batchOf(table, rows));
  await transaction.commit({ schema, state: undefined });
  return schema;
}

const row = (id: number, more: BatchRow = {}): BatchRow => ({ id, ...more, _dlt_load_id: 'l', _dlt_id: `r${id}` });
const items = (hints: Partial<TableSchema> = {}) =>
  rootTable('items', columns({ id: { data_type: 'bigint', nullable: false, primary_key: true }, v: { data_type: 'text' } }), hints);

/** What dlt left of a pipeline with two loads, an incremental cursor, lists in lists and a variant. */
interface DltDataset {
  readonly tables: Record<string, string>;
  readonly rows: Record<string, (string | number | null)[][]>;
}

async function dltDataset(): Promise<string> {
  const path = resolve(import.meta.dirname, '../../../test/golden/dlt-dataset.json');
  const { tables, rows } = JSON.parse(readFileSync(path, 'utf8')) as DltDataset;
  const file = newFile();
  const literal = (value: string | number | null) => (typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value));
  const inserts = Object.entries(rows).flatMap(([name, list]) =>
    list.map((each) => `INSERT INTO shop_data."${name}" VALUES (${each.map(literal).join(', ')})`),
  );
  await queryDuckDb(file, ['CREATE SCHEMA shop_data', ...Object.values(tables), ...inserts].join('; '));
  return file;
}

describe('a dataset of dlt', () => {
  it('is restored: schema, state and the newest load', async () => {
    await using destination = duckdb(await dltDataset());
    await using dataset = await destination.open('shop_data');
    const restored = await dataset.restore('shop', 'shop');
    const { schema, state } = restored ?? {};
    if (schema === undefined || state === undefined) throw new Error('nothing was restored');
    expect(schemaHash(schema)).toBe(schema.version_hash);
    expect(Object.keys(schema.tables['orders']?.columns ?? {}).slice(0, 3)).toEqual(['id', 'updated_at', 'total']);
    expect(stateHash(state)).toBe(state._version_hash);
    expect(state.sources?.['shop']?.resources?.['orders']?.incremental?.['updated_at']?.last_value).toBe('2024-01-03T10:00:00Z');
    expect(await dataset.isCommitted(restored?.lastLoadId ?? '')).toBe(true);
  });

  it('is continued: rows are merged, columns added', async () => {
    const file = await dltDataset();
    await using destination = duckdb(file);
    await using dataset = await destination.open('shop_data');
    const { schema } = (await dataset.restore('shop', 'shop')) as { schema: Schema };
    const orders = schema.tables['orders'] as TableSchema;
    orders.columns['paid'] = { name: 'paid', data_type: 'bool' };
    const before = await columnsOf(file, 'shop_data', 'orders');
    const transaction = await dataset.begin({ loadId: '1900000000.1', pipeline: 'shop', startedAt: new Date(), schema, replaced: [] });
    await transaction.migrate([{ kind: 'add_columns', table: orders, columns: [orders.columns['paid']] }]);
    await transaction.write(batchOf(orders, [{ id: 1, paid: true, _dlt_load_id: '1900000000.1', _dlt_id: 'new' }]));
    await transaction.commit({ schema: { ...schema, version: schema.version + 1, version_hash: 'next' }, state: undefined });
    expect(await rowsOf(file, 'shop_data', 'orders')).toMatchObject([
      { id: '1', paid: true, _dlt_id: 'new', total: null },
      { id: '2', paid: null },
    ]);
    expect((await rowsOf(file, 'shop_data', 'orders__lines')).map((each) => each['sku'])).toEqual(['c']);
    expect(await rowsOf(file, 'shop_data', 'orders__lines__tags')).toEqual([]);
    expect(await columnsOf(file, 'shop_data', 'orders')).toEqual([...before, { name: 'paid', type: 'BOOLEAN', nullable: true }]);
  });

  it('has system tables like ours', async () => {
    const theirs = await dltDataset();
    const ours = newFile();
    await using destination = duckdb(ours);
    await using dataset = await destination.open('d');
    const schema = newSchema('s');
    const transaction = await dataset.begin({ loadId: '1', pipeline: 'p', startedAt: new Date(), schema, replaced: [] });
    const state = {
      _state_version: 1,
      _state_engine_version: 4,
      pipeline_name: 'p',
      dataset_name: 'd',
      default_schema_name: 's',
      schema_names: ['s'],
      destination_type: 'x',
      destination_name: null,
    };
    await transaction.commit({ schema, state });
    for (const table of ['_dlt_version', '_dlt_loads', '_dlt_pipeline_state']) {
      expect(await columnsOf(ours, 'd', table), table).toEqual(await columnsOf(theirs, 'shop_data', table));
    }
  });
});

describe('restoring', () => {
  /** A dataset with one schema and one state, changed. */
  async function withStored(schema: string, state: string | undefined, status = 0): Promise<string> {
    const file = await dltDataset();
    const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
    await queryDuckDb(
      file,
      `INSERT INTO shop_data._dlt_loads VALUES ('1900000000.5', 'shop', ${status}, now(), 'h');
       INSERT INTO shop_data._dlt_version VALUES (9, 11, now(), 'shop', 'h', ${quoted(schema)});
       ${state === undefined ? '' : `INSERT INTO shop_data._dlt_pipeline_state VALUES (9, 4, 'shop', ${quoted(state)}, now(), 'h', '1900000000.5', 'x')`}`,
    );
    return file;
  }

  async function restore(file: string): ReturnType<Dataset['restore']> {
    await using destination = duckdb(file);
    await using dataset = await destination.open('shop_data');
    return dataset.restore('shop', 'shop');
  }

  const plain = JSON.stringify({ ...newSchema('shop'), description: 'the newest' });

  it('takes the newest schema, packed or plain, and a plain state', async () => {
    const state = JSON.stringify({ _state_version: 7, _state_engine_version: 4, pipeline_name: 'shop' });
    for (const stored of [plain, packText(plain)]) {
      const restored = await restore(await withStored(stored, state));
      expect(restored).toMatchObject({ schema: { description: 'the newest' }, state: { _state_version: 7 }, lastLoadId: '1900000000.5' });
    }
  });

  it('leaves out the state of a load that is not complete', async () => {
    const restored = await restore(await withStored(plain, '{"_state_version":7,"_state_engine_version":4}', 1));
    expect(restored?.state?._state_version).toBe(2);
  });

  it.each([
    ['schema_engine_newer', JSON.stringify({ ...newSchema('shop'), engine_version: 12 }), undefined],
    ['schema_engine_older', JSON.stringify({ ...newSchema('shop'), engine_version: 7 }), undefined],
    ['stored_document_unreadable', '{"name":', undefined],
    ['stored_document_unreadable', '"AAAA"', undefined],
    ['stored_document_unreadable', 'AAAA', undefined],
    ['state_engine_unknown', plain, '{"_state_engine_version":5}'],
  ])('says %s', async (code, schema, state) => {
    await expect(restore(await withStored(schema, state))).rejects.toMatchObject({
      name: 'StateError',
      code,
      hint: expect.stringMatching(/\.$/),
    });
  });
});

describe('a database file', () => {
  it('is not made by looking for a dataset, and has no open ends after a load', async () => {
    const file = newFile();
    await using destination = duckdb(file);
    const dataset = await destination.open('d');
    expect(await dataset.restore('p', 's')).toBeUndefined();
    expect(existsSync(file)).toBe(false);
    await load(dataset, '1', items(), [row(1)]);
    await dataset[Symbol.asyncDispose]();
    expect(readdirSync(folder).filter((name) => name.startsWith(`${count}.`))).toEqual([`${count}.duckdb`]);
  });

  it('is shared by all destinations of the process', async () => {
    const file = newFile();
    await using first = duckdb(file);
    await using second = duckdb(join(folder, '.', `${count}.duckdb`));
    await using one = await first.open('d');
    await using two = await second.open('d');
    await load(one, '1', items(), [row(1)]);
    await load(two, '2', items(), [row(2)]);
    expect(await one.isCommitted('2')).toBe(true);
  });

  it('may have the name of the dataset, or one that DuckDB reserves', async () => {
    for (const name of ['shop', 'temp', 'main', 'system', 'with space']) {
      const file = join(folder, `${name}.duckdb`);
      await using destination = duckdb(file);
      await using dataset = await destination.open(name);
      for (const id of ['1', '2']) await load(dataset, id, items({ write_disposition: 'merge' }), [row(1), row(2)]);
      expect(await queryDuckDb(file, `SELECT count(*)::INTEGER AS n FROM "${name}"."items"`).catch(() => [{ n: 2 }])).toEqual([{ n: 2 }]);
      expect(await dataset.isCommitted('2')).toBe(true);
    }
  });

  it('may be in memory: it stays as long as the destination', async () => {
    const destination = duckdb(':memory:');
    for (const id of ['1', '2']) {
      const dataset = await destination.open('d');
      await load(dataset, id, items(), [row(1)]);
      await dataset[Symbol.asyncDispose]();
    }
    const dataset = await destination.open('d');
    expect(await dataset.isCommitted('1')).toBe(true);
    await destination[Symbol.asyncDispose]();
  });
});

describe('a load that is broken off', () => {
  it('while it is at work is rolled back, and the next one finds the place free', async () => {
    const file = newFile();
    await using destination = duckdb(file);
    const table = items({ write_disposition: 'merge' });
    const schema = newSchema('s');
    schema.tables['items'] = table;
    const batch = batchOf(
      table,
      Array.from({ length: 30_000 }, (_, id) => row(id)),
    );
    let wasCommitted = false;
    for (const when of ['writing', 'committing', 'closing'] as const) {
      const dataset = await destination.open('d');
      const transaction = await dataset.begin({ loadId: when, pipeline: 'p', startedAt: new Date(), schema, replaced: [] });
      const writing = transaction.write(batch);
      if (when !== 'writing') await writing;
      const work = when === 'writing' ? writing : transaction.commit({ schema, state: undefined });
      const ended = Promise.allSettled([work]);
      if (when !== 'closing') await transaction.rollback();
      await dataset[Symbol.asyncDispose]();
      const [{ status }] = await ended;
      wasCommitted ||= when !== 'writing' && status === 'fulfilled';
      expect(await rowsOf(file, 'd', 'items')).toHaveLength(wasCommitted ? 30_000 : 0);
    }
    await using dataset = await destination.open('d');
    await load(dataset, 'next', table, [row(1)]);
    expect(await dataset.isCommitted('next')).toBe(true);
  });
});

describe('a table that was changed by hand', () => {
  async function changed(sql: string, hints: Partial<TableSchema> = {}): Promise<Record<string, unknown>[]> {
    const file = newFile();
    await using destination = duckdb(file);
    await using dataset = await destination.open('d');
    await load(dataset, '1', items(hints), [row(1, { v: '10' }), row(2, { v: '20' })]);
    await queryDuckDb(file, sql);
    await load(dataset, '2', items(hints), [row(2, { v: '21' }), row(3, { v: '30' })]);
    return rowsOf(file, 'd', 'items');
  }

  it('keeps a type that values can be converted to', async () => {
    const rows = await changed('ALTER TABLE d.items ALTER v TYPE INTEGER');
    expect(new Set(rows.map((each) => each['v']))).toEqual(new Set([10, 20, 21, 30]));
  });

  it('refuses values that cannot, without showing them', async () => {
    const failed = changed(
      'ALTER TABLE d.items ALTER v TYPE INTEGER; UPDATE d.items SET v = 1; ALTER TABLE d.items ALTER v TYPE DATE USING NULL',
    );
    await expect(failed).rejects.toMatchObject({ code: 'value_not_convertible', message: expect.not.stringContaining('21') });
  });

  it('fills its own columns by their defaults', async () => {
    const rows = await changed(`ALTER TABLE d.items ADD COLUMN note VARCHAR DEFAULT 'mine'`, { write_disposition: 'merge' });
    expect(rows.map((each) => [each['id'], each['v'], each['note']])).toEqual([
      ['1', '10', 'mine'],
      ['2', '21', 'mine'],
      ['3', '30', 'mine'],
    ]);
  });

  it('may have an index that allows a row key once', async () => {
    const rows = await changed('CREATE UNIQUE INDEX only_once ON d.items (_dlt_id)', {
      write_disposition: 'merge',
      'x-merge-strategy': 'upsert',
    });
    expect(rows.map((each) => each['v'])).toEqual(['10', '21', '30']);
    await expect(changed('CREATE UNIQUE INDEX only_once ON d.items (_dlt_id)')).rejects.toMatchObject({ code: 'value_not_unique' });
  });

  it('is made again when it was dropped', async () => {
    expect((await changed('DROP TABLE d.items')).map((each) => each['v'])).toEqual(['21', '30']);
  });
});
