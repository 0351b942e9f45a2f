import type { ChildProcess } from 'node:child_process';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresPrograms, withoutPostgres } from '../postgres-server.ts';
import { compareDumps } from './dataset-dump.ts';
import { type ReferenceRun, runReference } from './reference.ts';
import { SCENARIOS } from './scenarios.ts';
import { Stage } from './stage.ts';
import type { StagedDestination } from './staged-database.ts';
import { startPostgresStages } from './staged-postgres.ts';

const scenario = SCENARIOS.find(({ name }) => name === 'merge');
if (!scenario) throw new Error('There is no merge scenario.');

/** Once a load is under way, its COMMIT takes until the lock 1 is free. */
const SLOW_COMMIT = `
  CREATE FUNCTION public.hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock_shared(1); RETURN NULL; END $$;
  CREATE CONSTRAINT TRIGGER hold AFTER INSERT ON data._dlt_loads DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.hold();
  SELECT pg_advisory_lock(1)`;
const runs = (condition: string): string =>
  `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'syncline' AND ${condition}`;
const COMMITTING = runs(`query = 'COMMIT' AND wait_event = 'advisory'`);
const WAITING = runs(`query LIKE 'SELECT pg_try_advisory_xact_lock%'`);

describe.skipIf(postgresPrograms === undefined)(`a run into Postgres${withoutPostgres}`, { timeout: 120_000 }, () => {
  let stages: StagedDestination;
  let reference: readonly ReferenceRun[];
  beforeAll(async () => {
    stages = await startPostgresStages();
    reference = await runReference(scenario, stages);
  });
  afterAll(() => stages[Symbol.asyncDispose]());

  it.each([
    ['succeeds', 'SELECT pg_advisory_unlock(1)'],
    ['is broken off', `SELECT pg_terminate_backend(pid) FROM (${COMMITTING}) AS a; SELECT pg_advisory_unlock(1)`],
  ])('that was killed in a COMMIT which %s later is waited for by the next run', async (_, end) => {
    await using stage = await Stage.open(scenario, { destination: stages });
    expect(await stage.start()).toMatchObject({ code: 0 });
    stage.run = 1;
    const holder = new Client({ connectionString: stage.database.destination });
    await holder.connect();
    await holder.query(SLOW_COMMIT);
    const seen = async (query: string): Promise<void> => {
      await expect.poll(async () => (await holder.query(query)).rowCount, { timeout: 30_000 }).toBe(1);
    };

    let child: ChildProcess | undefined;
    const killed = stage.start({ started: (process) => (child = process) });
    await seen(COMMITTING);
    child?.kill('SIGKILL');
    expect(await killed).toMatchObject({ signal: 'SIGKILL' });

    const next = stage.start();
    await seen(WAITING);
    await holder.query(end);
    await holder.end();
    const { code, stdout, stderr, asked } = await next;
    expect(code, stdout + stderr).toBe(0);
    expect(asked).toEqual([]);
    const expected = reference[1]?.after;
    if (!expected) throw new Error('The undisturbed run is not known.');
    expect(compareDumps(expected, await stage.dump()).problems).toEqual([]);
  });
});
