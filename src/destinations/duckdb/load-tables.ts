import type { ColumnBatch } from '../../core/column-batch.ts';
import type { LoadInfo } from '../../core/destination.ts';
import { DestinationError } from '../../core/errors.ts';
import type { ColumnSchema, Schema, SchemaChange, TableSchema } from '../../core/schema.ts';
import { mergeStatements } from '../sql/merge.ts';
import { insertRows } from '../sql/merge-rows.ts';
import { quoteName as q, quoteText } from '../sql/quote.ts';
import { fillRootKeys } from '../sql/root-keys.ts';
import { scratchTables } from '../sql/scratch-tables.ts';
import { STAGE_ROOT, STAGE_ROW } from '../sql/stage-row.ts';
import { chainNames, completeColumns, rootOf, type ChainTable, type TableChain } from '../sql/table-chain.ts';
import { Catalog, TEMPORARY, type Place } from './catalog.ts';
import { RowMarks } from './row-marks.ts';
import type { Session } from './session.ts';
import { TableWriter } from './table-writer.ts';

/** What the tables of a load are kept with. */
export interface LoadTablesOptions {
  readonly session: Session;
  readonly place: Place;
  readonly catalog: Catalog;
  readonly load: LoadInfo;
  /** The memory that DuckDB gets to write so many columns; `undefined` for all that it takes itself. */
  readonly limitFor: (columns: number) => string | undefined;
}

/** Numbers the staged rows; no batch has it. */
const ROW_NUMBER: ColumnSchema = { name: STAGE_ROW, data_type: 'bigint' };

/** Numbers their root rows. */
const ROOT_NUMBER: ColumnSchema = { name: STAGE_ROOT, data_type: 'bigint' };

/** Subtracted from the numbers of rows that came before those that are numbered from 0. */
const EARLIER = 2 ** 52;

/** The tables that a load writes: where their rows go at first, and what is done with them at the end. */
export class LoadTables {
  readonly #options: LoadTablesOptions;
  /** Temporary tables that rows wait in, under the names of their tables. */
  readonly #stages: Catalog;
  readonly #schemas: Record<string, TableSchema>;
  readonly #writers = new Map<string, TableWriter>();
  readonly #rowsStaged = new Map<string, bigint>();
  readonly #marks: RowMarks;
  /** Tables whose rows from before go. */
  readonly #replaced = new Set<string>();
  /** Tables that rows went to at once. */
  readonly #appended = new Set<string>();
  readonly #withoutRootKeys = new Set<string>();
  readonly #written = new Map<string, number>();
  #limit: string | undefined;

  constructor(options: LoadTablesOptions) {
    this.#options = options;
    this.#stages = new Catalog(options.session, TEMPORARY);
    this.#marks = new RowMarks(options.session, options.catalog, options.load.loadId);
    this.#schemas = Object.assign(Object.create(null), options.load.schema.tables) as Record<string, TableSchema>;
  }

  /** Gives up the rows that a table and those nested in it had before the load. They go when it is applied. */
  async replace(root: string, tables: Readonly<Record<string, TableSchema>> = this.#schemas): Promise<void> {
    for (const name of chainNames(tables, root)) {
      await this.#marks.mark(name);
      this.#replaced.add(name);
    }
  }

  /** Adds a table or columns. */
  async migrate({ table, columns }: SchemaChange): Promise<void> {
    this.#schemas[table.name] = table;
    await this.#ensure(table.name, columns);
  }

  /** Takes the rows of a batch. */
  async write(batch: ColumnBatch): Promise<void> {
    const writer = this.#writers.get(batch.table) ?? (await this.#openWriter(batch.table, batch.roots !== undefined));
    const unknown = batch.columns.find((column) => !writer.takes(column.schema.name));
    if (unknown !== undefined) throw unannounced(`Column ${batch.table}.${unknown.schema.name}`);
    await this.#options.session.guard(() => writer.write(batch), batch.table);
  }

  /** Sends all rows that still wait in an appender. */
  async flush(): Promise<void> {
    for (const name of this.#writers.keys()) await this.#closeWriter(name);
  }

  /** Gives up all rows that still wait. */
  discard(): void {
    for (const writer of this.#writers.values()) writer.discard();
    this.#writers.clear();
  }

  /** Deletes, merges and copies what waited for the end of the load. */
  async apply(schema: Schema): Promise<void> {
    const touched = [...this.#replaced, ...this.#rowsStaged.keys(), ...this.#appended, ...this.#withoutRootKeys];
    const roots = new Set(touched.map((name) => rootOf(schema.tables, name)).filter((root) => root !== undefined));
    let count = 0;
    for (const root of roots) {
      // Only now it is certain: the load may have begun with a schema that says otherwise.
      if (root.write_disposition === 'replace') await this.replace(root.name, schema.tables);
      const chain = await this.#chainOf(schema, root);
      if (chain === undefined) continue;
      count += 1;
      for (const sql of this.#statements(chain, `_syncline_merge_${count}`)) await this.#options.session.run(sql, [], root.name);
    }
  }

  #statements(chain: TableChain, prefix: string): string[] {
    const { startedAt } = this.#options.load;
    const { write_disposition } = chain[0].schema;
    const fillings = chain.filter(({ schema }) => this.#withoutRootKeys.has(schema.name)).map((table) => fillRootKeys(chain, table));
    const { staged, movements } = write_disposition === 'merge' ? this.#moveAppended(chain) : { staged: chain, movements: [] };
    const scratch = scratchTables(prefix);
    scratch.statements.push(...fillings.filter((sql) => sql !== undefined), ...this.#deletionOfReplaced(chain), ...movements);
    const { stage } = staged[0];
    if (write_disposition === 'merge' && stage !== undefined)
      scratch.statements.push(...mergeStatements({ chain: staged, stage, startedAt, prefix }));
    else for (const table of staged) insertRows(table, scratch, []);
    for (const table of staged) if (table.stage !== undefined) scratch.statements.push(`DROP TABLE ${table.stage}`);
    return scratch.statements;
  }

  /** Deletes the rows that were given up, children first. */
  #deletionOfReplaced(chain: TableChain): string[] {
    const replaced = chain.toReversed().filter((table) => this.#replaced.has(table.schema.name));
    const conditions = replaced.map((table) => [table, this.#marks.before(chain, table)] as const);
    return conditions.filter(([, before]) => before !== undefined).map(([table, before]) => `DELETE FROM ${table.target} WHERE ${before}`);
  }

  /** Rows that were appended before the schema told that their table is merged wait with the others after all. */
  #moveAppended(chain: TableChain): { readonly staged: TableChain; readonly movements: readonly string[] } {
    const moved = chain.filter(({ schema }) => this.#appended.has(schema.name));
    const stageOf = (table: ChainTable) => table.stage ?? this.#stages.qualified(table.schema.name);
    const copies = moved.map((table) => {
      const columns = completeColumns(table.schema).map((column) => q(column.name));
      const rows = `SELECT row_number() OVER () - ${EARLIER} AS ${q(STAGE_ROW)}, ${columns.join(', ')} FROM ${table.target} WHERE ${this.#marks.added(chain, table)}`;
      return table.stage === undefined
        ? `CREATE TEMPORARY TABLE ${stageOf(table)} AS ${rows}`
        : `INSERT INTO ${table.stage} BY NAME ${rows}`;
    });
    const deletions = moved.toReversed().map((table) => `DELETE FROM ${table.target} WHERE ${this.#marks.added(chain, table)}`);
    const [root, ...nested] = chain.map((table) => (moved.includes(table) ? { ...table, stage: stageOf(table) } : table)) as [
      ChainTable,
      ...ChainTable[],
    ];
    return { staged: [root, ...nested], movements: [...copies, ...deletions] };
  }

  /** The tables of a chain that are in the database, complete; `undefined` when the root is not. */
  async #chainOf(schema: Schema, root: TableSchema): Promise<TableChain | undefined> {
    const { catalog } = this.#options;
    const chain: ChainTable[] = [];
    for (const name of chainNames(schema.tables, root.name)) {
      const table = schema.tables[name];
      if (table === undefined || catalog.find(name) === undefined) continue;
      await this.#ensure(name, completeColumns(table));
      const isStaged = this.#rowsStaged.has(name);
      const stage = isStaged ? this.#stages.qualified(name) : undefined;
      chain.push({ schema: table, target: catalog.qualified(name), stage, knowsRoots: this.#stages.has(name, [ROOT_NUMBER]) });
    }
    const [first, ...nested] = chain;
    return first === undefined || first.schema !== root ? undefined : [first, ...nested];
  }

  /** `isMergedByKey`: the ids of the rows are made from keys, whatever the schema says so far. */
  async #openWriter(name: string, isMergedByKey: boolean): Promise<TableWriter> {
    const { session, catalog, place } = this.#options;
    const table = this.#schemas[name];
    const root = rootOf(this.#schemas, name);
    if (table === undefined || root === undefined) throw unannounced(`Table ${name}`);
    const columns = completeColumns(table);
    await this.#ensure(name, columns);
    const isMerged = root.write_disposition === 'merge' || isMergedByKey;
    const isStaged = isMerged || this.#rowsStaged.has(name) || !catalog.holds(name, columns);
    if (isStaged) {
      await this.#stages.ensure(
        name,
        [ROW_NUMBER, ROOT_NUMBER, ...columns].map((column) => ({ ...column, nullable: true })),
      );
      if (!this.#rowsStaged.has(name)) this.#rowsStaged.set(name, 0n);
    } else {
      await this.#marks.mark(name);
      this.#appended.add(name);
    }
    await this.#allowMemory(name, columns.length);
    const stored = isStaged ? this.#stages : catalog;
    const byName = new Map([ROW_NUMBER, ROOT_NUMBER, ...columns].map((column) => [column.name.toLowerCase(), column]));
    const target = {
      connection: session.connection,
      ...(isStaged ? TEMPORARY : place),
      table: name,
      columns: stored.columnNames(name).map((column) => byName.get(column) as ColumnSchema),
      ...(isStaged ? { rowNumber: { column: STAGE_ROW, first: this.#rowsStaged.get(name) ?? 0n } } : {}),
    };
    const writer = await session.guard(() => TableWriter.open(target), name);
    this.#writers.set(name, writer);
    return writer;
  }

  /** Wide tables need more memory: every column has blocks of its own. */
  async #allowMemory(name: string, columns: number): Promise<void> {
    this.#written.set(name, columns);
    const limit = this.#options.limitFor([...this.#written.values()].reduce((sum, count) => sum + count, 0));
    if (limit === this.#limit) return;
    this.#limit = limit;
    await this.#options.session.run(limit === undefined ? 'RESET memory_limit' : `SET memory_limit = ${quoteText(limit)}`);
  }

  async #closeWriter(name: string): Promise<void> {
    const writer = this.#writers.get(name);
    if (writer === undefined) return;
    await this.#options.session.guard(async () => writer.close(), name);
    this.#writers.delete(name);
    if (this.#rowsStaged.has(name)) this.#rowsStaged.set(name, writer.nextRow);
  }

  /** Adds what is missing to the table, and to the one that its rows wait in. */
  async #ensure(name: string, columns: readonly ColumnSchema[]): Promise<void> {
    const { catalog } = this.#options;
    const isStaged = this.#rowsStaged.has(name);
    if (catalog.has(name, columns) && (!isStaged || this.#stages.has(name, columns))) return;
    // An appender does not survive that its table is altered.
    await this.#closeWriter(name);
    const added = await catalog.ensure(name, columns);
    if (added.some((column) => column.root_key)) this.#withoutRootKeys.add(name);
    if (isStaged)
      await this.#stages.ensure(
        name,
        columns.map((column) => ({ ...column, nullable: true })),
      );
  }
}

function unannounced(what: string): DestinationError {
  return new DestinationError('schema_change_missing', `${what} has rows, but the destination was not told of it.`, {
    hint: 'Report this: a batch was written before the schema change that it needs.',
  });
}
