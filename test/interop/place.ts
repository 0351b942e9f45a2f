/** A destination as dlt is told of it. */
export interface DltPlace {
  readonly type: 'duckdb' | 'postgres' | 'filesystem';
  readonly address: string;
  /** Format of the files; the destination's own when left out. */
  readonly format?: string;
}

/** A column as the destination has it. */
export interface StoredColumn {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
}

/** A row, every value as text. */
export type StoredRow = Readonly<Record<string, string | null>>;

/** A table as the destination has it. */
export interface StoredTable {
  readonly name: string;
  readonly columns: readonly StoredColumn[];
  readonly rows: readonly StoredRow[];
}

/** A database or folder that one line of runs loads into. */
export interface Place {
  /** `--destination` of the command line. */
  readonly address: string;
  readonly dlt: DltPlace;
  /** The tables of a dataset. */
  read(dataset: string): Promise<readonly StoredTable[]>;
  /** The same in another place, so that runs can go on in several ways. */
  copy(folder: string): Promise<Place>;
}

/** A kind of destination that dlt and syncline share. */
export interface PlaceKind {
  readonly name: string;
  /** Rows can be merged with those that are there. */
  readonly merges: boolean;
  /** Names of scenarios that are left out, and why. */
  readonly leftOut?: Readonly<Record<string, string>>;
  /** An empty place; `folder` is its own. */
  open(folder: string): Promise<Place>;
}
