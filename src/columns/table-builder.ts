import type { Column, ColumnBatch } from '../core/column-batch.ts';
import type { ColumnSchema } from '../core/schema.ts';
import { ColumnBuilder } from './column-builder.ts';
import { TextHeap } from './text-heap.ts';

/** The rows of one table that wait to become a batch. */
export class TableBuilder {
  readonly table: string;
  readonly heap = new TextHeap();
  readonly columns: ColumnBuilder[] = [];
  /** Complete rows so far: the position of the row that is being set. */
  rows = 0;
  private roots: ColumnBuilder | undefined;

  constructor(table: string) {
    this.table = table;
  }

  /** Adds a column, whose rows so far are null. */
  addColumn(schema: ColumnSchema): ColumnBuilder {
    const column = new ColumnBuilder(schema, this.heap);
    this.columns.push(column);
    return column;
  }

  /** Keeps the row that was set. `root` is the number of its root row, where that is needed. */
  endRow(root?: number): void {
    if (root !== undefined) {
      this.roots ??= new ColumnBuilder({ name: 'root', data_type: 'bigint' }, this.heap);
      this.roots.setInteger(this.rows, root);
    }
    this.rows += 1;
  }

  /** Drops the row that was set. */
  cancelRow(): void {
    for (const column of this.columns) column.cancel(this.rows);
  }

  /**
   * The rows so far as a batch, and an empty builder. The batch is good until the next row is set:
   * its arrays are used again.
   */
  take(): ColumnBatch {
    const rowCount = this.rows;
    // Constants first: they may make the heap grow, and a column refers to the heap as it is.
    for (const builder of this.columns) builder.fillConstant(rowCount);
    const columns: Column[] = [];
    const heap = this.heap.used();
    for (const builder of this.columns) {
      const column = builder.take(rowCount, heap);
      if (column !== undefined) columns.push(column);
    }
    const roots = this.roots?.take(rowCount, heap);
    this.rows = 0;
    this.heap.clear();
    return { table: this.table, rowCount, columns, ...(roots && { roots }) };
  }

  /** As `take`, but the batch stays good for as long as it is held. */
  takeForGood(): ColumnBatch {
    const bytes = this.heap.length;
    const batch = this.take();
    for (const column of this.columns) column.renew(batch.rowCount);
    this.roots?.renew(batch.rowCount);
    this.heap.renew(bytes);
    return batch;
  }
}
