import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { postgresRows, queryPostgres } from '../../../test/postgres-rows.ts';
import { type PostgresServer, postgresPrograms, startPostgres, withoutPostgres } from '../../../test/postgres-server.ts';
import { comparableRows, goldenMerges, replayMerge } from '../../../test/replay-merge.ts';
import { postgres } from '../postgres.ts';

const DATASET = 'loads';

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
});
