import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { OpenOptions } from '../../core/destination.ts';
import { DestinationError } from '../../core/errors.ts';
import type { Session } from './session.ts';

/** What is loaded, by whom: one load at a time. */
export interface LockOwner {
  readonly dataset: string;
  readonly pipeline: string;
}

/** The server needs a moment to notice that a killed run is gone: so long is waited for where nothing else was asked for. */
const LEFTOVER_MS = 5000;
const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 1000;

/** Takes the lock of a pipeline and dataset, which the end of the transaction releases. Waits as long as it may. */
export async function lockLoad(session: Session, owner: LockOwner, { wait, waiting, signal }: OpenOptions): Promise<void> {
  const key = keyOf('load', owner.dataset, owner.pipeline);
  const patience = wait ?? LEFTOVER_MS;
  let pause = FIRST_PAUSE_MS;
  let told = false;
  for (let waited = 0; ; waited += pause, pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const [row] = await session.rows('SELECT pg_try_advisory_xact_lock($1::bigint)', [key]);
    if (row?.[0] === 't') return;
    const isOver = waited >= patience;
    if (isOver || (waiting !== undefined && !told)) {
      const refusal = await heldBy(session, key, owner);
      if (isOver) throw refusal;
      waiting?.(`${refusal.message} Waiting for it to end.`);
      told = true;
    }
    await delay(pause, undefined, signal === undefined ? {} : { signal }).catch(() => signal?.throwIfAborted());
  }
}

/** Takes the lock of a dataset while its first tables are made. Waits for `lock_timeout` at most. */
export async function lockDataset(session: Session, dataset: string): Promise<void> {
  await session.run('SELECT pg_advisory_xact_lock($1::bigint)', [keyOf('dataset', dataset)]);
}

async function heldBy(session: Session, key: string, { dataset, pipeline }: LockOwner): Promise<DestinationError> {
  const [row] = await session.rows(
    `SELECT a.pid, a.application_name, coalesce(host(a.client_addr), 'this machine'), to_char(a.xact_start, 'YYYY-MM-DD"T"HH24:MI:SSOF')
     FROM pg_locks AS l JOIN pg_stat_activity AS a ON a.pid = l.pid
     WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND (l.classid::bigint << 32) | l.objid::bigint = $1::bigint`,
    [key],
  );
  const [pid, application, host, since] = row ?? [];
  const who = pid == null ? 'another connection' : `server process ${pid} (${application} from ${host}, since ${since})`;
  return new DestinationError('load_locked', `Pipeline ${pipeline} is being loaded into dataset ${dataset} by ${who}.`, {
    hint: `Wait for it to end${pid == null ? '' : `, or end it with SELECT pg_terminate_backend(${pid})`}, and run again: the extracted pages are kept.`,
    retryable: true,
    context: { pipeline, dataset },
  });
}

/** The number that an advisory lock goes by. */
function keyOf(...names: readonly string[]): string {
  return String(
    createHash('sha256')
      .update(JSON.stringify(['syncline', ...names]))
      .digest()
      .readBigInt64BE(),
  );
}
