import type { ColumnBatch } from '../core/column-batch.ts';
import type { RunEvent } from '../core/events.ts';
import type { JsonObject } from '../core/json.ts';
import type { StopReason } from '../core/paginator.ts';
import type { SchemaChange } from '../core/schema.ts';
import type { Resource } from '../core/source.ts';
import { neverMatched } from '../extract/selector-verdict.ts';
import type { NormalizeReport } from '../normalize/normalize-report.ts';
import type { PageRecord } from '../page-log/records.ts';
import { addSelectorFacts, type SelectorFacts } from '../page-log/walk-facts.ts';
import type { ColumnCount, ResourceReport, SchemaChangeReport, TableReport, WarningReport } from './run-report.ts';

type Counts = { -readonly [K in keyof ResourceReport]: ResourceReport[K] };

/** What is counted of a resource: all of its report, and what else tells whether its data selector ever matched. */
interface ResourceCounts {
  readonly report: Counts;
  readonly selector: SelectorFacts;
  duplicates: number;
}

/** All counts, as they go on in another process. Plain JSON. */
interface Counted {
  readonly resources: Record<string, ResourceCounts>;
  readonly tables: Record<string, number>;
  readonly loads: string[];
  readonly schemaChanges: SchemaChangeReport[];
  nullColumns: NormalizeReport['nullColumns'];
  repairedTexts: readonly ColumnCount[];
  nulledNumbers: readonly ColumnCount[];
}

/** Counts what a run does, for its report. */
export interface RunTally {
  readonly resources: readonly ResourceReport[];
  readonly tables: readonly TableReport[];
  /** Ids of the loads that were committed. */
  readonly loads: readonly string[];
  readonly schemaChanges: readonly SchemaChangeReport[];
  readonly nullColumns: NormalizeReport['nullColumns'];
  readonly repairedTexts: readonly ColumnCount[];
  readonly nulledNumbers: readonly ColumnCount[];
  readonly warnings: readonly WarningReport[];
  /** Told of the events of the extraction: requests, retries, warnings. */
  event(event: RunEvent): void;
  /** A page of a walk, with the rows that are left of it. */
  page(resource: string, page: CountedPage): void;
  walkEnded(resource: string, walk: CountedWalk): void;
  /** Rows of a resource that came on an earlier page already. */
  duplicates(resource: string): number;
  batch(batch: ColumnBatch): void;
  change(change: SchemaChange): void;
  /** What the rows of a load came to. */
  normalized(report: NormalizeReport): void;
  /** A load that is committed, or is about to be. */
  load(loadId: string): void;
  /** True when pages came and the data selector matched on none of them. */
  selectorNeverMatched(resource: string): boolean;
  /** What {@link createTally} goes on from in another process. Requests, retries and warnings are of this one. */
  snapshot(): JsonObject;
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

/** A tally at zero, or at what earlier loads of the run came to. */
export function createTally(walked: readonly Resource[], loaded: ReadonlySet<string>, before?: JsonObject): RunTally {
  const counted = (before as unknown as Counted | undefined) ?? nothing(walked, loaded);
  const of = (resource: string): ResourceCounts => {
    const counts = counted.resources[resource];
    if (!counts) throw new Error(`The run does not walk ${resource}.`);
    return counts;
  };
  const tables = new Map(Object.entries(counted.tables));
  const warnings = new Map<string, WarningReport>();
  return {
    get resources() {
      return walked.map(({ name }) => of(name).report);
    },
    get tables() {
      return Array.from(tables, ([name, rows]) => ({ name, rows })).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    },
    get loads() {
      return counted.loads;
    },
    get schemaChanges() {
      return counted.schemaChanges;
    },
    get nullColumns() {
      return counted.nullColumns;
    },
    get repairedTexts() {
      return counted.repairedTexts;
    },
    get nulledNumbers() {
      return counted.nulledNumbers;
    },
    get warnings() {
      return [...warnings.values()];
    },
    event(event) {
      if (event.type === 'request') of(event.resource).report.requests += 1;
      if (event.type === 'retry') of(event.resource).report.retries += 1;
      if (event.type === 'warning') {
        const { type: _type, ...warning } = event;
        warnings.set(JSON.stringify(warning), warning);
      }
    },
    page(resource, page) {
      const counts = of(resource);
      counts.report.pages += 1;
      counts.report.rows_received += page.rowCount;
      counts.report.rows += page.rows;
      addSelectorFacts(counts.selector, page, page.bodyBytes);
      counts.report.selector_missed_pages = counts.selector.missed;
      counts.duplicates += page.duplicates;
    },
    walkEnded(resource, { reason, total }) {
      const { report } = of(resource);
      report.walks += 1;
      report.stop_reasons = { ...report.stop_reasons, [reason]: (report.stop_reasons[reason] ?? 0) + 1 };
      if (total !== undefined) report.advertised_total = (report.advertised_total ?? 0) + total;
    },
    duplicates: (resource) => of(resource).duplicates,
    batch({ table, rowCount }) {
      tables.set(table, (tables.get(table) ?? 0) + rowCount);
    },
    change({ kind, table, columns }) {
      const made = columns.map(({ name, data_type }) => ({ name, data_type: data_type ?? 'text' }));
      counted.schemaChanges.push({ table: table.name, change: kind, columns: made });
    },
    normalized({ nullColumns, repairedTexts, nulledNumbers }) {
      const isMade = (at: { readonly table: string; readonly column: string }): boolean =>
        counted.schemaChanges.some(({ table, columns }) => table === at.table && columns.some(({ name }) => name === at.column));
      const all = [...counted.nullColumns, ...nullColumns].filter((at) => !isMade(at));
      counted.nullColumns = [...new Map(all.map((at) => [JSON.stringify(at), at])).values()];
      counted.repairedTexts = summed([...counted.repairedTexts, ...repairedTexts]);
      counted.nulledNumbers = summed([...counted.nulledNumbers, ...nulledNumbers]);
    },
    load(loadId) {
      if (counted.loads.at(-1) !== loadId) counted.loads.push(loadId);
    },
    selectorNeverMatched: (resource) => neverMatched(of(resource).selector),
    snapshot() {
      const copy = structuredClone({ ...counted, tables: Object.fromEntries(tables) });
      for (const { report } of Object.values(copy.resources)) Object.assign(report, { requests: 0, retries: 0 });
      return copy as unknown as JsonObject;
    },
  };
}

function nothing(walked: readonly Resource[], loaded: ReadonlySet<string>): Counted {
  const resources = walked.map(({ name }): [string, ResourceCounts] => {
    const report = {
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
    };
    return [name, { report, selector: { missed: 0, matched: 0, empty: false }, duplicates: 0 }];
  });
  return {
    resources: Object.fromEntries(resources),
    tables: {},
    loads: [],
    schemaChanges: [],
    nullColumns: [],
    repairedTexts: [],
    nulledNumbers: [],
  };
}

function summed(counts: readonly ColumnCount[]): ColumnCount[] {
  const sums = new Map<string, ColumnCount>();
  for (const { table, column, count } of counts) {
    const key = JSON.stringify([table, column]);
    sums.set(key, { table, column, count: (sums.get(key)?.count ?? 0) + count });
  }
  return [...sums.values()];
}
