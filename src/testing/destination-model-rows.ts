import type { ColumnSchema, TableSchema } from '../core/schema.ts';
import { type BatchRow, type CellValue, ROOT } from './batch-of.ts';
import { hasKeyIds, type Item, keyText, type Kept, type Way } from './destination-model.ts';
import { columns, nestedTable, ROOT_KEY, rootTable } from './destination-scene.ts';

/** What items have: columns, and lists of other items. */
export interface Shape {
  readonly columns: Readonly<Record<string, Omit<ColumnSchema, 'name'>>>;
  readonly lists?: Readonly<Record<string, Shape>>;
}

/** The columns that scd2 adds. */
const VALIDITY: Shape['columns'] = {
  _dlt_valid_from: { data_type: 'timestamp', 'x-valid-from': true },
  _dlt_valid_to: { data_type: 'timestamp', 'x-valid-to': true, 'x-active-record-timestamp': null },
};

/** A root table for items of a shape and those nested in it, parents first. `before`: as the last load left them. */
export function tablesOf(
  name: string,
  shape: Shape,
  {
    way,
    before,
    hints = {},
  }: { readonly way: Way; readonly before?: Readonly<Record<string, TableSchema>>; readonly hints?: Partial<TableSchema> },
): TableSchema[] {
  const isMerge = way !== 'append' && way !== 'replace';
  const isOwn = Object.values(shape.columns).some((column) => column['x-valid-to']);
  const validity = !isOwn && (way === 'scd2' || before?.[name]?.columns['_dlt_valid_to']) ? VALIDITY : {};
  const root = rootTable(name, columns({ ...validity, ...shape.columns }), {
    write_disposition: isMerge ? 'merge' : way,
    ...(isMerge && { 'x-merge-strategy': way }),
    ...hints,
  });
  const hasVersion = Object.values(root.columns).some((column) => column['x-row-version']);
  if (way === 'scd2' && !hasVersion)
    Object.assign(root.columns['_dlt_id'] as ColumnSchema, { 'x-row-version': true, row_key: false, unique: false });
  // A nested table keeps its root key.
  const knowsRoots = (isMerge && way !== 'scd2') || Object.values(before ?? {}).some((table) => table.columns[ROOT_KEY.name] !== undefined);
  const tables = [root, ...nestedTables(name, shape, knowsRoots)];
  // Nothing that was known is forgotten.
  return tables.map((table) => ({ ...table, columns: { ...table.columns, ...missing(before?.[table.name], table) } }));
}

function missing(before: TableSchema | undefined, { columns: now }: TableSchema): Record<string, ColumnSchema> {
  return Object.fromEntries(Object.entries(before?.columns ?? {}).filter(([name]) => now[name] === undefined));
}

function nestedTables(parent: string, { lists = {} }: Shape, knowsRoots: boolean): TableSchema[] {
  return Object.entries(lists).flatMap(([list, shape]) => {
    const name = `${parent}__${list}`;
    const table = nestedTable(name, parent, columns(shape.columns));
    if (knowsRoots) table.columns[ROOT_KEY.name] = { ...ROOT_KEY };
    return [table, ...nestedTables(name, shape, knowsRoots)];
  });
}

/** Gives items ids as normalize gives them to their rows: by key, by content, or new ones. */
export function withIds(
  items: readonly Item[],
  table: TableSchema,
  { way, loadId }: { readonly way: Way; readonly loadId: string },
): Kept[] {
  const keys = Object.keys(table.columns).filter((name) => table.columns[name]?.primary_key);
  const isHash = way === 'scd2' && table.columns['_dlt_id']?.['x-row-version'] === true;
  return items.map((item, number) => {
    const keyed = hasKeyIds(way) ? `key ${keyText(item, keys)}` : undefined;
    return { id: keyed ?? (isHash ? `hash ${keyText(item)}` : `${loadId}.${number}`), loadId, item };
  });
}

/** The rows of an item, table by table, parents first. `root` numbers it where ids do not. */
export function rowsOfItem(table: string, { id, loadId, item }: Kept, root?: number): (readonly [table: string, row: BatchRow])[] {
  const number = root === undefined ? {} : { [ROOT]: root };
  const nested = (name: string, parent: string, parentItem: Item): (readonly [string, BatchRow])[] =>
    listsOf(parentItem).flatMap(([list, items]) => {
      const own = `${name}__${list}`;
      return items.flatMap((each, i) => {
        const rowId = `${parent}/${list}${i}`;
        const row = { ...valuesOf(each), _dlt_root_id: id, _dlt_parent_id: parent, _dlt_list_idx: i, _dlt_id: rowId, ...number };
        return [[own, row] as const, ...nested(own, rowId, each)];
      });
    });
  return [[table, { ...valuesOf(item), _dlt_load_id: loadId, _dlt_id: id, ...number }], ...nested(table, id, item)];
}

function listsOf(item: Item): [string, readonly Item[]][] {
  return Object.entries(item).filter((entry): entry is [string, readonly Item[]] => Array.isArray(entry[1]));
}

function valuesOf(item: Item): Record<string, CellValue> {
  return Object.fromEntries(Object.entries(item).filter((entry): entry is [string, CellValue] => !Array.isArray(entry[1])));
}

/** The rows that items are stored in, as texts, by table. Versions of an item share what is nested. */
export function storedRows(table: string, items: readonly Kept[], schemas: Readonly<Record<string, TableSchema>>): Map<string, string[]> {
  const stored = new Map<string, string[]>();
  const seen = new Set<string>();
  for (const kept of items) {
    for (const [name, row] of rowsOfItem(table, kept)) {
      const schema = schemas[name];
      const key = `${name} ${String(row['_dlt_id'])}`;
      if (schema === undefined || (name !== table && seen.has(key))) continue;
      seen.add(key);
      const cells = Object.values(schema.columns).map((column) => [column.name, cellText(row[column.name] ?? null, column)] as const);
      stored.set(name, [...(stored.get(name) ?? []), rowText(Object.fromEntries(cells))]);
    }
  }
  for (const rows of stored.values()) rows.sort();
  return stored;
}

/** A row as a text that says which columns have a value. */
export function rowText(row: Readonly<Record<string, string | null>>): string {
  const cells = Object.entries(row).filter(([, value]) => value !== null);
  return cells
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

function cellText(value: CellValue, { data_type }: ColumnSchema): string | null {
  if (value === null || value === undefined) return null;
  return data_type === 'timestamp' ? new Date(Number(value) / 1000).toISOString().replace('Z', '000Z') : String(value);
}
