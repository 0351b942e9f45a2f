import type { ColumnBuilder } from '../columns/column-builder.ts';
import type { TextHeap } from '../columns/text-heap.ts';
import { isJsonObject, type Json } from '../core/json.ts';
import type { DataType } from '../core/schema.ts';
import type { Row } from '../core/source.ts';
import type { ColumnState } from './column-state.ts';
import { Flattener } from './flattener.ts';
import { type Inherited, ListStack, NOTHING, type WaitingList } from './list-stack.ts';
import type { Planner } from './planner.ts';
import { primaryKeyHash } from './primary-key-hash.ts';
import { childHash, type RandomIds, ROW_ID_LENGTH, rowHash } from './row-ids.ts';
import type { RowPlan } from './row-plan.ts';
import type { TableState } from './table-state.ts';
import type { Tables } from './tables.ts';
import { ValueWriter } from './value-writer.ts';

/** What a row writer works with. */
export interface RowWriterOptions {
  readonly tables: Tables;
  readonly planner: Planner;
  readonly ids: RandomIds;
  readonly loadId: string;
}

/** Makes rows of records: a root row, then the rows of its lists and of theirs, with the ids that link them. */
export class RowWriter {
  private readonly tables: Tables;
  private readonly planner: Planner;
  private readonly ids: RandomIds;
  private readonly loadId: string;
  private readonly values: ValueWriter;
  private readonly lists = new ListStack();
  private readonly flattener: Flattener;
  /** The number of the record's root row, where ids of rows are hashes of keys. */
  private rootNumber: number | undefined;

  constructor({ tables, planner, ids, loadId }: RowWriterOptions) {
    this.tables = tables;
    this.planner = planner;
    this.ids = ids;
    this.loadId = loadId;
    this.values = new ValueWriter(tables);
    this.flattener = new Flattener(planner, this.values, this.lists);
  }

  /** Adds one record. */
  add(plan: RowPlan, record: Row): void {
    if (!this.isOpen(plan.table, undefined)) return;
    this.rootNumber = plan.rowId === 'key_hash' ? plan.table.rowsTaken + plan.table.builder.rows : undefined;
    this.addRow(plan, record, undefined);
    while (this.lists.length > 0) {
      const list = this.lists.top();
      if (list.taken === list.items.length || (list.taken === 0 && !this.openList(list))) this.lists.length -= 1;
      else {
        list.taken += 1;
        this.addRow(list.plan.rows, list.items[list.taken - 1] as Json, list);
      }
    }
  }

  /** Gives a table the columns that all its rows have, so that it can be made without any row. */
  addOwnColumns(plan: RowPlan): void {
    if (!this.isOpen(plan.table, undefined)) return;
    this.setLoadId(plan);
    this.systemColumn(plan.table, plan.id, 'text');
  }

  /** Lets go of the records that were added. */
  release(): void {
    this.lists.release();
    this.flattener.release();
  }

  /** Brings the ids that the rows of a list refer to into the heap of their table. False when the table is kept out. */
  private openList(list: WaitingList): boolean {
    const { owner, rows } = list.plan;
    if (!this.isOpen(rows.table, owner.table)) return false;
    const { heap } = rows.table.builder;
    const parent = owner.id.builder as ColumnBuilder;
    list.parentLength = parent.lengthOf(list.row);
    list.parentOffset = appendId(heap, owner.table, parent.offsetOf(list.row), list.parentLength);
    const end = list.parentOffset + list.parentLength;
    list.parentId = list.hashed && !rows.isRoot ? heap.bytes.toString('utf8', list.parentOffset, end) : undefined;
    list.rootLength = list.parentLength;
    list.rootOffset = list.parentOffset;
    if (rows.inherits !== undefined && rows.inherits !== owner) {
      const root = rows.inherits.id.builder as ColumnBuilder;
      list.rootLength = root.lengthOf(list.rootRow);
      list.rootOffset = appendId(heap, rows.inherits.table, root.offsetOf(list.rootRow), list.rootLength);
    }
    return true;
  }

  /** Adds a row, the record or an item of a list: what it holds, its id, its links. */
  private addRow(rows: RowPlan, record: Json, list: WaitingList | undefined): void {
    const isNested = list !== undefined && Array.isArray(record);
    const plan = isNested ? this.planner.nestedList(rows) : rows;
    const { table } = plan;
    const first = this.lists.length;
    this.flattener.serial += 1;
    this.values.rowDropped = false;
    if (isJsonObject(record) && !(record instanceof Date)) this.flattener.addObject(plan.object, record);
    else this.flattener.addValue(plan.object, isNested ? 'list' : 'value', record);
    if (this.values.rowDropped) {
      table.builder.cancelRow();
      this.lists.length = first;
      return;
    }
    const inherited = list?.inherited ?? NOTHING;
    if (plan.inherited.length > 0) this.setInherited(plan, inherited);
    // New tables get these columns in dlt's order, which its hash of a schema covers.
    if (plan.rootId !== undefined && list !== undefined) {
      const rootId = plan.rootId.builder ?? this.systemColumn(table, plan.rootId, 'text');
      rootId.setView(table.builder.rows, list.rootOffset, list.rootLength);
    }
    this.setLoadId(plan);
    const given = this.givenId(plan);
    if (given === undefined) this.setId(plan, record, list);
    else this.setGiven(plan, given);
    if (this.lists.length > first) {
      this.lists.complete(first, {
        row: table.builder.rows,
        rootRow: plan.bequeaths === plan || list === undefined ? table.builder.rows : list.rootRow,
        hashed: plan.hashesChildren || given !== undefined || list?.parentId !== undefined,
        inherited: plan.propagated.length === 0 ? inherited : this.bequest(plan, inherited),
      });
    }
    table.isNew = false;
    table.builder.endRow(this.rootNumber);
  }

  /** All rows of a root table have it: it is set once for all. */
  private setLoadId({ table, loadId }: RowPlan): void {
    if (loadId !== undefined && loadId.builder === undefined) this.systemColumn(table, loadId, 'text').constant = this.loadId;
  }

  private setId(plan: RowPlan, record: Json, list: WaitingList | undefined): void {
    const { table } = plan;
    const row = table.builder.rows;
    if (list !== undefined && plan.parentId !== undefined && plan.index !== undefined) {
      const parentId = plan.parentId.builder ?? this.systemColumn(table, plan.parentId, 'text');
      parentId.setView(row, list.parentOffset, list.parentLength);
      const index = plan.index.builder ?? this.systemColumn(table, plan.index, 'bigint');
      index.setInteger(row, list.taken - 1);
    }
    const id = plan.id.builder ?? this.systemColumn(table, plan.id, 'text');
    if (plan.rowId === 'key_hash') id.setText(row, primaryKeyHash(plan, this.flattener.serial));
    else if (plan.rowId === 'row_hash') id.setText(row, rowHash(isJsonObject(record) ? record : { value: record }));
    else if (list?.parentId !== undefined) id.setText(row, childHash(list.parentId, table.name, list.offset + list.taken - 1));
    else {
      const { heap } = table.builder;
      id.setView(row, heap.length, ROW_ID_LENGTH);
      this.ids.appendTo(heap);
    }
  }

  /** The row id that the data brings, if any. */
  private givenId({ id }: RowPlan): Json | undefined {
    return id.notedIn === this.flattener.serial && id.noted ? id.noted : undefined;
  }

  /** As in dlt, a row that brings its own id gets no links, but keeps those that it brings. */
  private setGiven(plan: RowPlan, given: Json): void {
    this.systemColumn(plan.table, plan.id, 'text');
    this.values.write(plan.table, plan.id, given);
    for (const [column, type] of [
      [plan.parentId, 'text'],
      [plan.index, 'bigint'],
    ] as const) {
      if (column?.notedIn !== this.flattener.serial || column.noted === null) continue;
      this.systemColumn(plan.table, column, type);
      this.values.write(plan.table, column, column.noted);
    }
  }

  /** A value from above counts more than one of the row. */
  private setInherited({ table, inherited: columns }: RowPlan, inherited: readonly Inherited[]): void {
    for (const column of columns) {
      const above = inherited.find(({ to }) => to === column.name);
      const value = above ? above.value : column.notedIn === this.flattener.serial ? column.noted : null;
      if (value !== null) this.values.write(table, column, value);
    }
  }

  /** What nested rows get from this one, besides what it got itself. */
  private bequest(plan: RowPlan, inherited: readonly Inherited[]): readonly Inherited[] {
    const own = plan.propagated.flatMap(({ from, to }): Inherited[] => {
      if (from === plan.id) return [{ to, value: this.idOf(plan) }];
      if (from === plan.loadId) return [{ to, value: this.loadId }];
      return from.notedIn === this.flattener.serial ? [{ to, value: from.noted }] : [];
    });
    return [...inherited.filter(({ to }) => !own.some((value) => value.to === to)), ...own];
  }

  private idOf({ id, table: { builder } }: RowPlan): string {
    const column = id.builder as ColumnBuilder;
    const start = column.offsetOf(builder.rows);
    return builder.heap.bytes.toString('utf8', start, start + column.lengthOf(builder.rows));
  }

  private systemColumn(table: TableState, column: ColumnState, type: DataType): ColumnBuilder {
    if (!column.schema?.data_type) {
      this.tables.addColumn(table, column, { ...this.tables.rules.newColumn(column.name, { data_type: type }), ...column.schema });
    }
    return this.tables.builderOf(table, column);
  }

  private isOpen(table: TableState, parent: TableState | undefined): boolean {
    if (!table.opened && !table.refused) {
      table.resource ||= parent?.resource ?? '';
      this.tables.open(table, parent?.name);
    }
    return !table.refused;
  }
}

function appendId(heap: TextHeap, from: TableState, offset: number, length: number): number {
  const start = heap.length;
  heap.appendRun(from.builder.heap, offset, length);
  return start;
}
