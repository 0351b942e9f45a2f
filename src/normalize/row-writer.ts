import type { ColumnBuilder } from '../columns/column-builder.ts';
import type { TextHeap } from '../columns/text-heap.ts';
import { isJsonObject, type Json } from '../core/json.ts';
import type { DataType } from '../core/schema.ts';
import type { Row } from '../core/source.ts';
import type { ColumnState } from './column-state.ts';
import { Flattener } from './flattener.ts';
import { type Inherited, ListQueue, NOTHING, type WaitingList } from './list-queue.ts';
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

/** Where a nested row hangs. The ids lie in the heap of its table already. */
interface Link {
  readonly position: number;
  readonly parentOffset: number;
  readonly parentLength: number;
  readonly rootOffset: number;
  readonly rootLength: number;
  readonly rootRow: number;
  /** The parent's id, when the row's is a hash of it. */
  readonly parentId: string | undefined;
  readonly inherited: readonly Inherited[];
}

const ROOT: Link = {
  position: 0,
  parentOffset: 0,
  parentLength: 0,
  rootOffset: 0,
  rootLength: 0,
  rootRow: 0,
  parentId: undefined,
  inherited: NOTHING,
};

/** Makes rows of records: a root row, then the rows of its lists, level by level, with the ids that link them. */
export class RowWriter {
  private readonly tables: Tables;
  private readonly planner: Planner;
  private readonly ids: RandomIds;
  private readonly loadId: string;
  private readonly values: ValueWriter;
  private readonly queue = new ListQueue();
  private readonly flattener: Flattener;

  constructor({ tables, planner, ids, loadId }: RowWriterOptions) {
    this.tables = tables;
    this.planner = planner;
    this.ids = ids;
    this.loadId = loadId;
    this.values = new ValueWriter(tables);
    this.flattener = new Flattener(planner, this.values, this.queue);
  }

  /** Adds one record. */
  add(plan: RowPlan, record: Row): void {
    if (!this.isOpen(plan.table, undefined)) return;
    this.addRow(plan, record, 0, ROOT);
    for (let at = 0; at < this.queue.length; at += 1) this.addList(this.queue.entries[at] as WaitingList);
    this.queue.length = 0;
  }

  /** Gives a table the columns that all its rows have, so that it can be made without any row. */
  addOwnColumns(plan: RowPlan): void {
    if (!this.isOpen(plan.table, undefined)) return;
    this.systemColumn(plan.table, plan.id, 'text');
    if (plan.loadId !== undefined) this.systemColumn(plan.table, plan.loadId, 'text');
  }

  /** Lets go of the records that were added. */
  release(): void {
    this.queue.release();
    this.flattener.release();
  }

  private addList(list: WaitingList): void {
    const { owner, rows } = list.plan;
    const { table } = rows;
    const { heap } = table.builder;
    const { items, hashed, inherited, rootRow } = list;
    if (items.length === 0 || !this.isOpen(table, owner.table)) return;
    const parent = owner.id.builder as ColumnBuilder;
    const parentLength = parent.lengthOf(list.row);
    const parentOffset = appendId(heap, owner.table, parent.offsetOf(list.row), parentLength);
    const parentId = hashed && !rows.isRoot ? heap.bytes.toString('utf8', parentOffset, parentOffset + parentLength) : undefined;
    let rootLength = parentLength;
    let rootOffset = parentOffset;
    if (rows.inherits !== undefined && rows.inherits !== owner) {
      const root = rows.inherits.id.builder as ColumnBuilder;
      rootLength = root.lengthOf(rootRow);
      rootOffset = appendId(heap, rows.inherits.table, root.offsetOf(rootRow), rootLength);
    }
    const link = { position: 0, parentOffset, parentLength, rootOffset, rootLength, rootRow, parentId, inherited };
    for (let position = 0; position < items.length; position += 1) {
      link.position = position;
      this.addRow(rows, items[position] as Json, list.offset + position, link);
    }
  }

  /** Adds a row: what it holds, its id, its links. `hashPosition` is what a hashed id is made from. */
  private addRow(rows: RowPlan, record: Json, hashPosition: number, link: Link): void {
    const isList = Array.isArray(record) && link !== ROOT;
    const plan = isList ? this.planner.nestedList(rows) : rows;
    const { table } = plan;
    const first = this.queue.length;
    this.flattener.serial += 1;
    this.values.rowDropped = false;
    if (isJsonObject(record) && !(record instanceof Date)) this.flattener.addObject(plan.object, record);
    else this.flattener.addValue(plan.object, isList ? 'list' : 'value', record ?? null);
    if (this.values.rowDropped) {
      table.builder.cancelRow();
      this.queue.length = first;
      return;
    }
    if (link.inherited.length > 0) this.setInherited(plan, link.inherited);
    const given = this.givenId(plan);
    if (given === undefined) this.setId(plan, record, hashPosition, link);
    else this.setGiven(plan, given);
    if (plan.loadId !== undefined) this.systemColumn(table, plan.loadId, 'text').constant = this.loadId;
    if (plan.rootId !== undefined)
      this.systemColumn(table, plan.rootId, 'text').setView(table.builder.rows, link.rootOffset, link.rootLength);
    if (this.queue.length > first) {
      this.queue.complete(first, {
        row: table.builder.rows,
        rootRow: plan.bequeaths === plan ? table.builder.rows : link.rootRow,
        hashed: plan.hashesChildren || given !== undefined || link.parentId !== undefined,
        inherited: plan.propagated.length === 0 ? link.inherited : this.bequest(plan, link.inherited),
      });
    }
    table.isNew = false;
    table.builder.endRow();
  }

  private setId(plan: RowPlan, record: Json, hashPosition: number, link: Link): void {
    const { table } = plan;
    const row = table.builder.rows;
    const id = plan.id.builder ?? this.systemColumn(table, plan.id, 'text');
    if (plan.rowId === 'key_hash') id.setText(row, primaryKeyHash(plan, this.flattener.serial));
    else if (plan.rowId === 'row_hash') id.setText(row, rowHash(isJsonObject(record) ? record : { value: record }));
    else if (link.parentId !== undefined) id.setText(row, childHash(link.parentId, table.name, hashPosition));
    else {
      const { heap } = table.builder;
      id.setView(row, heap.length, ROW_ID_LENGTH);
      this.ids.appendTo(heap);
    }
    if (plan.parentId === undefined || plan.index === undefined) return;
    const parentId = plan.parentId.builder ?? this.systemColumn(table, plan.parentId, 'text');
    parentId.setView(row, link.parentOffset, link.parentLength);
    const index = plan.index.builder ?? this.systemColumn(table, plan.index, 'bigint');
    index.setInteger(row, link.position);
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

  private setInherited({ table }: RowPlan, inherited: readonly Inherited[]): void {
    for (const { to, value } of inherited) {
      const column = this.tables.column(table, to);
      column.builder?.unset(table.builder.rows);
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
