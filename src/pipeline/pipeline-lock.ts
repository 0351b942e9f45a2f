import { existsSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { link, readdir, readFile, readlink, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StateError } from '../core/errors.ts';

/** What a lock file says of its holder. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Where the process id means something: a container has its own. */
  readonly pidSpace?: string | undefined;
  /** When the process started, as the system counts: ids are used again. */
  readonly processStart?: string | undefined;
  /** ISO 8601. */
  readonly since: string;
}

/** How long to wait for a lock that another process holds. */
export interface LockWait {
  /** Milliseconds; without it nothing is waited for. */
  readonly ms?: number | undefined;
  /** Told once who holds the lock, when there is something to wait for. */
  readonly waiting?: ((message: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

const POLL_MS = 250;
const BEAT_MS = 5_000;
/** A holder that cannot be looked at is gone when it has not touched its lock for this long. */
const SILENT_MS = 60_000;
/** What file systems say that have no links. */
const WITHOUT_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/**
 * Makes this process the only one that runs a pipeline in a work directory, until disposed of. A
 * second one waits as long as it is told, then gets a StateError that names the holder. The lock of a
 * process that is gone is taken over.
 */
export async function lockPipeline(dir: string, pipeline: string, wait: LockWait = {}): Promise<AsyncDisposable> {
  const path = join(dir, 'lock');
  const own: Holder = {
    pid: process.pid,
    host: hostname(),
    pidSpace: await pidSpace(),
    processStart: await processStart(process.pid),
    since: new Date().toISOString(),
  };
  const patience = createPatience(wait);
  for (;;) {
    try {
      await take(path, own, pipeline);
      break;
    } catch (error) {
      await patience(error);
    }
  }
  await removeDrafts(path);
  await removeTakeover(path, own, pipeline);
  const beat = setInterval(() => {
    const now = new Date();
    // A lock that cannot be touched is still held by what it says.
    utimes(path, now, now).catch(() => undefined);
  }, BEAT_MS).unref();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(beat);
      await release(path, own);
    },
  };
}

/** Waits a moment after a refusal, or rejects with it when that was the last. Time is counted in waits: clocks may be set. */
function createPatience({ ms = 0, waiting, signal }: LockWait): (refusal: unknown) => Promise<void> {
  let waited = 0;
  return async (refusal) => {
    if (!(refusal instanceof StateError) || refusal.code !== 'pipeline_busy' || waited >= ms) throw refusal;
    if (waited === 0) waiting?.(`${refusal.message} Waiting for it to end.`);
    const pause = Math.min(POLL_MS, ms - waited);
    await delay(pause, undefined, { ...(signal && { signal }) }).catch((error: unknown) => {
      signal?.throwIfAborted();
      throw error;
    });
    waited += pause;
  };
}

/**
 * Makes the lock this process's own, or rejects when it is another's. A stale one is removed by the one
 * process that holds the lock of the removal, which can be stale itself and is then removed in the same
 * way: at whatever instant a process is killed, the next one gets through.
 */
async function take(path: string, own: Holder, pipeline: string): Promise<void> {
  while (!(await create(path, own))) {
    await refuseLive(path, pipeline);
    const removal = `${path}.takeover`;
    await take(removal, own, pipeline);
    try {
      // Looked at again: only now can no other process remove it.
      await refuseLive(path, pipeline);
      await rm(path, { force: true });
    } finally {
      await release(removal, own);
    }
  }
}

/** The lock appears with its text in it: a draft is written, then linked. */
async function create(path: string, holder: Holder): Promise<boolean> {
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeFile(draft, JSON.stringify(holder), { flag: 'wx', mode: 0o600 });
    await link(draft, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // ENOENT: the process that holds the lock now has removed the draft.
    if (code === 'EEXIST' || code === 'ENOENT') return false;
    if (!WITHOUT_LINKS.has(code ?? '')) throw error;
    return await createInPlace(path, holder);
  } finally {
    await rm(draft, { force: true });
  }
}

/** For file systems without links. Who is killed in the middle of it leaves a lock that is held until it was silent for long. */
async function createInPlace(path: string, holder: Holder): Promise<boolean> {
  try {
    await writeFile(path, JSON.stringify(holder), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function release(path: string, own: Holder): Promise<void> {
  const holder = await readHolder(path);
  if (holder?.pid === own.pid && holder.since === own.since) await rm(path, { force: true });
}

/** Drafts of processes that were killed. One that is still written is written again. */
async function removeDrafts(path: string): Promise<void> {
  const draft = new RegExp(`^${basename(path)}(\\.takeover)*\\.[0-9a-f-]{36}$`);
  for (const name of await readdir(dirname(path))) if (draft.test(name)) await rm(join(dirname(path), name), { force: true });
}

/** The lock of a removal whose process was killed behind the removal. One that is alive is left to its holder. */
async function removeTakeover(path: string, own: Holder, pipeline: string): Promise<void> {
  const takeover = `${path}.takeover`;
  if (!existsSync(takeover)) return;
  try {
    await take(takeover, own, pipeline);
    await release(takeover, own);
  } catch (error) {
    if (!(error instanceof StateError) || error.code !== 'pipeline_busy') throw error;
  }
}

/** Rejects when there is a lock and its holder is not gone. */
async function refuseLive(path: string, pipeline: string): Promise<void> {
  const silent = await silentMs(path);
  const holder = await readHolder(path);
  if (holder ? await isAlive(holder, silent) : silent < SILENT_MS) throw busy(pipeline, holder);
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch {
    // Just being written, or removed.
    return undefined;
  }
}

async function isAlive(holder: Holder, silent: number): Promise<boolean> {
  if (holder.host !== hostname() || holder.pidSpace !== (await pidSpace())) return silent < SILENT_MS;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return holder.processStart === (await processStart(holder.pid));
}

/** Milliseconds since a file was touched; endless when there is none. */
async function silentMs(path: string): Promise<number> {
  try {
    return Date.now() - (await stat(path)).mtimeMs;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** Linux tells when a process started (proc(5), field 22); elsewhere the id alone must do. */
async function processStart(pid: number): Promise<string | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

async function pidSpace(): Promise<string | undefined> {
  try {
    return await readlink('/proc/self/ns/pid');
  } catch {
    return undefined;
  }
}

function busy(pipeline: string, holder: Holder | undefined): StateError {
  const who = holder ? `process ${holder.pid} on ${holder.host}, since ${holder.since}` : 'another process';
  return new StateError('pipeline_busy', `Pipeline \`${pipeline}\` is being run by ${who}.`, {
    hint: 'Wait until that run has ended (`--wait` does), or give this one another work directory and dataset.',
    context: { pipeline, ...(holder && { pid: holder.pid, host: holder.host }) },
    retryable: true,
  });
}
