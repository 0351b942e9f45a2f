import type { RunRow } from '../../core/destination.ts';
import { RUNS_TABLE } from '../../core/system-tables.ts';
import { readStored } from './stored-text.ts';
import type { SystemReader } from './system-reader.ts';

/** The run of a pipeline that has the id; the one that ended last when there are several. */
export async function findRun(reader: SystemReader, pipeline: string, runId: string): Promise<RunRow | undefined> {
  if (!reader.tables.has(RUNS_TABLE)) return undefined;
  const [row] = await reader.rows(
    `SELECT source_name, load_id, ${milliseconds('started_at')}, ${milliseconds('finished_at')}, CASE WHEN complete THEN 1 ELSE 0 END, CAST(report AS VARCHAR)
     FROM ${reader.qualified(RUNS_TABLE)} WHERE pipeline_name = $1 AND run_id = $2 ORDER BY finished_at DESC, started_at DESC LIMIT 1`,
    [pipeline, runId],
  );
  if (row === undefined) return undefined;
  const [source, loadId, startedAt, finishedAt, complete, report] = row;
  return {
    runId,
    pipeline,
    source: String(source),
    loadId: typeof loadId === 'string' ? loadId : null,
    startedAt: new Date(Number(startedAt)).toISOString(),
    finishedAt: new Date(Number(finishedAt)).toISOString(),
    complete: Number(complete) === 1,
    report: readStored(String(report), `report (${RUNS_TABLE})`),
  };
}

/** A timestamp as milliseconds since the epoch: the same in every database and driver. */
function milliseconds(column: string): string {
  return `CAST(EXTRACT(EPOCH FROM ${column}) * 1000 AS BIGINT)`;
}
