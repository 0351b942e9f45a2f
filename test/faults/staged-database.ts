import type { Capabilities } from '../../src/core/destination.ts';
import type { StoredDatabase } from './dataset-dump.ts';

/** The dataset that all runs of a stage load into. */
export const DATASET = 'data';

/** The database that the runs of a stage load into: its own, and gone with it. */
export interface StagedDatabase extends AsyncDisposable {
  /** As the command line takes it, in the folder of the stage. */
  readonly destination: string;
  /** Whose calls are points of a run: see preload/points.mjs. */
  readonly driver: 'duckdb' | 'postgres' | 'file';
  /** Folder of a dataset in files, whose changes are points too. */
  readonly root?: string;
  /** Paths in the folder of the stage that belong to it. `leftovers` tells what should not be below a folder among them. */
  readonly files: readonly string[];
  /** Reads everything that is there, as the last process left it. */
  read(): Promise<StoredDatabase>;
  /** What no load needs any more, where `read` does not tell it as a flaw. A process that was killed may leave such things. */
  leftovers?(): Promise<Leftovers>;
  /** What a process needs in its environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** From now on tells of each request to a storage, or no more. */
  watch?(told: StorageWatch | undefined): void;
  /** Makes it as if dead processes had been so for long. */
  age?(): void;
}

/** Told of a request before it is carried out, by the points that it is; one that returns true keeps it from being so. */
export type StorageWatch = (points: readonly string[]) => boolean;

/** What loads have left besides what they have loaded. */
export interface Leftovers {
  readonly now: readonly string[];
  /** What a load clears away that comes after a while. */
  readonly later: readonly string[];
}

/** Destinations of one kind. */
export interface StagedDestination extends AsyncDisposable {
  readonly capabilities: Capabilities;
  /** Makes an empty database, which may use the folder. What can be chosen follows from the seed. */
  open(folder: string, seed: number): Promise<StagedDatabase>;
}
