import type { RunRow } from '../core/destination.ts';
import type { JsonObject } from '../core/json.ts';
import type { RunRecord } from '../page-log/records.ts';
import type { RunReport } from './run-report.ts';

/** The name that a run goes by. */
export function runIdOf(run: RunRecord): string {
  return run.runId ?? run.loadId;
}

/** The row of `_syncline_runs` that keeps a report. */
export function runRow(report: RunReport): RunRow {
  return {
    runId: report.run_id,
    pipeline: report.pipeline,
    source: report.source,
    loadId: report.load_id,
    startedAt: report.started_at,
    finishedAt: report.finished_at,
    complete: report.complete,
    report: JSON.parse(JSON.stringify(report)) as JsonObject,
  };
}

/** True when the run of a row is over: one that was not complete and loaded nothing may be tried again. */
export function isOver(row: RunRow): boolean {
  return row.complete || row.loadId !== null;
}

/** The report of a run that an earlier invocation committed. */
export function storedReport({ report }: RunRow): RunReport {
  return { ...(report as unknown as RunReport), was_committed: true };
}
