import { join } from 'node:path';
import type { ColumnBatch } from '../../core/column-batch.ts';
import { DestinationError } from '../../core/errors.ts';
import type { ColumnSchema, TableSchema } from '../../core/schema.ts';
import { Catalog } from '../duckdb/catalog.ts';
import { IN_MEMORY, leaseInstance, type InstanceLease } from '../duckdb/instance.ts';
import { Session } from '../duckdb/session.ts';
import { TableWriter } from '../duckdb/table-writer.ts';
import { completeColumns } from '../sql/table-chain.ts';
import { batchBytes } from './batch-bytes.ts';
import { copyStatement } from './copy-statement.ts';
import { extensionOf, type FileKind } from './file-format.ts';
import type { RowFolder } from './file-store.ts';

/** Where the tables of an in-memory database are. */
const PLACE = { catalog: 'memory', schema: 'main' };

/** Rows wait in memory up to this size; then those of the largest table become a file. */
const MOST_BYTES = 64 * 1024 * 1024;

/** What rows are staged with. */
export interface StagedRowsOptions {
  /** Takes the files. */
  readonly folder: RowFolder;
  /** Where the dataset is, for messages. */
  readonly location: string;
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
  readonly catalog: Catalog;
  schema: TableSchema;
  writer?: TableWriter | undefined;
  bytes: number;
}

/** Rows on their way to files: they wait in tables of a DuckDB in memory, which writes them. */
export class StagedRows {
  readonly #options: StagedRowsOptions;
  readonly #tables = new Map<string, WaitingTable>();
  readonly #files: StagedFile[] = [];
  #opening: Promise<{ readonly lease: InstanceLease; readonly session: Session }> | undefined;

  constructor(options: StagedRowsOptions) {
    this.#options = options;
  }

  /** Takes the rows of a batch. `kind` counts when a file is begun. */
  async write(batch: ColumnBatch, table: TableSchema, kind: FileKind): Promise<void> {
    const { session } = await this.#open();
    const waiting = this.#tables.get(batch.table) ?? this.#begin(session, table, kind);
    waiting.schema = table;
    await this.#widen(session, waiting);
    const writer = (waiting.writer ??= await this.#openWriter(session, waiting));
    const unknown = batch.columns.find((column) => !writer.takes(column.schema.name));
    if (unknown !== undefined) throw unannounced(`Column ${batch.table}.${unknown.schema.name}`);
    await session.guard(() => writer.write(batch), batch.table);
    waiting.bytes += batchBytes(batch);
    const sizes = [...this.#tables.values()];
    if (sizes.reduce((sum, { bytes }) => sum + bytes, 0) < (this.#options.mostBytes ?? MOST_BYTES)) return;
    await this.#cut(
      session,
      sizes.reduce((largest, each) => (each.bytes > largest.bytes ? each : largest)),
    );
  }

  /** Writes all rows that still wait. The folder has taken the files then. */
  async finish(): Promise<readonly StagedFile[]> {
    for (const waiting of this.#tables.values()) await this.#cut((await this.#open()).session, waiting);
    await this.close();
    return this.#files;
  }

  /** Gives up what still waits. */
  async close(): Promise<void> {
    const opening = this.#opening;
    this.#opening = undefined;
    if (opening === undefined) return;
    const { lease, session } = await opening;
    await session.close(() => {
      for (const { writer } of this.#tables.values()) writer?.discard();
    });
    this.#tables.clear();
    lease.release();
  }

  #open(): Promise<{ readonly lease: InstanceLease; readonly session: Session }> {
    const { folder, location, threads } = this.#options;
    const open = async () => {
      const lease = await leaseInstance(IN_MEMORY, { threads: String(threads), temp_directory: join(folder.path, 'spilled') });
      return { lease, session: await Session.open(lease.instance, location) };
    };
    return (this.#opening ??= open());
  }

  #begin(session: Session, schema: TableSchema, kind: FileKind): WaitingTable {
    const waiting = { kind, catalog: new Catalog(session, PLACE), schema, bytes: 0 };
    this.#tables.set(schema.name, waiting);
    return waiting;
  }

  /** Gives the table the columns that it lacks. Rows from before go into a file of their own when one of them must not be null. */
  async #widen(session: Session, waiting: WaitingTable): Promise<void> {
    const columns = completeColumns(waiting.schema);
    const { catalog, schema } = waiting;
    if (catalog.has(schema.name, columns)) return;
    await this.#closeWriter(session, waiting);
    const isMissing = (column: ColumnSchema): boolean => !catalog.has(schema.name, [column]);
    if (waiting.bytes > 0 && columns.some((column) => column.nullable === false && isMissing(column))) {
      await this.#cut(session, waiting);
      return this.#widen(session, Object.assign(waiting, this.#begin(session, schema, waiting.kind)));
    }
    await catalog.ensure(schema.name, columns);
  }

  #openWriter(session: Session, { catalog, schema }: WaitingTable): Promise<TableWriter> {
    const byName = new Map(completeColumns(schema).map((column) => [column.name.toLowerCase(), column]));
    const columns = catalog.columnNames(schema.name).map((name) => byName.get(name) as ColumnSchema);
    return session.guard(() => TableWriter.open({ connection: session.connection, ...PLACE, table: schema.name, columns }), schema.name);
  }

  async #closeWriter(session: Session, waiting: WaitingTable): Promise<void> {
    const { writer, schema } = waiting;
    if (writer !== undefined) await session.guard(async () => writer.close(), schema.name);
    waiting.writer = undefined;
  }

  /** Makes a file of the rows that wait. */
  async #cut(session: Session, waiting: WaitingTable): Promise<void> {
    await this.#closeWriter(session, waiting);
    const { schema, kind, catalog } = waiting;
    const extension = extensionOf(kind);
    const staged = `rows-${this.#files.length + 1}.${extension}`;
    const { folder } = this.#options;
    const path = join(folder.path, staged);
    const columns = completeColumns(schema).filter((column) => catalog.has(schema.name, [column]));
    await session.run(copyStatement(catalog.qualified(schema.name), columns, { path, kind }), [], schema.name);
    await session.run(`DROP TABLE ${catalog.qualified(schema.name)}`, [], schema.name);
    await folder.take(staged);
    this.#files.push({ table: schema.name, staged, extension });
    this.#tables.delete(schema.name);
  }
}

/** The error for rows whose table or column nobody announced. */
export function unannounced(what: string): DestinationError {
  return new DestinationError('schema_change_missing', `${what} has rows, but the destination was not told of it.`, {
    hint: 'Report this: a batch was written before the schema change that it needs.',
  });
}
