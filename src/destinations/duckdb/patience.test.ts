import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runOf } from '../../testing/destination-scene.ts';
import { duckdb } from '../duckdb.ts';

const folder = mkdtempSync(join(tmpdir(), 'duckdb-patience-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Has a database open until its standard input ends. */
async function holder(file: string): Promise<ChildProcess> {
  const api = createRequire(import.meta.url).resolve('@duckdb/node-api');
  const script = `
    const { DuckDBInstance } = require(${JSON.stringify(api)});
    DuckDBInstance.create(${JSON.stringify(file)}).then((instance) => {
      process.stdout.write('open');
      process.stdin.resume().on('end', () => instance.closeSync());
    });`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

describe('a database that another process has', () => {
  const file = join(folder, 'held.duckdb');
  let other: ChildProcess;
  beforeEach(async () => {
    other = await holder(file);
  });
  afterEach(async () => {
    if (other.exitCode === null && other.signalCode === null) {
      other.kill('SIGKILL');
      await once(other, 'exit');
    }
  });

  it('is waited for, and used when it is free', async () => {
    await using destination = duckdb(file);
    const told: string[] = [];
    const waiting = (message: string): void => {
      told.push(message);
      other.stdin?.end();
    };
    await using dataset = await destination.open('d', { wait: 20_000, waiting });
    const results = await Promise.all([dataset.restore('p', 's'), dataset.recordRun(runOf('r1')), dataset.isCommitted('l')]);
    expect(results).toEqual([undefined, undefined, false]);
    expect(told[0]).toMatch(`process ${other.pid}`);
    expect(told[0]).toMatch(/Waiting for it to end\.$/);
    expect((await dataset.findRun('contract', 'r1'))?.runId).toBe('r1');
  });

  it('is given up when the time is over', async () => {
    await using destination = duckdb(file);
    const told: string[] = [];
    await using dataset = await destination.open('d', { wait: 60, waiting: (message) => told.push(message) });
    await expect(dataset.restore('p', 's')).rejects.toMatchObject({
      code: 'database_locked',
      message: expect.stringContaining(`process ${other.pid}`),
    });
    expect(told).toHaveLength(1);
  });

  it('is not waited for unless that is asked', async () => {
    await using destination = duckdb(file);
    const told: string[] = [];
    await using dataset = await destination.open('d', { waiting: (message) => told.push(message) });
    await expect(dataset.recordRun(runOf('r1'))).rejects.toMatchObject({ code: 'database_locked' });
    expect(told).toEqual([]);
  });

  it('is waited for until a signal says stop', async () => {
    await using destination = duckdb(file);
    const stop = new AbortController();
    const reason = new Error('enough');
    await using dataset = await destination.open('d', { wait: Infinity, signal: stop.signal, waiting: () => stop.abort(reason) });
    await expect(dataset.restore('p', 's')).rejects.toBe(reason);
    await expect(dataset.isCommitted('l')).rejects.toBe(reason);
  });

  it('is waited for until the destination is closed', async () => {
    const destination = duckdb(file);
    const closed: PromiseLike<void>[] = [];
    const waiting = (): void => void closed.push(destination[Symbol.asyncDispose]());
    const dataset = await destination.open('d', { wait: Infinity, waiting });
    await expect(dataset.restore('p', 's')).rejects.toMatchObject({ code: 'database_locked' });
    await expect(Promise.all(closed)).resolves.toHaveLength(1);
  });
});
