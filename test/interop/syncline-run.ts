import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/load-config.ts';
import { openDestination } from '../../src/destinations/built-in.ts';
import { pipeline } from '../../src/pipeline/pipeline.ts';
import { restApi } from '../../src/rest/rest-api.ts';
import { runCli } from '../faults/cli-process.ts';
import type { Place } from './place.ts';
import type { ScenarioLoad } from './scenario.ts';

/** Where a load goes to, and the folder of its work. */
export interface SynclineRun {
  readonly folder: string;
  readonly place: Place;
  readonly dataset: string;
  /** Through the built command line, in a process of its own. */
  readonly byCommand: boolean;
}

/** One run of syncline. Throws when it is not complete. */
export async function runSyncline(load: ScenarioLoad, { folder, place, dataset, byCommand }: SynclineRun): Promise<void> {
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify(load.config));
  const workDir = join(folder, 'syncline');
  if (byCommand) {
    const options = ['--pipeline', load.pipeline, '--source-name', load.source, '--dataset', dataset, '--work-dir', workDir];
    const { code, stderr } = await runCli({ folder, args: ['run', file, '--destination', place.address, ...options] });
    if (code !== 0) throw new Error(`syncline ended with ${code}: ${stderr}`);
    return;
  }
  const { config } = await loadConfig(file, { sourceName: load.source });
  await using source = restApi(config, { name: load.source });
  await using to = pipeline({ name: load.pipeline, destination: await openDestination(place.address), dataset, workDir });
  const report = await to.run(source);
  if (!report.complete) throw new Error(`syncline's run is not complete: ${JSON.stringify(report.incomplete_reasons)}`);
}
