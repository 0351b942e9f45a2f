import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DestinationSubject } from '../../src/testing/index.ts';
import { type PostgresServer, postgresPrograms, startPostgres, withoutPostgres } from '../postgres-server.ts';
import { duckdbSubject } from './duckdb-subject.ts';
import { filesystemSubject } from './filesystem-subject.ts';
import { modelProperty } from './model-property.ts';
import { postgresSubject } from './postgres-subject.ts';

const folder = mkdtempSync(join(tmpdir(), 'model-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The same loads in every run. */
const SEED = 20_261_125;
const MOST_MS = 120_000;

/** The shortest loads that were found to be held otherwise. */
async function heldOtherwise(subject: DestinationSubject, numRuns: number): Promise<string | undefined> {
  const details = await fc.check(modelProperty(subject), { numRuns, seed: SEED });
  return details.failed ? fc.defaultReportMessage(details) : undefined;
}

describe('whatever is loaded, in whatever way, the tables hold what the model holds', () => {
  it('in DuckDB', async () => expect(await heldOtherwise(duckdbSubject(folder), 25)).toBeUndefined(), MOST_MS);

  it('in files', async () => expect(await heldOtherwise(filesystemSubject(join(folder, 'files'), {}), 8)).toBeUndefined(), MOST_MS);

  describe.skipIf(postgresPrograms === undefined)(`in Postgres${withoutPostgres}`, () => {
    let server: PostgresServer;
    beforeAll(async () => {
      server = await startPostgres();
    });
    afterAll(() => server[Symbol.asyncDispose]());

    it(
      'too',
      async () =>
        expect(
          await heldOtherwise(
            postgresSubject(() => server.address()),
            10,
          ),
        ).toBeUndefined(),
      MOST_MS,
    );
  });
});
