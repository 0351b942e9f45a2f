import { createHash } from 'node:crypto';
import type { RunRow } from '../../core/destination.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { printJson } from '../../core/print-json.ts';
import { RUNS_TABLE } from '../../core/system-tables.ts';
import { readStored } from '../sql/stored-text.ts';
import { type FileStore, readPresent } from './file-store.ts';
import { pathName } from './path-name.ts';
import { dltTime, readFileName, textAt, systemFileName } from './system-files.ts';

/** Stands for the load of a run that brought none. */
const NO_LOAD = '0';

/** The file of a run, and what it holds. `loadId` is that of the load that brings it. */
export function runFile(run: RunRow, loadId: string | undefined): { readonly path: string; readonly content: string } {
  const values: JsonObject = {
    run_id: run.runId,
    pipeline_name: run.pipeline,
    source_name: run.source,
    load_id: run.loadId,
    started_at: dltTime(run.startedAt),
    finished_at: dltTime(run.finishedAt),
    complete: run.complete,
    report: run.report,
  };
  const content = printJson(values);
  const name = systemFileName([run.pipeline, loadId ?? NO_LOAD, `${digest(run.runId)}-${digest(content)}`]);
  return { path: `${RUNS_TABLE}/${name}`, content };
}

/** The run of a pipeline that has the id, of a load that is visible; the one that ended last when there are several. */
export async function findRun(
  store: FileStore,
  { pipeline, runId }: Pick<RunRow, 'pipeline' | 'runId'>,
  loads: ReadonlySet<string>,
): Promise<RunRow | undefined> {
  const found: RunRow[] = [];
  for (const name of await store.namesIn(RUNS_TABLE)) {
    const [owner, loadId = '', key] = readFileName(name, 3) ?? [];
    if (owner !== pathName(pipeline) || !key?.startsWith(`${digest(runId)}-`)) continue;
    if (loadId !== NO_LOAD && !loads.has(loadId)) continue;
    const path = `${RUNS_TABLE}/${name}`;
    const run = readRun(readStored((await readPresent(store, path)).toString('utf8'), `run (${path})`));
    if (run.runId === runId && run.pipeline === pipeline) found.push(run);
  }
  const when = (run: RunRow): string => `${run.finishedAt} ${run.startedAt}`;
  return found.toSorted((a, b) => (when(a) < when(b) ? -1 : 1)).at(-1);
}

/** True when the dataset has the file of a run. */
export async function hasRuns(store: FileStore): Promise<boolean> {
  return (await store.namesIn(RUNS_TABLE)).length > 0;
}

function readRun(values: JsonObject): RunRow {
  const text = (key: string): string => textAt(values, key);
  const report: Json | undefined = values['report'];
  return {
    runId: text('run_id'),
    pipeline: text('pipeline_name'),
    source: text('source_name'),
    loadId: typeof values['load_id'] === 'string' ? values['load_id'] : null,
    startedAt: new Date(text('started_at')).toISOString(),
    finishedAt: new Date(text('finished_at')).toISOString(),
    complete: values['complete'] === true,
    report: isJsonObject(report) ? report : {},
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
