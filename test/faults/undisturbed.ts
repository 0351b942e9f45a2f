import { expect } from 'vitest';
import { compareDumps } from './dataset-dump.ts';
import { type ReferenceRun, runReference } from './reference.ts';
import type { Scenario } from './scenario.ts';
import { Stage, type StagedRun } from './stage.ts';

const references = new Map<Scenario, Promise<ReferenceRun[]>>();

/** Opens a stage, and makes sure that the undisturbed run of its scenario is known. */
export async function openStage(scenario: Scenario): Promise<Stage> {
  if (!references.has(scenario)) references.set(scenario, runReference(scenario));
  await references.get(scenario);
  return Stage.open(scenario);
}

/** Runs once more without faults: no page is asked for that is whole in the log, and all is as if nothing had happened. */
export async function expectToGoOn(stage: Stage, scenario: Scenario): Promise<StagedRun> {
  const left = await stage.leftLog();
  const ended = await stage.start();
  expect(ended.code, ended.stderr + ended.stdout).toBe(0);
  expect(JSON.parse(ended.stdout)).toMatchObject({ complete: true, resumed: left.isBegun });
  expect(ended.asked.filter((page) => left.pages.has(page))).toEqual([]);
  await expectUndisturbed(stage, scenario);
  return ended;
}

/** The dataset is that of the undisturbed run, and nothing is left behind. */
export async function expectUndisturbed(stage: Stage, scenario: Scenario): Promise<void> {
  const expected = (await references.get(scenario))?.[stage.run]?.after;
  if (!expected) throw new Error('No run of this scenario is known.');
  expect(compareDumps(expected, await stage.dump()).problems).toEqual([]);
  expect(await stage.leftovers()).toEqual({ now: [], later: [] });
}
