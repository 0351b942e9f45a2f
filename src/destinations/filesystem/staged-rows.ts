import { join } from 'node:path';
import type { Column, ColumnBatch } from '../../core/column-batch.ts';
import { DestinationError } from '../../core/errors.ts';
import type { TableSchema } from '../../core/schema.ts';
import { BatchReader } from '../duckdb/batch-reader.ts';
import { nullNotAllowed } from '../duckdb/catalog.ts';
import { IN_MEMORY, leaseInstance, type InstanceLease } from '../duckdb/instance.ts';
import { Session } from '../duckdb/session.ts';
import { Slots } from '../slots.ts';
import { completeColumns } from '../sql/table-chain.ts';
import { copyStatement } from './copy-statement.ts';
import { extensionOf, type FileKind } from './file-format.ts';
import type { RowFolder } from './file-store.ts';

/** Rows wait in memory up to this size; then those of the largest table become a file. */
const MOST_BYTES = 64 * 1024 * 1024;

/** What rows are staged with. */
export interface StagedRowsOptions {
  /** Takes the files. */
  readonly folder: RowFolder;
  /** Where the dataset is, for messages. */
  readonly location: string;
  /** Files that are written at once: each takes one thread, for the order of rows is kept. */
  readonly threads: number;
  /** Rows wait up to this size. */
  readonly mostBytes?: number | undefined;
}

/** A file with rows of a table, in the folder. */
export interface StagedFile {
  readonly table: string;
  /** The name of the file. */
  readonly staged: string;
  readonly extension: string;
}

interface WaitingTable {
  readonly kind: FileKind;
  readonly batches: ColumnBatch[];
  schema: TableSchema;
  bytes: number;
}

interface Writers {
  readonly lease: InstanceLease;
  readonly sessions: readonly Session[];
  readonly readers: readonly BatchReader[];
}

/** Rows on their way to files: they wait in batches, which a DuckDB writes while more come. */
export class StagedRows {
  readonly #options: StagedRowsOptions;
  readonly #tables = new Map<string, WaitingTable>();
  readonly #files: StagedFile[] = [];
  #opening: Promise<Writers> | undefined;
  /** Files that are being written, each by the reader of its slot. */
  readonly #writing: Slots;

  constructor(options: StagedRowsOptions) {
    this.#options = options;
    this.#writing = new Slots(options.threads);
  }

  /** Takes the rows of a batch. `kind` counts when a file is begun. */
  async write(batch: ColumnBatch, table: TableSchema, kind: FileKind): Promise<void> {
    checkColumns(batch, table);
    if (batch.rowCount === 0) return;
    const waiting = this.#tables.get(batch.table) ?? { kind, batches: [], schema: table, bytes: 0 };
    this.#tables.set(batch.table, waiting);
    waiting.schema = table;
    waiting.batches.push(batch);
    waiting.bytes += bytesOf(batch);
    const all = [...this.#tables.values()];
    if (all.reduce((sum, { bytes }) => sum + bytes, 0) < (this.#options.mostBytes ?? MOST_BYTES)) return;
    await this.#cut(all.reduce((largest, each) => (each.bytes > largest.bytes ? each : largest)));
  }

  /** Lets a table have a file even if it has no rows. */
  include(schema: TableSchema, kind: FileKind): void {
    if (this.#tables.has(schema.name) || this.#files.some(({ table }) => table === schema.name)) return;
    this.#tables.set(schema.name, { kind, batches: [], schema, bytes: 0 });
  }

  /** Writes all rows that still wait. The folder has taken the files then. */
  async finish(): Promise<readonly StagedFile[]> {
    for (const waiting of this.#tables.values()) await this.#cut(waiting);
    await this.#writing.settled();
    await this.close();
    return this.#files;
  }

  /** Gives up what still waits. */
  async close(): Promise<void> {
    const opening = this.#opening;
    this.#opening = undefined;
    this.#tables.clear();
    if (opening === undefined) return;
    const { lease, sessions } = await opening;
    for (const session of sessions) await session.close();
    await this.#writing.ended();
    lease.release();
  }

  #open(): Promise<Writers> {
    const { folder, location, threads } = this.#options;
    const open = async () => {
      // A statement has a thread to itself. With more, that one would poll for the end of what another does: that takes a processor.
      const lease = await leaseInstance(IN_MEMORY, { threads: '1', temp_directory: join(folder.path, 'spilled') });
      const sessions = [];
      for (let i = 0; i < threads; i += 1) sessions.push(await Session.open(lease.instance, location));
      return { lease, sessions, readers: sessions.map((session, index) => new BatchReader(session, `rows_${index + 1}`)) };
    };
    return (this.#opening ??= open());
  }

  /** Begins to make a file of the rows that wait, once a reader is free. */
  async #cut(waiting: WaitingTable): Promise<void> {
    const { readers } = await this.#open();
    await this.#writing.begin((slot) => {
      this.#tables.delete(waiting.schema.name);
      return this.#writeFile(waiting, readers[slot] as BatchReader);
    });
  }

  async #writeFile({ schema, kind, batches }: WaitingTable, reader: BatchReader): Promise<void> {
    const extension = extensionOf(kind);
    const staged = `rows-${this.#files.length + 1}.${extension}`;
    this.#files.push({ table: schema.name, staged, extension });
    const { folder } = this.#options;
    const path = join(folder.path, staged);
    const columns = completeColumns(schema);
    await reader.run({ table: schema.name, columns, batches: taken(batches) }, (rows) => copyStatement(rows, columns, { path, kind }));
    await folder.take(staged);
  }
}

/** Batches that are let go one after another, as DuckDB has them then. */
function* taken(batches: ColumnBatch[]): Generator<ColumnBatch> {
  batches.reverse();
  for (let batch = batches.pop(); batch !== undefined; batch = batches.pop()) yield batch;
}

/** Bytes of memory that a batch takes. Columns share a heap. */
function bytesOf({ columns }: ColumnBatch): number {
  const arrays = new Set(
    columns.flatMap(({ data, validity }) => [validity, ...(data.kind === 'bytes' ? [data.views, data.heap] : [data.values])]),
  );
  return [...arrays].reduce((sum, array) => sum + (array?.byteLength ?? 0), 0);
}

/** Refuses columns that nobody announced, and rows without a value that they must have. */
function checkColumns(batch: ColumnBatch, table: TableSchema): void {
  const given = new Map(batch.columns.map((column) => [column.schema.name, column]));
  for (const { name, nullable } of completeColumns(table)) {
    if (nullable === false && !isFull(given.get(name), batch.rowCount)) throw nullNotAllowed(batch.table, name);
    given.delete(name);
  }
  const [unknown] = given.keys();
  if (unknown !== undefined) throw unannounced(`Column ${batch.table}.${unknown}`);
}

/** True when a column has a value in every row. */
function isFull(column: Column | undefined, rows: number): boolean {
  const validity = column?.validity;
  if (validity === undefined) return column !== undefined || rows === 0;
  for (let row = 0; row < rows; row += 1) if (((validity[row >> 3] as number) & (1 << (row & 7))) === 0) return false;
  return true;
}

/** The error for rows whose table or column nobody announced. */
export function unannounced(what: string): DestinationError {
  return new DestinationError('schema_change_missing', `${what} has rows, but the destination was not told of it.`, {
    hint: 'Report this: a batch was written before the schema change that it needs.',
  });
}
