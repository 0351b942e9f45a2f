import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { copyFile, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockPipeline } from './pipeline-lock.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'syncline-lock-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const read = async (): Promise<Record<string, unknown>> => JSON.parse(await readFile(join(dir, 'lock'), 'utf8')) as Record<string, unknown>;
/** Leaves the lock of somebody else behind. */
const leave = async (change: Record<string, unknown>): Promise<void> => {
  await using _own = await lockPipeline(dir, 'p');
  const holder = await read();
  await rm(join(dir, 'lock'));
  await writeFile(join(dir, 'left'), JSON.stringify({ ...holder, ...change }));
};
const put = async (change: Record<string, unknown>): Promise<void> => {
  await leave(change);
  await writeFile(join(dir, 'lock'), await readFile(join(dir, 'left')));
};
const busy = { code: 'pipeline_busy', retryable: true };

describe('lock of a pipeline', () => {
  it('is held by one at a time, names its holder and is free afterwards', async () => {
    {
      await using _held = await lockPipeline(dir, 'p');
      await expect(lockPipeline(dir, 'p')).rejects.toMatchObject({
        ...busy,
        message: expect.stringContaining(`process ${process.pid}`) as unknown,
      });
    }
    await using _again = await lockPipeline(dir, 'p');
    expect(await read()).toMatchObject({ pid: process.pid });
  });

  it('is waited for, as long as that is wanted, and the holder is told once', async () => {
    const told: string[] = [];
    const held = await lockPipeline(dir, 'p');
    const second = lockPipeline(dir, 'p', {
      ms: Number.POSITIVE_INFINITY,
      waiting(message) {
        told.push(message);
        void held[Symbol.asyncDispose]();
      },
    });
    await using _second = await second;
    expect(told).toEqual([expect.stringContaining(`process ${process.pid}`)]);
    await expect(lockPipeline(dir, 'p', { ms: 1 })).rejects.toMatchObject(busy);
  });

  it('is waited for no longer once the signal aborts', async () => {
    await using _held = await lockPipeline(dir, 'p');
    const controller = new AbortController();
    const stop = (): void => controller.abort(new Error('enough'));
    await expect(lockPipeline(dir, 'p', { ms: 1e9, waiting: stop, signal: controller.signal })).rejects.toThrow('enough');
  });

  it('is taken over from a process that was killed', async () => {
    const child = spawn('sleep', ['60']);
    await put({ pid: child.pid });
    const gone = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await gone;
    await using _held = await lockPipeline(dir, 'p');
    expect(await read()).toMatchObject({ pid: process.pid });
  });

  it.runIf(process.platform === 'linux')('is taken over when its process id is that of another process now', async () => {
    await put({ processStart: '1' });
    await using _held = await lockPipeline(dir, 'p');
    expect(await read()).not.toMatchObject({ processStart: '1' });
  });

  it('of another machine is held while it is touched', async () => {
    await put({ host: 'elsewhere', pid: 1 });
    await expect(lockPipeline(dir, 'p')).rejects.toMatchObject({ ...busy, message: expect.stringContaining('elsewhere') as unknown });
    await utimes(join(dir, 'lock'), 1, 1);
    await using _held = await lockPipeline(dir, 'p');
    expect(await read()).toMatchObject({ pid: process.pid });
  });

  it('that is half written is held, until nobody goes on writing', async () => {
    await writeFile(join(dir, 'lock'), '{"pid":');
    await expect(lockPipeline(dir, 'p')).rejects.toMatchObject(busy);
    await utimes(join(dir, 'lock'), 1, 1);
    await using _held = await lockPipeline(dir, 'p');
    expect(await read()).toMatchObject({ pid: process.pid });
  });

  it('is given to one of many that find a stale one', async () => {
    await put({ host: 'elsewhere' });
    await utimes(join(dir, 'lock'), 1, 1);
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => lockPipeline(dir, 'p')));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('can be taken at once when processes were killed while they took one over', async () => {
    await put({ processStart: '1', pid: 2 ** 22 + 1 });
    for (const name of ['lock.takeover', 'lock.takeover.takeover']) await copyFile(join(dir, 'lock'), join(dir, name));
    for (const name of ['lock', 'lock.takeover']) await writeFile(join(dir, `${name}.${randomUUID()}`), '{"pid":');
    {
      await using _held = await lockPipeline(dir, 'p');
      expect(await read()).toMatchObject({ pid: process.pid });
    }
    expect(await readdir(dir)).toEqual(['left']);
  });

  it('leaves nothing of a process that was killed when it had removed a stale lock', async () => {
    await put({ processStart: '1', pid: 2 ** 22 + 1 });
    await copyFile(join(dir, 'lock'), join(dir, 'lock.takeover'));
    await rm(join(dir, 'lock'));
    {
      await using _held = await lockPipeline(dir, 'p');
      expect(await read()).toMatchObject({ pid: process.pid });
    }
    expect(await readdir(dir)).toEqual(['left']);
  });

  it('is not taken over while a process that lives takes it over', async () => {
    await put({ processStart: '1', pid: 2 ** 22 + 1 });
    await writeFile(
      join(dir, 'lock.takeover'),
      JSON.stringify({ ...(await read()), pid: process.pid, processStart: undefined, host: 'elsewhere' }),
    );
    await expect(lockPipeline(dir, 'p')).rejects.toMatchObject(busy);
  });
});
