import type { ColumnBatch } from '../core/column-batch.ts';
import type { SchemaChange, TableSchema } from '../core/schema.ts';
import type { TableState } from './table-state.ts';
import type { Tables } from './tables.ts';
import { nullRefused } from './value-writer.ts';

/** Text bytes that make a batch of fewer rows. */
const BATCH_BYTES = 1 << 25;
/** Values that make a batch of fewer rows: a table may have thousands of columns. */
const BATCH_CELLS = 1 << 22;
/** Text bytes that all tables together may hold back. */
const HELD_BYTES = 1 << 26;
/** Batches that a table may hold back within one call of `addRows`. */
const LARGE = 8;
/** Records between two looks at that. */
const LOOK_EVERY = 256;

/** When rows become batches. */
export interface BatchCutterOptions {
  readonly batchRows: number;
  /** Whoever asks for batches holds on to them. */
  readonly keepsBatches: boolean;
  /** Do not check that columns have the values that they must have. */
  readonly allowsNulls: boolean;
}

/** Cuts the rows that wait into batches. */
export class BatchCutter {
  private readonly tables: Tables;
  private readonly options: BatchCutterOptions;
  /** Batches that had to be cut before anybody asked. */
  private cut: ColumnBatch[] = [];
  private records = 0;

  constructor(tables: Tables, options: BatchCutterOptions) {
    this.tables = tables;
    this.options = options;
  }

  /** Takes the batches that are large enough, or all (`force`), with the changes that they need. */
  drain(force: boolean): { changes: SchemaChange[]; batches: ColumnBatch[] } {
    const states = [...this.tables.states.values()];
    const held = states.reduce((sum, { builder }) => sum + builder.heap.length, 0);
    const all = force || held >= HELD_BYTES;
    const ready = states.filter(({ builder }) => builder.rows > 0 && (all || this.isFull(builder.rows, builder)));
    const batches = this.cut;
    this.cut = [];
    for (const state of ready) {
      const batch = this.take(state, this.options.keepsBatches);
      if (batch !== undefined) batches.push(batch);
    }
    return { changes: force || batches.length > 0 ? this.tables.takeChanges() : [], batches };
  }

  /** Called after each record: cuts tables that one page alone makes very large. */
  cutLarge(): void {
    this.records += 1;
    if (this.records % LOOK_EVERY !== 0) return;
    for (const state of this.tables.states.values()) {
      const { builder } = state;
      if (!this.isFull(builder.rows / LARGE, builder)) continue;
      const batch = this.take(state, true);
      if (batch !== undefined) this.cut.push(batch);
    }
  }

  private isFull(rows: number, { heap, columns }: TableState['builder']): boolean {
    return rows >= this.options.batchRows || heap.length >= BATCH_BYTES || rows * columns.length >= BATCH_CELLS;
  }

  private take(state: TableState, forGood: boolean): ColumnBatch | undefined {
    state.rowsTaken += state.builder.rows;
    const batch = forGood ? state.builder.takeForGood() : state.builder.take();
    if (this.isSkipped(state.schema)) return undefined;
    if (!this.options.allowsNulls) checkRequired(state, batch);
    return batch;
  }

  /** dlt's disposition `skip`: the table is there, its rows are not loaded. */
  private isSkipped(table: TableSchema | undefined): boolean {
    let at = table;
    while (at?.parent && !at.write_disposition) at = this.tables.schema.tables[at.parent];
    return at?.write_disposition === 'skip';
  }
}

/** A key may lack a value although no row says null: it is absent, or its value went to a variant column. */
function checkRequired(state: TableState, batch: ColumnBatch): void {
  const filled = new Map(batch.columns.map((column) => [column.schema.name, column]));
  for (const column of Object.values(state.schema?.columns ?? {})) {
    if (column.nullable !== false || !column.data_type) continue;
    const values = filled.get(column.name);
    if (values === undefined || values.validity !== undefined) throw nullRefused(state, column.name);
  }
}
