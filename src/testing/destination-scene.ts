import type { Capabilities, Dataset, Destination, LoadTransaction, ParentCursorChanges, RunRow } from '../core/destination.ts';
import type { ColumnSchema, Schema, TableSchema } from '../core/schema.ts';
import { bumpVersion, newSchema } from '../core/schema-hash.ts';
import type { PipelineState } from '../core/state.ts';
import { batchOf, type BatchRow } from './batch-of.ts';

/** A destination to be tested. */
export interface DestinationSubject {
  readonly capabilities: Capabilities;
  /** A new, empty place to load to. */
  create(): Promise<DestinationPlace>;
}

/** A place that belongs to one case. */
export interface DestinationPlace extends AsyncDisposable {
  readonly destination: Destination;
  /**
   * What is committed of a table, read without the destination, in any order; `undefined` when there
   * is none. Cells are texts: numbers in plain digits, decimals with all digits of their scale,
   * doubles as JavaScript prints them, but for `-0`, `true` and `false`, binary in hex, dates and times in ISO
   * form with six digits of a second (`2024-01-31T10:00:00.000000Z`, `Z` with a time zone only).
   */
  read(dataset: string, table: string): Promise<StoredTable | undefined>;
  /** How many rows of a table are committed, and the sums of columns of numbers or their digits: for tables too large to be read. */
  total(dataset: string, table: string, columns: readonly string[]): Promise<StoredTotal>;
  /**
   * The names of all that is in the place, in order, committed or not: tables and temporary ones, or
   * files. Waits until nothing is undone any more. What a load left behind shows here.
   */
  list(): Promise<readonly string[]>;
}

/** The rows of a table, and the sums of columns. */
export interface StoredTotal {
  readonly rows: number;
  readonly sums: readonly number[];
}

/** A table as it is stored. */
export interface StoredTable {
  readonly columns: Readonly<Record<string, { readonly nullable: boolean }>>;
  readonly rows: readonly Readonly<Record<string, string | null>>[];
}

/** What a load of a scene brings. */
export interface SceneLoad {
  readonly id: string;
  /** Tables whose changes the destination is told, rows or not. */
  readonly tables?: readonly TableSchema[];
  /** Rows by table, written in this order. */
  readonly rows?: Readonly<Record<string, readonly BatchRow[]>>;
  readonly replaced?: readonly string[];
  readonly state?: PipelineState;
  readonly parentCursors?: ParentCursorChanges;
  readonly run?: RunRow;
}

/** A place with a dataset and a schema that loads add to. */
export interface Scene extends AsyncDisposable {
  readonly place: DestinationPlace;
  readonly dataset: Dataset;
  readonly schema: Schema;
  begin(id: string, replaced?: readonly string[]): Promise<LoadTransaction>;
  /** Tells a load of tables: they are in the schema from then on. */
  declare(load: LoadTransaction, ...tables: readonly TableSchema[]): Promise<void>;
  /** A whole load, committed. */
  load(load: SceneLoad): Promise<void>;
  /** Some columns of a table, a text a row, sorted: `1|a`. `null` is `-`. */
  cells(table: string, ...columns: readonly string[]): Promise<readonly string[]>;
  /** Gives the schema its version and hash. */
  settle(): Schema;
}

/** The dataset of every scene. */
export const DATASET = 'contract_data';
/** The pipeline of every scene. */
export const PIPELINE = 'contract';

/** Opens a new place. */
export async function openScene(subject: DestinationSubject): Promise<Scene> {
  const place = await subject.create();
  const dataset = await place.destination.open(DATASET);
  const schema = newSchema(PIPELINE);
  const scene: Scene = {
    place,
    dataset,
    schema,
    begin: (loadId, replaced = []) =>
      dataset.begin({ loadId, pipeline: PIPELINE, startedAt: new Date('2024-05-01T12:00:00Z'), schema: structuredClone(schema), replaced }),
    async declare(load, ...tables) {
      for (const table of tables) {
        const kind = schema.tables[table.name] === undefined ? 'create_table' : 'add_columns';
        schema.tables[table.name] = table;
        await load.migrate([{ kind, table, columns: Object.values(table.columns).filter((column) => column.data_type !== undefined) }]);
      }
    },
    async load({ id, tables = [], rows = {}, replaced = [], state, ...more }) {
      const load = await scene.begin(id, replaced);
      await scene.declare(load, ...tables);
      for (const [name, list] of Object.entries(rows)) await load.write(batchOf(schema.tables[name] as TableSchema, list));
      await load.commit({ schema: scene.settle(), state, ...more });
    },
    async cells(table, ...columns) {
      const stored = await place.read(DATASET, table);
      return (stored?.rows ?? []).map((row) => columns.map((column) => row[column] ?? '-').join('|')).toSorted();
    },
    settle() {
      bumpVersion(schema);
      return schema;
    },
    async [Symbol.asyncDispose]() {
      await dataset[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    },
  };
  return scene;
}

/** A run of the scene's pipeline that loaded nothing, but for what is special about it. */
export function runOf(runId: string, special: Partial<RunRow> = {}): RunRow {
  return {
    runId,
    pipeline: PIPELINE,
    source: PIPELINE,
    loadId: null,
    startedAt: '2024-05-01T12:00:00.123Z',
    finishedAt: '2024-05-01T12:01:00.456Z',
    complete: true,
    report: { rows: 1 },
    ...special,
  };
}

/** A state of the scene's pipeline, but for what is special about it. */
export function stateOf(version: number, special: Partial<PipelineState> = {}): PipelineState {
  return {
    _state_version: version,
    _state_engine_version: 4,
    _version_hash: `hash ${version}`,
    pipeline_name: PIPELINE,
    dataset_name: DATASET,
    default_schema_name: PIPELINE,
    schema_names: [PIPELINE],
    destination_type: 'dlt.destinations.duckdb',
    destination_name: null,
    ...special,
  };
}

/** Root row's columns beside the data. */
const ROOT_COLUMNS: Readonly<Record<string, ColumnSchema>> = {
  _dlt_load_id: { name: '_dlt_load_id', data_type: 'text', nullable: false },
  _dlt_id: { name: '_dlt_id', data_type: 'text', nullable: false, unique: true, row_key: true },
};

const NESTED_COLUMNS: Readonly<Record<string, ColumnSchema>> = {
  _dlt_parent_id: { name: '_dlt_parent_id', data_type: 'text', nullable: false, parent_key: true },
  _dlt_list_idx: { name: '_dlt_list_idx', data_type: 'bigint', nullable: false },
  _dlt_id: { name: '_dlt_id', data_type: 'text', nullable: false, unique: true, row_key: true },
};

/** The root key of nested tables. */
export const ROOT_KEY: ColumnSchema = { name: '_dlt_root_id', data_type: 'text', nullable: false, root_key: true };

/** Columns by name, from what is special about each. */
export function columns(list: Readonly<Record<string, Omit<ColumnSchema, 'name'>>>): Record<string, ColumnSchema> {
  return Object.fromEntries(Object.entries(list).map(([name, column]) => [name, { name, ...column }]));
}

/** A root table. */
export function rootTable(name: string, data: Record<string, ColumnSchema>, hints: Partial<TableSchema> = {}): TableSchema {
  return { name, columns: { ...data, ...structuredClone(ROOT_COLUMNS) }, write_disposition: 'append', resource: name, ...hints };
}

/** A table nested in another. */
export function nestedTable(name: string, parent: string, data: Record<string, ColumnSchema>): TableSchema {
  return { name, columns: { ...data, ...structuredClone(NESTED_COLUMNS) }, parent };
}
