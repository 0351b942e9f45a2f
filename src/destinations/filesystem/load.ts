import { createHash } from 'node:crypto';
import type { ColumnBatch } from '../../core/column-batch.ts';
import type { FinalLoad, LoadInfo, LoadTransaction } from '../../core/destination.ts';
import { ConfigError, DestinationError } from '../../core/errors.ts';
import type { Schema, SchemaChange, TableSchema } from '../../core/schema.ts';
import { LoadSteps } from '../sql/load-steps.ts';
import { chainNames, completeColumns, rootOf } from '../sql/table-chain.ts';
import { type CommitFiles, commitFiles, type SystemFile } from './commit-files.ts';
import { commitPlan, type PlacedFile } from './commit-plan.ts';
import type { FileKind } from './file-format.ts';
import type { FileStore, RowFolder } from './file-store.ts';
import type { Layout } from './layout.ts';
import { committedLoads } from './restore.ts';
import { type StagedFile, StagedRows, unannounced } from './staged-rows.ts';
import { clearStaging, hiddenFiles, openStaging, type StagingFolder } from './staging-folder.ts';
import { TableKinds } from './table-kinds.ts';

/** What a load is begun with. */
export interface FileLoadOptions {
  /** The dataset's files. */
  readonly store: FileStore;
  readonly load: LoadInfo;
  readonly layout: Layout;
  /** What was asked for; `undefined` to go on as the files of each table are. */
  readonly kind: FileKind | undefined;
  /** The version of dlt's file layout that the dataset was made with. */
  readonly version: number;
  readonly threads: number;
  readonly mostBytes: number | undefined;
  readonly now: () => Date;
}

/** A load as files that wait in a folder of their own until the commit gives them their places. */
export class FileLoad implements LoadTransaction {
  readonly #options: FileLoadOptions;
  readonly #staging: StagingFolder;
  readonly #folder: RowFolder;
  readonly #rows: StagedRows;
  readonly #kinds: TableKinds;
  readonly #schemas: Record<string, TableSchema>;
  readonly #replaced: Set<string>;
  readonly #steps: LoadSteps;

  private constructor(options: FileLoadOptions, staging: StagingFolder, folder: RowFolder) {
    const { store, load, threads, mostBytes } = options;
    this.#options = options;
    this.#steps = new LoadSteps(load.loadId);
    this.#staging = staging;
    this.#folder = folder;
    this.#rows = new StagedRows({ folder, location: store.location, threads, mostBytes });
    this.#kinds = new TableKinds(options);
    this.#schemas = Object.assign(Object.create(null), load.schema.tables) as Record<string, TableSchema>;
    this.#replaced = new Set(load.replaced);
  }

  /** Makes the folder of the load. */
  static async begin(options: FileLoadOptions): Promise<FileLoad> {
    const staging = await openStaging(options.store, options.load.loadId);
    try {
      return new FileLoad(options, staging, await options.store.openRows(staging.path));
    } catch (error) {
      await staging.remove();
      throw error;
    }
  }

  migrate(changes: readonly SchemaChange[]): Promise<void> {
    return this.#step(async () => {
      for (const { table } of changes) {
        this.#schemas[table.name] = table;
        refuseMerge(rootOf(this.#schemas, table.name));
        // What the schema says that the load began with may not hold any more.
        if (table.write_disposition === 'replace') this.#replaced.add(table.name);
      }
    });
  }

  write(batch: ColumnBatch): Promise<void> {
    return this.#step(async () => {
      const table = this.#schemas[batch.table];
      const root = rootOf(this.#schemas, batch.table);
      if (table === undefined || root === undefined) throw unannounced(`Table ${batch.table}`);
      refuseMerge(root);
      await this.#rows.write(batch, table, await this.#kinds.kindOf(batch.table, this.#replaced.has(root.name)));
    });
  }

  commit(final: FinalLoad): Promise<void> {
    return this.#step(async () => {
      const { store, load, now } = this.#options;
      if ((await committedLoads(store)).has(load.loadId)) {
        await this.rollback();
        return;
      }
      // Else the rows that are written now would fail, for want of the folder.
      await this.#staging.check();
      await this.#includeEmptied(final.schema);
      const rows = await this.#rows.finish();
      for (const { table } of rows) {
        const owner = rootOf(final.schema.tables, table);
        refuseMerge(owner);
        if (owner?.write_disposition === 'replace') this.#replaced.add(owner.name);
      }
      const replaced = await this.#filesOfReplaced(final.schema);
      const files = await commitFiles(store, final, { load, now: now() });
      const placed = [...this.#places(rows, final.schema), ...(await this.#stage(files))];
      await this.#folder.settled();
      await this.#staging.check();
      const plan = { load: { staged: LOAD_FILE, path: files.load.path }, placed, removed: [...replaced, ...files.outdated] };
      await commitPlan(store, this.#staging.path, plan);
      this.#steps.end();
      await this.#folder.close();
      await this.#staging.remove();
    });
  }

  /** False once it was committed or rolled back. */
  get isOpen(): boolean {
    return this.#steps.isOpen;
  }

  async rollback(): Promise<void> {
    if (!this.#steps.end()) return;
    const { store, load } = this.#options;
    await this.#rows.close();
    await this.#folder.close();
    try {
      // A commit that failed may have placed files, or even all.
      await store.guard(() => clearStaging(store, load.loadId));
      await this.#staging.remove();
    } catch (error) {
      // The load is committed, and the next one deletes what is left.
      if (!(error instanceof DestinationError) || error.code !== 'replaced_files_left') throw error;
    }
  }

  /** A replaced table without rows has a file without any, as in dlt: its readers find no table where there is no file. */
  async #includeEmptied({ tables }: Schema): Promise<void> {
    for (const name of this.#replaced) {
      const table = tables[name];
      if (table !== undefined && completeColumns(table).length > 0) this.#rows.include(table, await this.#kinds.kindOf(name, true));
    }
  }

  /** The files of all tables that lose their rows. */
  async #filesOfReplaced(schema: Schema): Promise<string[]> {
    const { store, layout } = this.#options;
    if (this.#replaced.size === 0) return [];
    const hidden = await hiddenFiles(store);
    const names = new Set([...this.#replaced].flatMap((name) => chainNames(schema.tables, name)));
    const found: string[] = [];
    for (const name of names) for await (const path of store.filesWithPrefix(layout.prefix(schema.name, name))) found.push(path);
    return found.filter((path) => !hidden.has(path));
  }

  /** Names the files with rows: the same every time that the load is done. */
  #places(files: readonly StagedFile[], schema: Schema): PlacedFile[] {
    const { load, layout } = this.#options;
    return files.map(({ table, staged, extension }) => {
      const fileId = createHash('sha256').update(`${load.loadId} ${table} ${staged}`).digest('hex').slice(0, 10);
      const path = layout.path({ schema: schema.name, table, loadId: load.loadId, fileId, extension, time: load.startedAt });
      return { staged, path };
    });
  }

  async #stage({ load, others }: CommitFiles): Promise<PlacedFile[]> {
    const write = async (staged: string, { path, content }: SystemFile): Promise<PlacedFile> => {
      await this.#options.store.stage(`${this.#staging.path}/${staged}`, content);
      return { staged, path };
    };
    await write(LOAD_FILE, load);
    return Promise.all(others.map((file, index) => write(`system-${index + 1}`, file)));
  }

  #step(action: () => Promise<void>): Promise<void> {
    return this.#steps.run(() => this.#options.store.guard(action));
  }
}

const LOAD_FILE = 'load';

function refuseMerge(root: TableSchema | undefined): void {
  if (root?.write_disposition !== 'merge') return;
  throw new ConfigError('merge_unsupported', `Table ${root.name} is merged, and files cannot be: their rows are not changed.`, {
    hint: `Set write_disposition of ${root.resource ?? root.name} to append or replace, or load into duckdb:FILE or postgres://…, which merge.`,
    context: { table: root.name },
  });
}
