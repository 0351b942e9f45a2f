import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { postgresRows, queryPostgres } from '../../../test/postgres-rows.ts';
import { type PostgresServer, postgresPrograms, startPostgres, withoutPostgres } from '../../../test/postgres-server.ts';
import { comparableRows, goldenMerges, replayMerge } from '../../../test/replay-merge.ts';
import type { LoadTransaction } from '../../core/destination.ts';
import { newSchema } from '../../core/schema-hash.ts';
import type { TableSchema } from '../../core/schema.ts';
import { batchOf, type BatchRow } from '../../testing/batch-of.ts';
import { columns, rootTable } from '../../testing/destination-scene.ts';
import { postgres } from '../postgres.ts';

const DATASET = 'loads';
const ROWS = { _dlt_load_id: 'l', _dlt_id: 'r' };

describe.skipIf(postgresPrograms === undefined)(`loads into Postgres${withoutPostgres}`, () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server[Symbol.asyncDispose]());
  beforeEach(() => queryPostgres(server.address(), `DROP SCHEMA IF EXISTS ${DATASET} CASCADE`));

  it.each(goldenMerges)('merge as dlt does in %s', async (name) => {
    await using destination = postgres(server.address());
    await using dataset = await destination.open(DATASET);
    await replayMerge(name, dataset, async (table, rows) => {
      const got = comparableRows(await postgresRows(server.address(), DATASET, table.name), table);
      expect(got, table.name).toEqual(comparableRows(rows, table));
    });
  });

  /** A load of one table, which `meanwhile` may look at before it is committed. */
  async function load(
    table: TableSchema,
    rows: readonly BatchRow[],
    meanwhile: (load: LoadTransaction) => Promise<unknown> = async () => undefined,
  ) {
    await using destination = postgres(server.address());
    await using dataset = await destination.open(DATASET);
    const schema = newSchema('s');
    schema.tables[table.name] = table;
    const loadId = String(performance.now());
    const transaction = await dataset.begin({ loadId, pipeline: 'p', startedAt: new Date(), schema, replaced: [] });
    await transaction.migrate([{ kind: 'create_table', table, columns: Object.values(table.columns) }]);
    await transaction.write(batchOf(table, rows));
    await meanwhile(transaction);
    await transaction.commit({ schema, state: undefined });
  }

  const stored = () => postgresRows(server.address(), DATASET, 'items');
  const query = (sql: string) => queryPostgres(server.address(), sql);

  it('let the server convert where the table has other types than dlt gives', async () => {
    await query(
      `CREATE SCHEMA ${DATASET}; CREATE TABLE ${DATASET}.items (n numeric, i integer, t text, j json, d timestamp, _dlt_id text, _dlt_load_id text)`,
    );
    const table = rootTable(
      'items',
      columns({
        n: { data_type: 'bigint' },
        i: { data_type: 'bigint' },
        t: { data_type: 'text' },
        j: { data_type: 'json' },
        d: { data_type: 'timestamp' },
      }),
    );
    for (const disposition of ['append', 'merge'] as const)
      await load({ ...table, write_disposition: disposition }, [{ n: 7, i: 2 ** 31 - 1, t: 'x', j: '{"a":1}', d: 0n, ...ROWS }]);
    const row = { n: '7', i: '2147483647', t: 'x', j: '{"a": 1}', d: '1970-01-01T00:00:00.000000', _dlt_id: 'r', _dlt_load_id: 'l' };
    expect(await stored()).toEqual([row, row]);
  });

  it('use the names of the dataset where a condition leaves it out, and never a table of the load', async () => {
    const data = columns({ id: { data_type: 'bigint', primary_key: true }, v: { data_type: 'text' } });
    const table = rootTable('items', data, { write_disposition: 'merge', 'x-merge-destination-scope': 'id NOT IN (SELECT id FROM kept)' });
    await query(`CREATE SCHEMA ${DATASET}; CREATE TABLE ${DATASET}.kept AS SELECT 1 AS id`);
    await load(table, [{ id: 1, v: 'a', ...ROWS }]);
    await load(table, [{ id: 2, v: 'b', ...ROWS }]);
    expect((await stored()).map(({ v }) => v)).toEqual(['a', 'b']);
  });

  it('leave readers and writers of the tables alone until the commit', async () => {
    const table = rootTable('items', columns({ id: { data_type: 'bigint' } }), { write_disposition: 'replace' });
    await load(table, [{ id: 1, ...ROWS }]);
    const wider = rootTable('items', columns({ id: { data_type: 'bigint' }, w: { data_type: 'bool' } }), { write_disposition: 'replace' });
    await load(wider, [{ id: 2, w: true, ...ROWS }], async () => {
      expect(await stored()).toEqual([expect.objectContaining({ id: '1' })]);
      await query(`SET lock_timeout = '1s'; INSERT INTO ${DATASET}.items VALUES (3, 'theirs', 'x')`);
    });
    expect((await stored()).map(({ id }) => Number(id)).toSorted((a, b) => a - b)).toEqual([2, 3]);
  });

  it('take texts and documents that databases trip over', async () => {
    const table = rootTable('items', columns({ t: { data_type: 'text' }, j: { data_type: 'json' } }));
    const deep = `${'['.repeat(500)}${']'.repeat(500)}`;
    await load(table, [
      { t: '\\N', j: '"\\u0000"', ...ROWS },
      { t: '\\.', j: deep, ...ROWS },
      { t: '\u{10ffff}\ufffd', j: '{"a":1,"a":2}', ...ROWS },
    ]);
    expect((await stored()).map(({ t, j }) => [t, j])).toEqual([
      ['\\N', '""'],
      ['\\.', deep],
      ['\u{10ffff}\ufffd', '{"a":2}'],
    ]);
  });

  it('keep NaN and the infinities of doubles', async () => {
    const table = rootTable('items', columns({ d: { data_type: 'double' } }));
    await load(
      table,
      [Number.NaN, Infinity, -Infinity, -0].map((d) => ({ d, ...ROWS })),
    );
    expect((await query(`SELECT d::text FROM ${DATASET}.items`)).map(({ d }) => d)).toEqual(['NaN', 'Infinity', '-Infinity', '-0']);
  });

  it('keep one row a key in the first load of a merged table too', async () => {
    const data = columns({
      id: { data_type: 'bigint', primary_key: true },
      n: { data_type: 'bigint' },
      at: { data_type: 'bigint', dedup_sort: 'desc' },
    });
    const table = rootTable('items', data, { write_disposition: 'merge' });
    const rows = (ats: readonly number[]) => ats.map((at, n) => ({ id: n % 100, n, at, ...ROWS, _dlt_id: String(n) }));
    await load(table, rows(Array.from({ length: 1000 }, (_, n) => n % 900)));
    const kept = (await stored()).map(({ id, n }) => `${id}: ${n}`);
    // Numbers 800 to 899 have the greatest `at`.
    expect(kept.toSorted()).toEqual(Array.from({ length: 100 }, (_, id) => `${id}: ${800 + id}`).toSorted());
    delete (table.columns['at'] as { dedup_sort?: string }).dedup_sort;
    await query(`DROP TABLE ${DATASET}.items`);
    await load(table, rows(Array.from({ length: 1000 }, () => 0)));
    expect((await stored()).map(({ n }) => Number(n)).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, n) => n));
  });

  it('name the table that was refused something, although room is made for rows of another one meanwhile', async () => {
    const merged = rootTable('merged', columns({ id: { data_type: 'bigint' } }), { write_disposition: 'merge' });
    await load(merged, [{ id: 1, ...ROWS }]);
    const table = rootTable('items', columns({ short: { data_type: 'text', precision: 3 } }));
    const many = Array.from({ length: 3000 }, () => ({ short: 'abc', ...ROWS }));
    // The server is busy with the first batch when the second one is on its way.
    const loading = load(table, many, async (transaction) => {
      await transaction.write(batchOf(table, [{ short: 'too long', ...ROWS }]));
      await transaction.migrate([{ kind: 'create_table', table: merged, columns: Object.values(merged.columns) }]);
      await transaction.write(batchOf(merged, [{ id: 2, ...ROWS }]));
    });
    await expect(loading).rejects.toMatchObject({ message: expect.stringContaining('items.short') });
  });

  it('leave no temporary table, and no connection', async () => {
    const table = rootTable('items', columns({ id: { data_type: 'bigint', primary_key: true } }), { write_disposition: 'merge' });
    await load(table, [{ id: 1, ...ROWS }]);
    const left = () =>
      query(`SELECT 1 FROM pg_stat_activity WHERE application_name = 'syncline'
      UNION ALL SELECT 1 FROM pg_class WHERE relname LIKE '\\_syncline\\_%' AND relpersistence = 't'`);
    await expect.poll(left).toEqual([]);
  });
});
