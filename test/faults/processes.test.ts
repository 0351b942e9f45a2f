import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { SCENARIOS } from './scenarios.ts';
import type { StagedRun, StagedStart } from './stage.ts';
import { expectToGoOn, expectUndisturbed, openStage } from './undisturbed.ts';

const scenario = SCENARIOS.find(({ name }) => name === 'incremental');
if (!scenario) throw new Error('There is no incremental scenario.');

/** Sends a signal when the API is asked for the n-th time. */
function signalAt(nth: number, signal: NodeJS.Signals): Pick<StagedStart, 'started' | 'watch'> {
  let child: ChildProcess | undefined;
  return { started: (process) => (child = process), watch: { asked: (at) => at === nth && child?.kill(signal) } };
}

const lines = (child: ChildProcess, told: (line: string) => void): void => {
  if (child.stderr) createInterface(child.stderr).on('line', told);
};

const errorOf = ({ stdout }: StagedRun): unknown => (JSON.parse(stdout) as { error: unknown }).error;

describe('a signal', { timeout: 120_000 }, () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('%s stops the run cleanly, and the next one goes on', async (signal) => {
    await using stage = await openStage(scenario);
    const stopped = await stage.start(signalAt(4, signal));
    expect(stopped).toMatchObject({ code: 130, signal: null });
    expect((await stage.leftLog()).pages.size).toBeGreaterThan(0);
    await expectToGoOn(stage, scenario);
  });

  it('that comes twice ends a run at once that cannot stop, and the next one goes on', async () => {
    await using stage = await openStage(scenario);
    const stopped = await stage.start({
      preload: 'disturb',
      orders: { hang: { point: 'datasync', nth: 1 } },
      started: (child) => lines(child, (line) => /^(hangs at|got SIGINT)/.test(line) && child.kill('SIGINT')),
    });
    expect(stopped).toMatchObject({ code: 130, signal: null });
    expect(stopped.stderr.match(/got SIGINT/g)).toHaveLength(2);
    await expectToGoOn(stage, scenario);
  });
});

describe('a database that another process has', { timeout: 120_000 }, () => {
  it('keeps the pages, and the next run asks for none of them', async () => {
    await using stage = await openStage(scenario);
    const holder = spawn(process.execPath, [join(import.meta.dirname, 'preload/hold-database.mjs'), join(stage.folder, 'db/x.duckdb')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    const refused = await stage.start({ flags: ['--wait', '1'] });
    expect(refused.code).toBe(3);
    expect(errorOf(refused)).toMatchObject({ code: 'database_locked' });
    holder.stdin.end();
    await once(holder, 'exit');
    await expectToGoOn(stage, scenario);
  });
});

describe('a clock that is set', { timeout: 120_000 }, () => {
  const DAY_MS = 86_400_000;

  it('back between two runs: load ids still grow, and the newest state counts', async () => {
    await using stage = await openStage(scenario);
    expect(await stage.start()).toMatchObject({ code: 0 });
    stage.run = 1;
    expect(await stage.start({ preload: 'disturb', orders: { shiftMs: -DAY_MS } })).toMatchObject({ code: 0 });
    await expectUndisturbed(stage, scenario);
  });

  it('back while a run is unfinished: it is gone on with', async () => {
    await using stage = await openStage(scenario);
    expect(await stage.start(signalAt(4, 'SIGKILL'))).toMatchObject({ signal: 'SIGKILL' });
    const left = await stage.leftLog();
    const ended = await stage.start({ preload: 'disturb', orders: { shiftMs: -DAY_MS } });
    expect(ended.code, ended.stdout).toBe(0);
    expect(ended.asked.filter((page) => left.pages.has(page))).toEqual([]);
    await expectUndisturbed(stage, scenario);
  });

  it.each([-DAY_MS, DAY_MS])('by %d ms does not open the lock of a run that goes on', async (shiftMs) => {
    await using stage = await openStage(scenario);
    let second: Promise<StagedRun> | undefined;
    const first = await stage.start({
      preload: 'disturb',
      orders: { hang: { point: 'datasync', nth: 1 } },
      started: (child) =>
        lines(child, (line) => {
          if (line.startsWith('hangs at')) {
            second = stage.start({ preload: 'disturb', orders: { shiftMs } });
            void second.then(() => child.kill('SIGKILL'));
          }
        }),
    });
    expect(first.signal).toBe('SIGKILL');
    const refused = await second;
    expect(refused?.code).toBe(3);
    expect(refused && errorOf(refused)).toMatchObject({ code: 'pipeline_busy' });
    await expectToGoOn(stage, scenario);
  });
});
