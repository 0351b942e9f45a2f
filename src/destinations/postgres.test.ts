import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresSubject } from '../../test/contract/postgres-subject.ts';
import { type PostgresServer, postgresPrograms, startPostgres, withoutPostgres } from '../../test/postgres-server.ts';
import { casesFor, destinationContract } from '../testing/index.ts';

describe.skipIf(postgresPrograms === undefined)(`postgres${withoutPostgres}`, () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server[Symbol.asyncDispose]());
  const subject = postgresSubject(() => server.address());

  it.each(casesFor(destinationContract, subject))('$name', async ({ run }) => {
    expect(await run(subject)).toBeUndefined();
  });
});
