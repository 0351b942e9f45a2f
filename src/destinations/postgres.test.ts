import { afterAll, beforeAll, describe } from 'vitest';
import { postgresSubject } from '../../test/contract/postgres-subject.ts';
import { runContract } from '../../test/contract/run-contract.ts';
import { type PostgresServer, postgresPrograms, startPostgres, withoutPostgres } from '../../test/postgres-server.ts';
import { destinationContract } from '../testing/index.ts';

describe.skipIf(postgresPrograms === undefined)(`postgres${withoutPostgres}`, () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server[Symbol.asyncDispose]());
  const subject = postgresSubject(() => server.address());

  runContract(destinationContract, subject);
});
