import type { BegunRun } from './begin-run.ts';
import type { Loaded } from './load-log.ts';
import type { Participation } from './participation.ts';
import type { IncompleteReason, RunReport } from './run-report.ts';
import { runIdOf } from './run-row.ts';
import type { RunTally } from './run-tally.ts';

/** What a report is made from. */
export interface Finished {
  readonly begun: BegunRun;
  readonly participation: Participation;
  readonly tally: RunTally;
  readonly loaded: Loaded;
  readonly place: string;
  readonly startedMs: number;
  readonly finishedMs: number;
}

/** The report of a run that has ended. */
export function finishReport({ begun, participation, tally, loaded, place, startedMs, finishedMs }: Finished): RunReport {
  const { run, resumed } = begun;
  const reasons = incompleteReasons(participation, run.limit);
  return {
    pipeline: run.pipeline,
    dataset: run.dataset,
    destination: place,
    source: run.source,
    run_id: runIdOf(run),
    was_committed: false,
    load_id: loaded.isCommitted ? run.loadId : null,
    started_at: run.startedAt,
    finished_at: new Date(finishedMs).toISOString(),
    duration: Math.round(finishedMs - startedMs) / 1000,
    resumed,
    complete: reasons.length === 0,
    incomplete_reasons: reasons,
    resources: tally.resources,
    tables: tally.tables,
    schema_changes: tally.schemaChanges,
    null_columns: loaded.nullColumns,
    repaired_texts: loaded.repairedTexts,
    nulled_numbers: loaded.nulledNumbers,
    warnings: tally.warnings,
  };
}

function incompleteReasons({ walked, loaded, incomplete, leftOut }: Participation, limit: number | undefined): IncompleteReason[] {
  return walked
    .filter(({ name }) => incomplete.has(name))
    .flatMap(({ name }): IncompleteReason[] => {
      const reasons: IncompleteReason[] = [
        {
          resource: name,
          code: 'limit_reached',
          message: `${name}: not all pages were asked for, because of the limit of ${limit} pages.`,
        },
      ];
      if (loaded.has(name) && leftOut.has(name)) {
        reasons.push({
          resource: name,
          code: 'not_loaded',
          message: `${name}: nothing was loaded, because a part would have deleted rows of its table that the part lacks.`,
        });
      }
      return reasons;
    });
}
