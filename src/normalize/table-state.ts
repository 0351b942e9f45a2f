import { TableBuilder } from '../columns/table-builder.ts';
import type { ColumnSchema, TableSchema } from '../core/schema.ts';
import type { ColumnState } from './column-state.ts';
import type { Contract } from './contract.ts';

/** What normalize knows of one table. */
export interface TableState {
  readonly name: string;
  readonly builder: TableBuilder;
  readonly columns: Map<string, ColumnState>;
  /** The stored table, as soon as there is one. */
  schema: TableSchema | undefined;
  /** Settled when the first change comes. */
  contract: Contract | undefined;
  /** Resource whose rows came last, for messages. */
  resource: string;
  /** A contract or filter keeps the table out: its rows and those below are dropped. */
  refused: boolean;
  /** No column has a type yet: the contract lets the columns of the first row come. */
  isNew: boolean;
  /** Rows came, or the table is wanted without any. */
  opened: boolean;
  /** The destination has it. */
  created: boolean;
  /** Columns that came since the destination was told of the table. */
  newColumns: ColumnSchema[];
  /** Rows in batches that were taken. */
  rowsTaken: number;
}

/** A table without columns. */
export function newTableState(name: string, schema: TableSchema | undefined): TableState {
  return {
    name,
    builder: new TableBuilder(name),
    columns: new Map(),
    schema,
    contract: undefined,
    resource: '',
    refused: false,
    isNew: true,
    opened: false,
    created: schema?.['x-normalizer']?.['seen-data'] === true,
    newColumns: [],
    rowsTaken: 0,
  };
}
