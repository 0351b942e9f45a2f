import type { ColumnBatch } from '../core/column-batch.ts';
import type { RunEvent } from '../core/events.ts';
import type { StopReason } from '../core/paginator.ts';
import type { SchemaChange } from '../core/schema.ts';
import type { Resource } from '../core/source.ts';
import { neverMatched } from '../extract/selector-verdict.ts';
import { addSelectorFacts, type SelectorFacts } from '../page-log/walk-facts.ts';
import type { PageRecord } from '../page-log/records.ts';
import type { ResourceReport, SchemaChangeReport, TableReport, WarningReport } from './run-report.ts';

type Counts = { -readonly [K in keyof ResourceReport]: ResourceReport[K] };

/** Counts what a run does, for its report. */
export interface RunTally {
  readonly resources: readonly ResourceReport[];
  readonly tables: readonly TableReport[];
  readonly schemaChanges: readonly SchemaChangeReport[];
  readonly warnings: readonly WarningReport[];
  /** Told of the events of the extraction: requests, retries, warnings. */
  event(event: RunEvent): void;
  /** A page of a walk, with the rows that are left of it. */
  page(resource: string, page: CountedPage): void;
  walkEnded(resource: string, walk: CountedWalk): void;
  /** Rows that came on an earlier page already, by resource. */
  readonly duplicates: ReadonlyMap<string, number>;
  batch(batch: ColumnBatch): void;
  change(change: SchemaChange): void;
  /** True when pages came and the data selector matched on none of them. */
  selectorNeverMatched(resource: string): boolean;
}

/** What counts of a page. */
export interface CountedPage extends Pick<PageRecord, 'rowCount' | 'selectorMissed' | 'total'> {
  /** Rows that the row steps and the incremental filter left. */
  readonly rows: number;
  readonly bodyBytes: number;
  /** Rows that came on an earlier page already. */
  readonly duplicates: number;
}

/** What counts of a walk that has ended. */
export interface CountedWalk {
  readonly reason: StopReason;
  /** The last total that its pages told. */
  readonly total: number | undefined;
}

/** A tally at zero. */
export function createTally(walked: readonly Resource[], loaded: ReadonlySet<string>): RunTally {
  const resources = walked.map(
    ({ name }): Counts => ({
      name,
      loaded: loaded.has(name),
      walks: 0,
      pages: 0,
      requests: 0,
      retries: 0,
      rows_received: 0,
      rows: 0,
      stop_reasons: {},
      selector_missed_pages: 0,
      advertised_total: null,
    }),
  );
  const byName = new Map(resources.map((counts) => [counts.name, counts]));
  const of = (resource: string): Counts => {
    const counts = byName.get(resource);
    if (!counts) throw new Error(`The run does not walk ${resource}.`);
    return counts;
  };
  const selector = new Map(walked.map(({ name }): [string, SelectorFacts] => [name, { missed: 0, matched: 0, empty: false }]));
  const rows = new Map<string, number>();
  const duplicates = new Map<string, number>();
  const schemaChanges: SchemaChangeReport[] = [];
  const warnings = new Map<string, WarningReport>();
  return {
    resources,
    schemaChanges,
    duplicates,
    get tables() {
      return [...rows].map(([name, count]) => ({ name, rows: count })).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    },
    get warnings() {
      return [...warnings.values()];
    },
    event(event) {
      if (event.type === 'request') of(event.resource).requests += 1;
      if (event.type === 'retry') of(event.resource).retries += 1;
      if (event.type === 'warning') {
        const { type: _type, ...warning } = event;
        warnings.set(JSON.stringify(warning), warning);
      }
    },
    page(resource, page) {
      const counts = of(resource);
      counts.pages += 1;
      counts.rows_received += page.rowCount;
      counts.rows += page.rows;
      const facts = selector.get(resource);
      if (facts) addSelectorFacts(facts, page, page.bodyBytes);
      counts.selector_missed_pages = facts?.missed ?? 0;
      if (page.duplicates > 0) duplicates.set(resource, (duplicates.get(resource) ?? 0) + page.duplicates);
    },
    walkEnded(resource, { reason, total }) {
      const counts = of(resource);
      counts.walks += 1;
      counts.stop_reasons = { ...counts.stop_reasons, [reason]: (counts.stop_reasons[reason] ?? 0) + 1 };
      if (total !== undefined) counts.advertised_total = (counts.advertised_total ?? 0) + total;
    },
    selectorNeverMatched(resource) {
      const facts = selector.get(resource);
      return facts !== undefined && neverMatched(facts);
    },
    batch({ table, rowCount }) {
      rows.set(table, (rows.get(table) ?? 0) + rowCount);
    },
    change({ kind, table, columns }) {
      schemaChanges.push({
        table: table.name,
        change: kind,
        columns: columns.map(({ name, data_type }) => ({ name, data_type: data_type ?? 'text' })),
      });
    },
  };
}
