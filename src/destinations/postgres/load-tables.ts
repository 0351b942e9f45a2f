import type { Column, ColumnBatch } from '../../core/column-batch.ts';
import type { LoadInfo, ParentCursorChanges } from '../../core/destination.ts';
import { DestinationError } from '../../core/errors.ts';
import type { ColumnSchema, Schema, SchemaChange, TableSchema } from '../../core/schema.ts';
import { CURSORS_TABLE, cursorsTable } from '../../core/system-tables.ts';
import { mergeStatements } from '../sql/merge.ts';
import { insertRows } from '../sql/merge-rows.ts';
import { cursorBatches, type CursorOwner, cursorStatements } from '../sql/parent-cursors.ts';
import { quoteName as q } from '../sql/quote.ts';
import { fillRootKeys } from '../sql/root-keys.ts';
import { rowsOfLoad } from '../sql/rows-of-load.ts';
import { scratchTables } from '../sql/scratch-tables.ts';
import { STAGE_ROOT, STAGE_ROW } from '../sql/stage-row.ts';
import { chainNames, columnsWith, completeColumns, rootOf, type ChainTable, type TableChain } from '../sql/table-chain.ts';
import type { Field } from './binary-fields.ts';
import type { Catalog } from './catalog.ts';
import { valueOutOfRange } from './failure.ts';
import { rowNumbers } from './row-numbers.ts';
import { RowSender } from './row-sender.ts';
import type { Session } from './session.ts';
import { Stages } from './stages.ts';
import { wireType } from './wire-type.ts';

/** What the tables of a load are kept with. */
export interface LoadTablesOptions {
  readonly session: Session;
  readonly catalog: Catalog;
  readonly load: LoadInfo;
}

/** Subtracted from the numbers of rows that came before those that are numbered from 0. */
const EARLIER = 2 ** 52;

/** The tables that a load writes: where their rows go at first, and what is done with them at the end. */
export class LoadTables {
  readonly #options: LoadTablesOptions;
  readonly #sender: RowSender;
  readonly #stages: Stages;
  readonly #schemas: Record<string, TableSchema>;
  /** Tables that the load was told of: they get their columns at the end, if not before. */
  readonly #announced = new Set<string>();
  /** Tables whose rows from before are gone. */
  readonly #replaced = new Set<string>();
  /** Tables that rows went to at once. */
  readonly #appended = new Set<string>();
  readonly #withoutRootKeys = new Set<string>();

  constructor(options: LoadTablesOptions) {
    this.#options = options;
    this.#sender = new RowSender(options.session);
    this.#stages = new Stages(options.session, () => this.flush());
    this.#schemas = Object.assign(Object.create(null), options.load.schema.tables) as Record<string, TableSchema>;
  }

  /** Deletes the rows that a table and those nested in it have had so far. Others see them until the commit. */
  async replace(root: string, tables: Readonly<Record<string, TableSchema>> = this.#schemas): Promise<void> {
    const { session, catalog, load } = this.#options;
    const [first, ...nested] = chainNames(tables, root).flatMap((name) => this.#chainTable(tables, name) ?? []);
    if (first === undefined) return;
    const chain: TableChain = [first, ...nested];
    for (const table of chain.toReversed()) {
      const { name } = table.schema;
      if (this.#replaced.has(name)) continue;
      this.#replaced.add(name);
      if (catalog.find(name)?.isNew !== false) continue;
      await this.flush();
      const kept = this.#appended.has(name) ? ` WHERE NOT (${rowsOfLoad(chain, table, load.loadId)})` : '';
      await session.run(`DELETE FROM ${table.target}${kept}`, [], name);
    }
  }

  /** Adds a table or columns. What others can see is not altered before the commit: that would lock them out. */
  async migrate({ table, columns }: SchemaChange): Promise<void> {
    this.#schemas[table.name] = table;
    this.#announced.add(table.name);
    await this.#make(table.name, columns);
  }

  /** Takes the rows of a batch. */
  async write(batch: ColumnBatch): Promise<void> {
    const table = this.#schemas[batch.table];
    const root = rootOf(this.#schemas, batch.table);
    if (table === undefined || root === undefined) throw unannounced(`Table ${batch.table}`);
    const columns = completeColumns(table);
    const names = new Set(columns.map((column) => column.name));
    const unknown = batch.columns.find((column) => !names.has(column.schema.name));
    if (unknown !== undefined) throw unannounced(`Column ${batch.table}.${unknown.schema.name}`);
    if (batch.rowCount === 0) return;
    await this.#make(batch.table, columns);
    // The schema that the load began with may be wrong by now.
    if (root.write_disposition === 'replace' && this.#announced.has(root.name)) await this.replace(root.name);
    // Rows whose ids are made from keys are merged, whatever the schema says so far.
    const isMerged = batch.roots !== undefined || (root.write_disposition === 'merge' && !this.#isFresh(root));
    const isStaged = isMerged || this.#stages.find(batch.table) !== undefined;
    const direct = isStaged ? undefined : fieldsOf(batch.columns, this.#options.catalog.find(batch.table)?.columns);
    if (direct === undefined) await this.#stage(batch, columns);
    else {
      await this.#copy(batch, this.#options.catalog.qualified(batch.table), direct);
      this.#appended.add(batch.table);
    }
  }

  /** Resolves when the server has all rows. */
  flush(): Promise<void> {
    return this.#sender.settled();
  }

  /** Alters, merges and moves what waited for the end of the load. */
  async apply(schema: Schema): Promise<void> {
    await this.flush();
    for (const name of this.#announced) await this.#ensure(name, completeColumns(this.#schemas[name] as TableSchema));
    const touched = Object.keys(this.#schemas).filter(
      (name) => this.#stages.find(name) !== undefined || this.#appended.has(name) || this.#withoutRootKeys.has(name),
    );
    const roots = new Set(touched.map((name) => rootOf(schema.tables, name)).filter((root) => root !== undefined));
    const chains: TableChain[] = [];
    for (const root of roots) {
      if (root.write_disposition === 'replace') await this.replace(root.name, schema.tables);
      const chain = await this.#chainOf(schema, root);
      if (chain !== undefined) chains.push(chain);
    }
    await this.#stages.analyze();
    for (const [index, chain] of chains.entries()) {
      const { name, write_disposition } = chain[0].schema;
      if (write_disposition === 'merge' && (await this.#isMerged(chain))) continue;
      for (const sql of this.#statements(chain, `_syncline_merge_${index + 1}`)) await this.#options.session.run(sql, [], name);
    }
  }

  /** Makes changes in `_syncline_cursors`, which is there. */
  async applyCursors(changes: ParentCursorChanges, owner: CursorOwner): Promise<void> {
    const columns = completeColumns(cursorsTable());
    for (const batch of cursorBatches(changes.put, owner)) await this.#stage(batch, columns);
    await this.flush();
    const tables = { target: this.#options.catalog.qualified(CURSORS_TABLE), stage: this.#stages.find(CURSORS_TABLE)?.target };
    for (const sql of cursorStatements(changes, owner, tables)) await this.#options.session.run(sql, [], CURSORS_TABLE);
  }

  /** The rows of the first load of a table that is merged by its keys need not wait: they meet no others, unless they are marked. */
  #isFresh(root: TableSchema): boolean {
    const isByKeys = (root['x-merge-strategy'] ?? 'delete-insert') === 'delete-insert';
    const isConditional = root['x-merge-source-filter'] || root['x-merge-destination-scope'];
    return (
      isByKeys && !isConditional && columnsWith(root, 'hard_delete').length === 0 && this.#options.catalog.find(root.name)?.isNew === true
    );
  }

  /** True when a fresh table has all of its rows already, and no two of them have one key. */
  async #isMerged([root, ...nested]: TableChain): Promise<boolean> {
    if (!this.#isFresh(root.schema) || [root, ...nested].some(({ schema }) => this.#stages.find(schema.name)?.rows)) return false;
    const keys = columnsWith(root.schema, 'primary_key').map(q);
    if (keys.length === 0 || root.schema['x-stage-data-deduplicated']) return true;
    const twice = `SELECT 1 FROM ${root.target} GROUP BY ${keys.join(', ')} HAVING count(*) > 1 LIMIT 1`;
    return (await this.#options.session.rows(twice)).length === 0;
  }

  #statements(chain: TableChain, prefix: string): string[] {
    const { startedAt } = this.#options.load;
    const { stage } = chain[0];
    const fillings = chain.filter(({ schema }) => this.#withoutRootKeys.has(schema.name)).map((table) => fillRootKeys(chain, table));
    const scratch = scratchTables(prefix);
    scratch.statements.push(...fillings.filter((sql) => sql !== undefined));
    const isMerged = chain[0].schema.write_disposition === 'merge';
    if (isMerged) scratch.statements.push(...this.#movements(chain));
    if (isMerged && stage !== undefined) scratch.statements.push(...mergeStatements({ chain, stage, startedAt, prefix }));
    else for (const table of chain) insertRows(table, scratch, []);
    return scratch.statements;
  }

  /** Rows that were appended before the schema told that their table is merged wait with the others after all. */
  #movements(chain: TableChain): string[] {
    const { load, catalog } = this.#options;
    const mine = (table: ChainTable) => (catalog.find(table.schema.name)?.isNew ? 'TRUE' : rowsOfLoad(chain, table, load.loadId));
    const moved = chain.filter(({ schema }) => this.#appended.has(schema.name));
    const copies = moved.map((table) => {
      const columns = completeColumns(table.schema).map((column) => q(column.name));
      const numbers = `row_number() OVER (ORDER BY ctid) - ${EARLIER}`;
      const from = `FROM ${table.target} WHERE ${mine(table)}`;
      return `INSERT INTO ${table.stage} (${[q(STAGE_ROW), ...columns].join(', ')}) SELECT ${[numbers, ...columns].join(', ')} ${from}`;
    });
    const deletions = moved.toReversed().map((table) => `DELETE FROM ${table.target} WHERE ${mine(table)}`);
    return [...copies, ...deletions];
  }

  /** The tables of a chain that are in the database, complete; `undefined` when the root is not. */
  async #chainOf(schema: Schema, root: TableSchema): Promise<TableChain | undefined> {
    const chain: ChainTable[] = [];
    for (const name of chainNames(schema.tables, root.name)) {
      const table = schema.tables[name];
      if (table === undefined || this.#options.catalog.find(name) === undefined) continue;
      const columns = completeColumns(table);
      await this.#ensure(name, columns);
      const waits = this.#stages.find(name) !== undefined || (root.write_disposition === 'merge' && this.#appended.has(name));
      if (waits) await this.#stages.ensure(name, columns);
      chain.push(this.#chainTable(schema.tables, name) as ChainTable);
    }
    const [first, ...nested] = chain;
    return first === undefined || first.schema !== root ? undefined : [first, ...nested];
  }

  #chainTable(tables: Readonly<Record<string, TableSchema>>, name: string): ChainTable | undefined {
    const schema = tables[name];
    const stage = this.#stages.find(name)?.target;
    return schema && { schema, target: this.#options.catalog.qualified(name), stage, knowsRoots: stage !== undefined };
  }

  async #stage(batch: ColumnBatch, columns: readonly ColumnSchema[]): Promise<void> {
    const stage = await this.#stages.ensure(batch.table, columns);
    const numbers = [rowNumbers(STAGE_ROW, stage.rows, batch.rowCount), ...(batch.roots === undefined ? [] : [rootNumbers(batch.roots)])];
    const fields = fieldsOf([...numbers, ...batch.columns], stage.columns);
    if (fields === undefined) throw unannounced(`A column of ${batch.table}`);
    await this.#copy(batch, stage.target, fields);
    stage.rows += batch.rowCount;
  }

  async #copy({ table, rowCount }: ColumnBatch, target: string, fields: readonly Field[]): Promise<void> {
    const names = fields.map(({ column }) => q(column.schema.name)).join(', ');
    const refuse = (column: string) => valueOutOfRange(table, column);
    await this.#sender.send({ sql: `COPY ${target} (${names}) FROM STDIN (FORMAT binary)`, table }, { fields, rowCount, refuse });
  }

  /** Makes a table, or adds columns to one that nobody else can see yet. */
  async #make(name: string, columns: readonly ColumnSchema[]): Promise<void> {
    if (this.#options.catalog.find(name)?.isNew !== false) await this.#ensure(name, columns);
  }

  async #ensure(name: string, columns: readonly ColumnSchema[]): Promise<void> {
    const { catalog } = this.#options;
    if (catalog.find(name) !== undefined && catalog.missing(name, columns).length === 0) return;
    await this.flush();
    const added = await catalog.ensure(name, columns);
    if (added.some((column) => column.root_key)) this.#withoutRootKeys.add(name);
  }
}

/** How columns are sent; `undefined` when the table lacks one, or has it in a type that they cannot be sent in. */
function fieldsOf(columns: readonly Column[], stored: ReadonlyMap<string, string> | undefined): Field[] | undefined {
  const fields: Field[] = [];
  for (const column of columns) {
    const type = stored?.get(column.schema.name);
    const wire = type === undefined ? undefined : wireType(column.schema, type);
    if (wire === undefined) return undefined;
    fields.push({ column, wire });
  }
  return fields;
}

function rootNumbers(roots: Column): Column {
  return { ...roots, schema: { name: STAGE_ROOT, data_type: 'bigint' } };
}

function unannounced(what: string): DestinationError {
  return new DestinationError('schema_change_missing', `${what} has rows, but the destination was not told of it.`, {
    hint: 'Report this: a batch was written before the schema change that it needs.',
  });
}
