import type { Json } from '@duckdb/node-api';
import { readStoredSchema } from '../../src/destinations/sql/stored-schema.ts';
import { readStoredState } from '../../src/destinations/sql/stored-state.ts';

/** All that a dataset holds, without the ids and times that differ from run to run. */
export interface DatasetDump {
  /** Rows as text, in the order of the table, by table. */
  readonly tables: ReadonlyMap<string, readonly string[]>;
  /** What is wrong with the dataset whatever it should hold. */
  readonly flaws: readonly string[];
  readonly loads: number;
}

/** A dataset before the first load. */
export const EMPTY_DUMP: DatasetDump = { tables: new Map(), flaws: [], loads: 0 };

/** A row of a table, as its database shows it. */
export type Cells = Readonly<Record<string, Json>>;

/** A table, whatever it holds. */
export interface StoredTable {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly Cells[];
}

/** All that a database holds. */
export interface StoredDatabase {
  readonly tables: readonly StoredTable[];
  /** What is left of a load besides tables. */
  readonly flaws: readonly string[];
  /** Rows come in the order in which they were written; else their order says nothing. */
  readonly isOrdered: boolean;
}

/** A cell as text. */
export const textOf = (cell: Json | undefined): string => (typeof cell === 'string' ? cell : JSON.stringify(cell));

/** Columns that tell a time of writing, or an id that is drawn. */
const UNLIKE: Readonly<Record<string, readonly string[]>> = {
  _dlt_loads: ['inserted_at'],
  _dlt_version: ['inserted_at'],
  _dlt_pipeline_state: ['created_at', '_dlt_id'],
  _syncline_runs: ['run_id', 'started_at', 'finished_at'],
};

/** From when until when a version of a row holds. */
const BOUNDARIES = ['_dlt_valid_from', '_dlt_valid_to'];

/** Describes what a database holds. Whatever is outside of the dataset is a flaw. */
export function describeDatabase({ tables, flaws: left, isOrdered }: StoredDatabase, dataset: string): DatasetDump {
  const flaws = [...left];
  const loadIds = tables
    .filter(({ name }) => name === '_dlt_loads')
    .flatMap(({ rows }) => rows.map(({ load_id }) => textOf(load_id)))
    .toSorted();
  if (new Set(loadIds).size < loadIds.length) flaws.push('_dlt_loads has a load twice');
  const loadOf = (id: Json | undefined): string => {
    const at = loadIds.indexOf(textOf(id));
    if (at < 0) flaws.push(`rows of load ${textOf(id)}, which is not in _dlt_loads`);
    return `load ${at + 1}`;
  };
  // Rows that are versions tell times of loads: which one it was is what counts.
  const times = tables.flatMap(({ rows }) => rows.flatMap((row) => BOUNDARIES.flatMap((column) => row[column] ?? []))).map(textOf);
  const sortedTimes = [...new Set(times)].toSorted();
  /** What a row is, by its id: ids are drawn, so rows refer to each other by what they hold. */
  const named = new Map<string, string>();
  const described = new Map<string, string[]>();
  // A nested table's name begins with that of its parent.
  for (const table of tables.toSorted((a, b) => a.name.length - b.name.length)) {
    if (table.schema !== dataset) flaws.push(`table ${table.schema}.${table.name} is outside of ${dataset}`);
    const isSystem = /^_(dlt|syncline)_/.test(table.name);
    const texts = table.rows.map((row) => {
      const { _dlt_id, _dlt_parent_id, _dlt_root_id, _dlt_load_id, ...cells } = row;
      const refer = (id: Json, what: string): string => {
        const found = named.get(textOf(id));
        if (found === undefined) flaws.push(`${table.name} has a row whose ${what} ${textOf(id)} is nowhere`);
        return found ?? 'nowhere';
      };
      const shown: Record<string, Json> = isSystem ? systemCells(table.name, cells) : cells;
      if (_dlt_parent_id !== undefined) shown['parent'] = refer(_dlt_parent_id, 'parent');
      if (_dlt_root_id !== undefined) shown['root'] = refer(_dlt_root_id, 'root');
      for (const column of BOUNDARIES) {
        const time = row[column];
        if (time !== undefined && time !== null) shown[column] = `time ${sortedTimes.indexOf(textOf(time)) + 1}`;
      }
      const load = _dlt_load_id ?? cells['load_id'];
      if (load !== undefined && load !== null) shown['load'] = loadOf(load);
      delete shown['load_id'];
      const text = JSON.stringify(shown);
      if (_dlt_id !== undefined && !isSystem) {
        if (named.has(textOf(_dlt_id))) flaws.push(`${table.name} has the row id ${textOf(_dlt_id)} a second time`);
        named.set(textOf(_dlt_id), `${table.name} ${text}`);
      }
      return text;
    });
    described.set(table.name, [`columns: ${table.columns.join(', ')}`, ...(isOrdered ? texts : texts.toSorted())]);
  }
  return { tables: described, flaws: [...new Set(flaws)], loads: loadIds.length };
}

function systemCells(table: string, cells: Cells): Record<string, Json> {
  const shown: Record<string, Json> = { ...cells };
  for (const column of UNLIKE[table] ?? []) delete shown[column];
  if (table === '_dlt_pipeline_state') shown['state'] = readStoredState(textOf(cells['state'])) as unknown as Json;
  if (table === '_dlt_version') shown['schema'] = readStoredSchema(textOf(cells['schema'])) as unknown as Json;
  if (table === '_syncline_runs') shown['report'] = stableReport(textOf(cells['report'])) as Json;
  return shown;
}

/** What a report says that does not depend on how often its run was killed. Not every database keeps the order of its keys. */
export function stableReport(text: string): object {
  const { complete, incomplete_reasons, resources } = JSON.parse(text, sortKeys) as { resources: Record<string, unknown>[] } & Record<
    string,
    unknown
  >;
  return { complete, incomplete_reasons, resources: resources.map(({ requests: _requests, retries: _retries, ...counts }) => counts) };
}

function sortKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** A dump without what depends on where a run was cut into loads. */
export function withoutCuts({ tables, ...rest }: DatasetDump): DatasetDump {
  const blurred = [...tables].filter(([name]) => !name.startsWith('_dlt_'));
  return {
    ...rest,
    tables: new Map(blurred.map(([name, rows]) => [name, rows.map((row) => row.replaceAll(/load \d+/g, 'load')).toSorted()])),
  };
}

/** How a dataset differs from what it should be. */
export interface DumpDifference {
  readonly lost: number;
  readonly doubled: number;
  /** Rows too many, those that are doubled among them. */
  readonly extra: number;
  /** One line a thing that is wrong. */
  readonly problems: readonly string[];
}

/** Compares row for row. A row too many that should be there once is doubled. */
export function compareDumps(expected: DatasetDump, actual: DatasetDump, ignored?: string): DumpDifference {
  const problems = [...actual.flaws];
  let lost = 0;
  let doubled = 0;
  let tooMany = 0;
  for (const name of new Set([...expected.tables.keys(), ...actual.tables.keys()])) {
    if (name === ignored) continue;
    const wanted = expected.tables.get(name) ?? [];
    const found = actual.tables.get(name) ?? [];
    if (wanted.join('\n') === found.join('\n')) continue;
    const missing = without(wanted, found);
    const extra = without(found, wanted);
    const twice = extra.filter((row) => wanted.includes(row));
    lost += missing.length;
    doubled += twice.length;
    tooMany += extra.length;
    problems.push(
      `${name}: ${missing.length} rows lost, ${twice.length} doubled, ${extra.length - twice.length} others` +
        (missing.length + extra.length === 0 ? ', in another order' : ''),
      ...missing.slice(0, 2).map((row) => `  lost: ${row.slice(0, 300)}`),
      ...extra.slice(0, 2).map((row) => `  extra: ${row.slice(0, 300)}`),
    );
  }
  return { lost, doubled, extra: tooMany, problems };
}

/** The elements of a list that another one lacks, as often as it lacks them. */
function without(list: readonly string[], other: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const row of other) left.set(row, (left.get(row) ?? 0) + 1);
  return list.filter((row) => {
    const count = left.get(row) ?? 0;
    left.set(row, count - 1);
    return count <= 0;
  });
}
