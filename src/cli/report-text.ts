import type { ResourceReport, RunReport } from '../pipeline/run-report.ts';
import { count, seconds } from './run-progress.ts';

/** A run's report as a person reads it; `isPrinted` when the rows went to stdout, and it to stderr, where the warnings are. */
export function reportText(report: RunReport, isPrinted = false): string {
  const lines = [headline(report, isPrinted), ''];
  lines.push(...table(['resource', 'pages', 'requests', 'retries', 'rows', 'ended by'], report.resources.map(resourceRow)), '');
  if (report.tables.length > 0) {
    lines.push(
      ...table(
        ['table', 'rows'],
        report.tables.map((t) => [t.name, count(t.rows)]),
      ),
      '',
    );
  }
  const changes = report.schema_changes.filter((change) => !change.table.startsWith('_dlt_'));
  for (const { table, change, columns } of changes) {
    const names = columns.map((c) => c.name).filter((name) => !name.startsWith('_dlt_'));
    lines.push(
      change === 'create_table' ? `new table ${table} with ${columns.length} columns` : `new columns in ${table}: ${names.join(', ')}`,
    );
  }
  if (changes.length > 0) lines.push('');
  lines.push(...notes(isPrinted ? { ...report, warnings: [] } : report));
  return `${lines.join('\n').trimEnd()}\n`;
}

function headline(report: RunReport, isPrinted: boolean): string {
  if (report.was_committed)
    return `Run ${report.run_id} was committed at ${report.finished_at}: nothing was done. It ${report.complete ? 'is complete' : 'is NOT COMPLETE'}.`;
  const place = isPrinted ? 'was printed' : `is in dataset ${report.dataset} of ${report.destination}`;
  const what =
    report.load_id === null ? `Nothing new to load${isPrinted ? '' : ` into ${report.destination}`}` : `Load ${report.load_id} ${place}`;
  const how = report.complete ? 'complete' : 'NOT COMPLETE';
  return `${what}: ${how}${report.resumed ? ', resumed' : ''}, ${seconds(report.duration * 1000)}`;
}

function resourceRow(r: ResourceReport): string[] {
  const reasons = Object.entries(r.stop_reasons).map(([reason, times]) => (times === 1 ? reason : `${reason} × ${count(times)}`));
  const name = r.loaded ? r.name : `${r.name} (not loaded)`;
  return [name, count(r.pages), count(r.requests), count(r.retries), count(r.rows), reasons.join(', ')];
}

function notes(report: RunReport): string[] {
  const out = report.incomplete_reasons.map((r) => `Not complete: ${r.message}`);
  out.push(...report.warnings.map((w) => `Warning: ${w.message}`));
  const told = new Set(report.incomplete_reasons.map(({ message }) => message));
  out.push(...report.gaps.filter(({ message }) => !told.has(message)).map(({ message }) => `Note: ${message}`));
  for (const [table, columns] of grouped(report.null_columns))
    out.push(`Note: only nulls came for ${columns.join(', ')} of ${table}: not created.`);
  for (const t of report.repaired_texts)
    out.push(`Note: ${count(t.count)} texts of ${t.table}.${t.column} had characters that no database takes; they were replaced.`);
  for (const t of report.nulled_numbers)
    out.push(`Note: ${count(t.count)} numbers of ${t.table}.${t.column} are larger than a double can be; they became null.`);
  return out;
}

function grouped(columns: RunReport['null_columns']): Map<string, string[]> {
  const byTable = new Map<string, string[]>();
  for (const { table, column } of columns) byTable.set(table, [...(byTable.get(table) ?? []), column]);
  return byTable;
}

/** Rows under their heads; all but the first and a text at the end stand to the right. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [heads, ...rows];
  const widths = heads.map((_, i) => Math.max(...all.map((row) => (row[i] ?? '').length)));
  const textual = new Set([0, ...(heads.at(-1) === 'ended by' ? [heads.length - 1] : [])]);
  return all.map((row) =>
    row
      .map((cell, i) => (textual.has(i) ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
