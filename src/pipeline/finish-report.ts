import { addGaps, isPartial } from '../core/gap.ts';
import type { Resource } from '../core/source.ts';
import type { BegunRun } from './begin-run.ts';
import { gapMessage } from './gap-message.ts';
import type { Participation } from './participation.ts';
import type { GapReport, IncompleteReason, RunReport } from './run-report.ts';
import { runIdOf } from './run-row.ts';
import type { RunTally } from './run-tally.ts';

/** What a report is made from. */
export interface Finished {
  readonly begun: BegunRun;
  readonly participation: Participation;
  readonly tally: RunTally;
  readonly place: string;
  readonly startedMs: number;
  readonly finishedMs: number;
}

/** The report of a run that has ended. */
export function finishReport({ begun, participation, tally, place, startedMs, finishedMs }: Finished): RunReport {
  const { run, resumed } = begun;
  const reasons = participation.walked.flatMap((resource) => incompleteReasons(resource, participation, run.limit));
  return {
    pipeline: run.pipeline,
    dataset: run.dataset,
    destination: place,
    source: run.source,
    run_id: runIdOf(run),
    was_committed: false,
    load_id: tally.loads.at(-1) ?? null,
    load_ids: tally.loads,
    started_at: run.startedAt,
    finished_at: new Date(finishedMs).toISOString(),
    duration: Math.round(finishedMs - startedMs) / 1000,
    resumed,
    complete: reasons.length === 0,
    incomplete_reasons: reasons,
    gaps: gapReports(participation, tally, run.limit),
    resources: tally.resources,
    tables: tally.tables,
    schema_changes: tally.schemaChanges,
    null_columns: tally.nullColumns,
    repaired_texts: tally.repairedTexts,
    nulled_numbers: tally.nulledNumbers,
    warnings: tally.warnings,
  };
}

function gapReports({ walked, gaps }: Participation, tally: RunTally, limit: number | undefined): GapReport[] {
  const all = new Map(gaps);
  for (const { name } of walked) {
    const count = tally.duplicates(name);
    if (count > 0) addGaps(all, name, [{ code: 'duplicates', count }]);
  }
  return walked.flatMap(({ name }) =>
    (all.get(name) ?? []).map((gap): GapReport => {
      return { resource: name, code: gap.code, count: gap.count ?? 1, message: gapMessage(name, gap, limit) };
    }),
  );
}

function incompleteReasons({ name }: Resource, participation: Participation, limit: number | undefined): IncompleteReason[] {
  const { loaded, incomplete, leftOut } = participation;
  const reasons = incomplete.has(name) ? lacks(name, participation, limit) : [];
  if (!loaded.has(name) || !leftOut.has(name)) return reasons;
  const why =
    leftOut === loaded
      ? 'the run is not complete and was to load all or nothing'
      : 'a part would have deleted rows of its table that the part lacks';
  return [...reasons, { resource: name, code: 'not_loaded', message: `${name}: nothing was loaded, because ${why}.` }];
}

/** What the resource lacks itself, or else what the nearest one lacks that it depends on. */
function lacks(name: string, { walked, gaps }: Participation, limit: number | undefined): IncompleteReason[] {
  for (let at: string | undefined = name; at !== undefined; at = walked.find((resource) => resource.name === at)?.parent) {
    const of = at;
    const reasons = (gaps.get(of) ?? []).flatMap((gap): IncompleteReason[] => {
      if (!isPartial(gap.code)) return [];
      const message = of === name ? gapMessage(name, gap, limit) : `${name}: ${of}, whose rows it is asked for with, is not complete.`;
      return [{ resource: name, code: gap.code, message }];
    });
    if (reasons.length > 0) return reasons;
  }
  return [];
}
