import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DuckDBInstance } from '@duckdb/node-api';

/** A table of a dataset: its columns as name, type and whether it may be null (`YES` or `NO`), and its cells as text. */
export interface ParityTable {
  readonly columns: readonly (readonly [name: string, type: string, nullable: string])[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** The tables of a dataset by their names. */
export type ParityTables = Readonly<Record<string, ParityTable>>;

/** An API, a configuration for it and runs of it, with what must come of them. */
export interface ParityCase {
  readonly name: string;
  readonly server: unknown;
  readonly config: Readonly<Record<string, unknown>>;
  /** The API goes on to a step before each run. */
  readonly runs: readonly { readonly step: number }[];
  /** Columns whose values differ from run to run. */
  readonly volatile: ReadonlySet<string>;
  /** The tables of the dataset after the runs; `undefined` when the last run must fail. */
  readonly wanted: ParityTables | undefined;
}

/** The API of a case. */
export interface MockApi {
  readonly url: string;
  setStep(step: number): void;
  close(): Promise<void>;
}

/** What the folder of the parity cases has to run and compare them with. */
export interface ParityTools {
  readonly startMockApi: (server: unknown) => Promise<MockApi>;
  /** The tables of the dataset `parity_data` in a DuckDB file. */
  readonly dump: (file: string, instances: typeof DuckDBInstance) => Promise<ParityTables>;
  /** What differs, in words; none when the datasets are equal. */
  readonly differences: (wanted: ParityTables, got: ParityTables, volatile: ReadonlySet<string>) => readonly string[];
}

interface StoredCase extends Omit<ParityCase, 'volatile' | 'wanted'> {
  readonly volatile?: readonly string[];
  /** Where we differ from dlt on purpose. */
  readonly ours?: { readonly expect?: 'error' | 'tables'; readonly tables?: ParityTables; readonly tables_of?: string };
}

interface Expectation {
  readonly error?: string | null;
  readonly tables: ParityTables;
}

/** Loads the tools from the folder of the parity cases. */
export async function parityTools(folder: string): Promise<ParityTools> {
  const load = (file: string) => import(pathToFileURL(join(folder, file)).href) as Promise<ParityTools>;
  return { ...(await load('mock-api.mjs')), ...(await load('compare.mjs')) };
}

/** Reads the cases of a folder, in the order of their names, with what dlt made of them. */
export function readCases(cases: string, expected: string): ParityCase[] {
  const read = (folder: string, name: string): unknown => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
  const names = readdirSync(cases)
    .filter((file) => file.endsWith('.json'))
    .map((file) => basename(file, '.json'));
  return names.toSorted().map((name) => {
    const { volatile, ours, ...stored } = read(cases, name) as StoredCase;
    const theirs = read(expected, name) as Expectation;
    const tables = ours?.tables_of === undefined ? ours?.tables : (read(expected, ours.tables_of) as Expectation).tables;
    const expect = ours?.expect ?? (tables === undefined && theirs.error ? 'error' : 'tables');
    return { ...stored, name, volatile: new Set(volatile), wanted: expect === 'error' ? undefined : (tables ?? theirs.tables) };
  });
}
