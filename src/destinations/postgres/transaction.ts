import { readOnlyDatabase } from './failure.ts';
import type { Session } from './session.ts';

/** Settings of a load's transaction. A load that is stuck, or whose process is, must not stop the database for others. */
const SETTINGS: Readonly<Record<string, string>> = {
  TimeZone: 'UTC',
  lock_timeout: '60s',
  statement_timeout: '2h',
  idle_in_transaction_session_timeout: '10min',
  // A merge whose client is gone is broken off; servers before 14 do not know it.
  client_connection_check_interval: '5s',
  // Sets of row keys are joined by hashing them.
  work_mem: '64MB',
  jit: 'off',
};

/**
 * Begins a transaction that writes. What the user has set for the connection (`PGOPTIONS`, `options`)
 * stays; all other settings end with the transaction, so that a pooler may share the connection.
 */
export async function beginTransaction(session: Session, schema: string): Promise<void> {
  await session.run('BEGIN ISOLATION LEVEL READ COMMITTED');
  const [row] = await session.rows(`SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean`);
  if (row?.[0] === 't') throw readOnlyDatabase(session.location);
  const list = Object.entries(SETTINGS).flat();
  const places = Object.keys(SETTINGS).map((_, i) => `($${i * 2 + 2}, $${i * 2 + 3})`);
  await session.run(
    `SELECT set_config(p.name, s.value, true) FROM (VALUES ${places.join(', ')}) AS s (name, value)
     JOIN pg_settings AS p ON p.name = s.name WHERE p.source <> 'client' AND (p.name <> 'work_mem' OR p.setting::int < 65536)
     UNION ALL SELECT set_config('search_path', $1, true)`,
    [searchPath(schema), ...list],
  );
}

/** Begins a transaction in which all is read as of one moment. */
export async function beginReading(session: Session): Promise<void> {
  await session.run('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
}

/** As dlt has it: conditions of a merge may name tables of the dataset without it. */
function searchPath(schema: string): string {
  return `"${schema.replaceAll('"', '""')}", public`;
}
