import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { postgresRows, queryPostgres } from '../../../test/postgres-rows.ts';
import { type PostgresServer, postgresPrograms, startPostgres, withoutPostgres } from '../../../test/postgres-server.ts';
import type { Dataset, LoadTransaction } from '../../core/destination.ts';
import { newSchema } from '../../core/schema-hash.ts';
import type { TableSchema } from '../../core/schema.ts';
import { batchOf, type BatchRow } from '../../testing/batch-of.ts';
import { columns, rootTable } from '../../testing/destination-scene.ts';
import { postgres } from '../postgres.ts';

const DATASET = 'faulty';
const items = (data: Parameters<typeof columns>[0] = {}): TableSchema =>
  rootTable('items', columns({ id: { data_type: 'bigint' }, ...data }));
const row = (id: number, more: BatchRow = {}): BatchRow => ({ id, ...more, _dlt_load_id: 'l1', _dlt_id: `r${id}` });

describe.skipIf(postgresPrograms === undefined)(`what Postgres refuses${withoutPostgres}`, () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server[Symbol.asyncDispose]());
  beforeEach(() => queryPostgres(server.address(), `DROP SCHEMA IF EXISTS ${DATASET} CASCADE`));

  const admin = (sql: string) => queryPostgres(server.address(), sql);
  const open = (address = server.address()): Promise<Dataset> => postgres(address, { env: {} }).open(DATASET, { wait: 50 });

  async function begin(dataset: Dataset, loadId = 'l1'): Promise<LoadTransaction> {
    return dataset.begin({ loadId, pipeline: 'p', startedAt: new Date(), schema: newSchema('s'), replaced: [] });
  }

  /** A whole load of one table. */
  async function load(address = server.address(), table = items(), rows: readonly BatchRow[] = [row(1)]): Promise<void> {
    await using dataset = await open(address);
    const transaction = await begin(dataset);
    const schema = newSchema('s');
    schema.tables[table.name] = table;
    await transaction.migrate([{ kind: 'create_table', table, columns: Object.values(table.columns) }]);
    await transaction.write(batchOf(table, rows));
    await transaction.commit({ schema, state: undefined });
  }

  const failure = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => 'no error',
      (error: unknown) => error,
    );
  const refusal = (code: string, more: object = {}) => ({ name: 'DestinationError', code, hint: expect.stringMatching(/\S$/), ...more });

  /** Lets an event of the commit fail with a code, as the server would. */
  async function failAtCommit(code: string, effect = ''): Promise<void> {
    await load();
    await admin(`CREATE FUNCTION ${DATASET}.fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${effect} RAISE EXCEPTION 'made up' USING ERRCODE = '${code}'; END $$;
      CREATE TRIGGER fail BEFORE INSERT ON ${DATASET}._dlt_loads FOR EACH ROW EXECUTE FUNCTION ${DATASET}.fail();
      DELETE FROM ${DATASET}._dlt_loads`);
  }

  it('tells that there is no server', async () => {
    const error = await failure(open('postgres://me:geheim@127.0.0.1:1/db').then((dataset) => dataset.isCommitted('l1')));
    expect(error).toMatchObject(refusal('server_unreachable', { retryable: true, message: expect.stringContaining('127.0.0.1:1') }));
    expect(String(error)).not.toContain('geheim');
    expect(await failure(load('postgres:///db?host=/no/such/folder'))).toMatchObject(refusal('server_unreachable'));
    expect(await failure(load(`${server.address()}?sslmode=require`))).toMatchObject(refusal('tls_failed'));
  });

  it('tells that there is no such database, user or right', async () => {
    expect(await failure(load(server.address('nowhere')))).toMatchObject(refusal('database_missing'));
    expect(await failure(load(server.address().replace('admin', 'nobody')))).toMatchObject(refusal('login_refused'));
    await admin('DROP ROLE IF EXISTS guest; CREATE ROLE guest LOGIN');
    expect(await failure(load(server.address().replace('admin', 'guest')))).toMatchObject(refusal('rights_missing'));
    await load();
    expect(await failure(load(server.address().replace('admin', 'guest')))).toMatchObject(refusal('rights_missing'));
    await admin('ALTER ROLE guest CONNECTION LIMIT 0');
    expect(await failure(load(server.address().replace('admin', 'guest')))).toMatchObject(refusal('server_busy', { retryable: true }));
  });

  it('tells that the database only reads, and still restores from it', async () => {
    await load();
    await admin('DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN SUPERUSER; ALTER ROLE reader SET default_transaction_read_only = on');
    expect(await failure(load(server.address().replace('admin', 'reader')))).toMatchObject(refusal('database_read_only'));
    await server.stop();
    const signal = server.write('data/standby.signal', '');
    await server.start();
    try {
      await using replica = await open();
      expect(await replica.isCommitted('l1')).toBe(true);
      expect(await failure(begin(replica, 'l2'))).toMatchObject(refusal('database_read_only'));
    } finally {
      await server.stop();
      rmSync(signal, { force: true });
      await server.start();
    }
  });

  it.each([
    ['53100', 'disk_full'],
    ['53200', 'out_of_memory'],
    ['40001', 'load_conflict'],
    ['40P01', 'load_conflict'],
    ['25P03', 'connection_lost'],
    ['XX000', 'destination_failed'],
  ])('explains %s as %s, and the next load works', async (sqlState, code) => {
    await failAtCommit(sqlState);
    expect(await failure(load())).toMatchObject({ name: 'DestinationError', code });
    await admin(`DROP TRIGGER fail ON ${DATASET}._dlt_loads`);
    await load();
    expect(await postgresRows(server.address(), DATASET, 'items')).toHaveLength(2);
  });

  it('waits for locks and statements no longer than it is told', async () => {
    await load();
    const other = new Client(server.address());
    await other.connect();
    await other.query(`BEGIN; LOCK TABLE ${DATASET}.items`);
    const wider = items({ w: { data_type: 'bool' } });
    await admin(`DELETE FROM ${DATASET}._dlt_loads`);
    expect(await failure(load(`${server.address()}?options=-c%20lock_timeout%3D50ms`, wider))).toMatchObject(
      refusal('lock_timeout', { retryable: true, message: expect.stringContaining('items') }),
    );
    await other.end();
    await failAtCommit('XX000', 'PERFORM pg_sleep(5);');
    expect(await failure(load(`${server.address()}?options=-c%20statement_timeout%3D50ms`))).toMatchObject(refusal('statement_timeout'));
  });

  it('lets one load of a pipeline and dataset run at a time', async () => {
    await using first = await open();
    const running = await begin(first);
    const told: string[] = [];
    await using second = await postgres(server.address(), { env: {} }).open(DATASET, {
      wait: 10_000,
      waiting: (message) => told.push(message),
    });
    expect(await failure(open().then((dataset) => begin(dataset, 'l2')))).toMatchObject(
      refusal('load_locked', {
        retryable: true,
        message: expect.stringMatching(/Pipeline p .* dataset faulty by server process \d+ \(syncline/),
      }),
    );
    const waiting = begin(second, 'l2');
    await expect.poll(() => told).toEqual([expect.stringContaining('Waiting for it to end')]);
    await running.rollback();
    await (await waiting).rollback();
  });

  it('stops waiting when it is told to, and when the dataset is closed', async () => {
    await using first = await open();
    await begin(first);
    const stop = new AbortController();
    const told = (): void => stop.abort(new Error('enough'));
    await using second = await postgres(server.address()).open(DATASET, { wait: 60_000, waiting: told, signal: stop.signal });
    expect(await failure(begin(second, 'l2'))).toMatchObject({ message: 'enough' });
    const third = await open();
    const waiting = failure(begin(third, 'l2'));
    await third[Symbol.asyncDispose]();
    expect(await waiting).toBeInstanceOf(Error);
  });

  it('survives a restart of the server in the middle of a load', async () => {
    await using dataset = await open();
    const transaction = await begin(dataset);
    await transaction.migrate([{ kind: 'create_table', table: items(), columns: Object.values(items().columns) }]);
    await server.stop();
    await server.start();
    const error = await failure(transaction.commit({ schema: newSchema('s'), state: undefined }));
    expect(error).toMatchObject({
      name: 'DestinationError',
      code: expect.stringMatching(/^(server_stopped|connection_lost)$/),
      retryable: true,
    });
    await transaction.rollback();
    await load();
    expect(await postgresRows(server.address(), DATASET, 'items')).toHaveLength(1);
  });

  it('notices that its connection was cut, or ended by somebody', async () => {
    const sockets = new Set<Socket>();
    const proxy = createServer((near) => {
      const far = createConnection(server.port, '127.0.0.1');
      for (const socket of [near, far]) sockets.add(socket.on('error', () => undefined));
      near.pipe(far).pipe(near);
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const address = `postgres://admin@127.0.0.1:${(proxy.address() as AddressInfo).port}/postgres`;
    const cuts: readonly (() => unknown)[] = [
      () => sockets.forEach((socket) => socket.destroy()),
      () => admin(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'syncline'`),
    ];
    for (const cut of cuts) {
      const dataset = await open(address);
      const transaction = await begin(dataset);
      await transaction.migrate([{ kind: 'create_table', table: items(), columns: Object.values(items().columns) }]);
      await cut();
      const rows = Array.from({ length: 200_000 }, (_, i) => row(i));
      const failed = await failure(
        transaction.write(batchOf(items(), rows)).then(() => transaction.commit({ schema: newSchema('s'), state: undefined })),
      );
      expect(failed).toMatchObject({ code: expect.stringMatching(/^(server_stopped|connection_lost)$/), retryable: true });
      await dataset[Symbol.asyncDispose]();
    }
    proxy.close();
  });

  it('refuses an old server', async () => {
    const parameter = message('S', Buffer.from('server_version\x009.6.24\0'));
    const old = createServer((socket) => {
      socket.once('data', () => socket.write(Buffer.concat([message('R', Buffer.alloc(4)), parameter, message('Z', Buffer.from('I'))])));
      socket.on('error', () => undefined);
    }).listen(0, '127.0.0.1');
    await once(old, 'listening');
    const port = (old.address() as AddressInfo).port;
    expect(await failure(load(`postgres://me@127.0.0.1:${port}/db?sslmode=disable`))).toMatchObject(
      refusal('server_too_old', { message: expect.stringContaining('9.6.24') }),
    );
    old.close();
  });

  it.each([
    ['a null', items({ must: { data_type: 'text', nullable: false } }), row(1), 'null_not_allowed', 'must'],
    [
      'a text that is too long',
      items({ short: { data_type: 'text', precision: 3 } }),
      row(1, { short: 'geheim' }),
      'value_out_of_range',
      'short',
    ],
    [
      'a decimal that is too large',
      items({ price: { data_type: 'decimal', precision: 4, scale: 2 } }),
      row(1, { price: 4711n ** 2n }),
      'value_out_of_range',
      'price',
    ],
    [
      'an integer that is too large',
      items({ small: { data_type: 'bigint', precision: 16 } }),
      row(1, { small: 47_110 }),
      'value_out_of_range',
      'small',
    ],
  ] as const)('names table and column of %s, and no value', async (_, table, bad, code, column) => {
    for (const disposition of ['append', 'merge'] as const) {
      const error = await failure(load(server.address(), { ...table, write_disposition: disposition }, [bad]));
      expect(error).toMatchObject(refusal(code, { message: expect.stringContaining(`items.${column}`) }));
      expect(String(error)).not.toMatch(/geheim|4711/);
    }
  });

  it('tells what was refused first, with more on its way', async () => {
    await using dataset = await open();
    const transaction = await begin(dataset);
    const table = items({ short: { data_type: 'text', precision: 3 } });
    await transaction.migrate([{ kind: 'create_table', table, columns: Object.values(table.columns) }]);
    const batches = ['a', 'too long', 'b', 'c', 'd'].map((short, i) =>
      batchOf(
        table,
        Array.from({ length: 3000 }, () => row(i, { short })),
      ),
    );
    const writing = async () => {
      for (const batch of batches) await transaction.write(batch);
      await transaction.commit({ schema: newSchema('s'), state: undefined });
    };
    expect(await failure(writing())).toMatchObject(refusal('value_out_of_range', { message: expect.stringContaining('items.short') }));
    await transaction.rollback();
    await load(undefined, table, [row(1, { short: 'abc' })]);
  });

  it('tells what the constraints and types of a table refuse', async () => {
    await load();
    await admin(`DELETE FROM ${DATASET}._dlt_loads; CREATE UNIQUE INDEX ON ${DATASET}.items (_dlt_id)`);
    expect(await failure(load())).toMatchObject(refusal('value_not_unique', { message: expect.not.stringContaining('r1') }));
    await admin(`DROP INDEX ${DATASET}.items__dlt_id_idx; ALTER TABLE ${DATASET}.items ADD CHECK (id < 2)`);
    expect(await failure(load(undefined, items(), [row(7)]))).toMatchObject(refusal('constraint_violated'));
    await admin(`DROP TABLE ${DATASET}.items; CREATE TABLE ${DATASET}.items (id date, _dlt_id varchar, _dlt_load_id varchar)`);
    expect(await failure(load())).toMatchObject(refusal('value_not_convertible'));
    await admin(`DROP TABLE ${DATASET}.items`);
    const wide = items(Object.fromEntries(Array.from({ length: 1600 }, (_, i) => [`c${i}`, { data_type: 'bool' as const }])));
    expect(await failure(load(undefined, wide))).toMatchObject(refusal('too_many_columns'));
  });
});

/** A message of the protocol. */
function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5, type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
