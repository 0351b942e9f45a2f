import type { StoredDatabase } from './dataset-dump.ts';

/** The database that the runs of a stage load into: its own, and gone with it. */
export interface StagedDatabase extends AsyncDisposable {
  /** As the command line takes it, in the folder of the stage. */
  readonly destination: string;
  /** Whose calls are points of a run: see preload/points.mjs. */
  readonly driver: 'duckdb' | 'postgres';
  /** Paths in the folder of the stage that belong to it. */
  readonly files: readonly string[];
  /** Reads everything that is there, as the last process left it. */
  read(): Promise<StoredDatabase>;
}

/** Makes an empty database, which may use the folder. */
export type OpenDatabase = (folder: string) => Promise<StagedDatabase>;
