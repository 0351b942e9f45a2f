import type { ColumnBuilder } from '../columns/column-builder.ts';
import { columnKind } from '../core/column-batch.ts';
import type { Capabilities } from '../core/destination.ts';
import { ContractError } from '../core/errors.ts';
import type { ColumnSchema, Schema, SchemaChange, TableSchema } from '../core/schema.ts';
import { addTable } from './apply-hints.ts';
import type { ColumnRules } from './column-rules.ts';
import { bindSlots, type ColumnState, newColumnState } from './column-state.ts';
import { isNewTable, resolveContract, tableVerdict } from './contract.ts';
import type { FieldFilter } from './field-filters.ts';
import { mergeColumn } from './merge-table.ts';
import type { Naming } from './names.ts';
import { newTableState, type TableState } from './table-state.ts';

/** What a schema's tables are worked on with. */
export interface TablesOptions {
  readonly schema: Schema;
  readonly naming: Naming;
  readonly rules: ColumnRules;
  readonly isExcluded: FieldFilter;
  readonly capabilities: Pick<Capabilities, 'mergeStrategies'>;
}

/** The tables of one run: what the schema says of them, what is new, and the rows that wait. */
export class Tables {
  readonly schema: Schema;
  readonly naming: Naming;
  readonly rules: ColumnRules;
  readonly states = new Map<string, TableState>();
  private readonly options: TablesOptions;

  constructor(options: TablesOptions) {
    this.options = options;
    this.schema = options.schema;
    this.naming = options.naming;
    this.rules = options.rules;
  }

  /** A table by its stored name, in the schema or not. */
  table(name: string): TableState {
    let state = this.states.get(name);
    if (state === undefined) {
      state = newTableState(name, this.schema.tables[name]);
      state.isNew = isNewTable(state.schema);
      state.refused = this.options.isExcluded(name, '_dlt_id');
      this.states.set(name, state);
    }
    return state;
  }

  /** A column of a table by its stored name, in the schema or not. */
  column(table: TableState, name: string): ColumnState {
    let column = table.columns.get(name);
    if (column === undefined) {
      column = newColumnState(name, table.schema?.columns[name], this.rules.preferredType(name) === 'json');
      if (this.options.isExcluded(table.name, name)) column.filter = 'discard_value';
      table.columns.set(name, column);
    }
    return column;
  }

  /** Called before the first row of a table: adds it to the schema, unless its contract refuses it. */
  open(table: TableState, parent: string | undefined): void {
    table.opened = true;
    // Hints of the table were held against the contract already; a new nested table has its parent's.
    const nested: TableSchema = { name: table.name, columns: {}, ...(parent === undefined ? {} : { parent }) };
    const contract = (table.contract ??= resolveContract(this.schema, table.name, table.schema ?? nested));
    const place = { schema: this.schema.name, table: table.name, resource: table.resource };
    if (table.isNew && tableVerdict(contract, place) !== 'evolve') table.refused = true;
    else table.schema ??= addTable(this.schema, nested, this.options.capabilities);
  }

  /** Gives a column its type, or adds it to the schema. */
  addColumn(table: TableState, column: ColumnState, schema: ColumnSchema): void {
    const { columns } = table.schema as TableSchema;
    mergeColumn(columns, schema);
    column.schema = columns[column.name] as ColumnSchema;
    table.newColumns.push(column.schema);
    this.builderOf(table, column);
  }

  /** Where values of a column that has a type are set. */
  builderOf(table: TableState, column: ColumnState): ColumnBuilder {
    if (column.builder === undefined) {
      column.builder = table.builder.addColumn(column.schema as ColumnSchema);
      bindSlots(column);
    }
    return column.builder;
  }

  /** Brings the states in step with a schema that hints changed. All plans are made anew after this. */
  refresh(): void {
    for (const table of this.states.values()) {
      table.schema = this.schema.tables[table.name];
      table.isNew = isNewTable(table.schema);
      table.contract = undefined;
      for (const column of table.columns.values()) {
        column.schema = table.schema?.columns[column.name];
        if (column.builder && column.schema) this.keepKind(table, column.builder, column.schema);
        column.owned = false;
        column.watched = false;
        column.crowded = false;
        column.slots = [];
      }
    }
  }

  private keepKind(table: TableState, builder: ColumnBuilder, schema: ColumnSchema): void {
    if (builder.kind !== columnKind(schema)) {
      throw new ContractError(
        'column_type_changed',
        `Hints of resource "${table.resource}" change the type of column "${schema.name}" of table "${table.name}" while its rows are loaded.`,
        { hint: 'Let all rows of one run have the same `data_type` for a column.', context: { table: table.name, column: schema.name } },
      );
    }
    builder.schema = schema;
  }

  /** What the destination has to add before it takes the rows that wait; only told once. */
  takeChanges(): SchemaChange[] {
    const changes: SchemaChange[] = [];
    for (const state of this.states.values()) {
      const table = state.schema;
      if (table === undefined) continue;
      if (!state.created) {
        if (!state.opened) continue;
        const columns = Object.values(table.columns).filter((column) => column.data_type);
        if (columns.length === 0) continue;
        state.created = true;
        changes.push({ kind: 'create_table', table, columns });
      } else if (state.newColumns.length > 0) changes.push({ kind: 'add_columns', table, columns: state.newColumns });
      state.newColumns = [];
    }
    return changes;
  }
}
