import type { MergeStrategy, TableSchema } from '../core/schema.ts';
import type { CellValue } from './batch-of.ts';

/** A record: values, and lists of other records. A list of values has records with one `value`. */
export interface Item {
  readonly [name: string]: CellValue | readonly Item[];
}

/** An item that a table holds or that a load brings, with the id of its row. */
export interface Kept {
  readonly id: string;
  readonly loadId: string;
  readonly item: Item;
}

/** How items meet those that are there. */
export type Way = 'append' | 'replace' | MergeStrategy;

/** What a load says. */
export interface Coming {
  readonly table: TableSchema;
  readonly items: readonly Kept[];
  /** Microseconds since the epoch from which the items of an scd2 table are valid. */
  readonly boundary: bigint;
}

/** The way of a table. */
export function wayOf({ write_disposition, ...table }: TableSchema): Way {
  if (write_disposition === 'merge') return table['x-merge-strategy'] ?? 'delete-insert';
  return write_disposition === 'replace' ? 'replace' : 'append';
}

/** True where the id of a row is made from its primary key. */
export function hasKeyIds(way: Way): boolean {
  return way === 'upsert' || way === 'insert-only' || way === 'cdc';
}

/**
 * What a table must hold after a load, as dlt says it: whole items, so that what is nested follows. The
 * plain words that a destination's SQL is compared with.
 */
export function afterLoad(before: readonly Kept[], coming: Coming): readonly Kept[] {
  const way = wayOf(coming.table);
  // A resource without a row is not merged: what it does not have is not gone.
  return coming.items.length === 0 && way !== 'replace' ? before : WAYS[way](before, coming);
}

const WAYS: Readonly<Record<Way, (before: readonly Kept[], coming: Coming) => readonly Kept[]>> = {
  append: (before, { items }) => [...before, ...items],
  replace: (_, { items }) => items,

  'delete-insert'(before, { table, items }) {
    const [primary, merge] = [named(table, 'primary_key'), named(table, 'merge_key')];
    const stays = (old: Kept) => !items.some((item) => areEqual(primary, item, old) || areEqual(merge, item, old));
    const taken = table['x-stage-data-deduplicated'] ? items : firstOfEach(table, items);
    return [...before.filter(stays), ...taken.filter((item) => !isDeleted(table, item))];
  },

  upsert(before, { table, items }) {
    const primary = named(table, 'primary_key');
    const taken = firstOfEach(table, items);
    const isThere = (item: Kept) => before.some((old) => areEqual(primary, item, old));
    // A marked item that is not there is added, without its lists.
    const added = taken.flatMap((item) => (isDeleted(table, item) ? (isThere(item) ? [] : [withoutLists(item)]) : [item]));
    return [...before.filter((old) => !taken.some((item) => areEqual(primary, item, old))), ...added];
  },

  cdc(before, { table, items }) {
    const [primary, merge] = [named(table, 'primary_key'), named(table, 'merge_key')];
    const isAbsent = (old: Kept) => !items.some((item) => areEqual(primary, item, old)) && isInPart(merge, items, old);
    const taken = firstOfEach(table, items);
    const stays = (old: Kept) => !isAbsent(old) && !taken.some((item) => areEqual(primary, item, old));
    return [...before.filter(stays), ...taken.filter((item) => !isDeleted(table, item))];
  },

  'insert-only'(before, { table, items }) {
    const primary = named(table, 'primary_key');
    const taken = firstOfEach(
      table,
      items.filter((item) => !isDeleted(table, item)),
    );
    // A list that became longer is: its rows have ids of their own, and the new ones are not there.
    const longer = before.map((old) => {
      const same = taken.find((item) => item.id === old.id);
      return same === undefined ? old : { ...old, item: withLongerLists(old.item, same.item) };
    });
    return [...longer, ...taken.filter((item) => !before.some((old) => areEqual(primary, item, old)))];
  },

  scd2(before, { table, items, boundary }) {
    const merge = named(table, 'merge_key');
    const [from = '', to = ''] = [...named(table, 'x-valid-from'), ...named(table, 'x-valid-to')];
    const [version = ''] = named(table, 'x-row-version');
    const forever = table.columns[to]?.['x-active-record-timestamp'];
    const active = forever === undefined || forever === null ? null : BigInt(Date.parse(forever)) * 1000n;
    const versionOf = ({ id, item }: Kept) => (version === '_dlt_id' ? id : (item[version] ?? null));
    const isActive = (old: Kept) => (old.item[to] ?? null) === active;
    const isHere = (all: readonly Kept[], one: Kept) => all.some((other) => versionOf(other) === versionOf(one) && versionOf(one) !== null);
    const retired = before.map((old) =>
      isActive(old) && !isHere(items, old) && isInPart(merge, items, old) ? { ...old, item: { ...old.item, [to]: boundary } } : old,
    );
    const distinct = version === '_dlt_id' ? firstBy(items, versionOf) : items;
    const added = distinct.filter((item) => !isHere(retired.filter(isActive), item));
    return [...retired, ...added.map((kept) => ({ ...kept, item: { ...kept.item, [from]: boundary, [to]: active } }))];
  },
};

/** Values of an item as a text that no other ones have. */
export function keyText(item: Item, names: readonly string[] = Object.keys(item)): string {
  const values = names.map((name) => [name, item[name] ?? null]);
  return JSON.stringify(values, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
}

/** The columns that have a hint. */
function named(table: TableSchema, hint: 'primary_key' | 'merge_key' | 'hard_delete' | `x-${string}`): string[] {
  return Object.values(table.columns).flatMap((column) => (column[hint] ? [column.name] : []));
}

/** Keys are equal when all of their values are there and equal. */
function areEqual(keys: readonly string[], { item: a }: Kept, { item: b }: Kept): boolean {
  return keys.length > 0 && keys.every((key) => (a[key] ?? null) !== null && a[key] === b[key]);
}

/** True when an item belongs to the part of the table that a load is about: by its merge key, else all of it. */
function isInPart(merge: readonly string[], items: readonly Kept[], old: Kept): boolean {
  if (merge.length < 2) return merge.length === 0 || items.some((item) => areEqual(merge, item, old));
  return items.some(({ item }) => merge.every((key) => (item[key] ?? null) === (old.item[key] ?? null)));
}

/** One item a primary key: the one that `dedup_sort` puts first, else the one that came first. */
function firstOfEach(table: TableSchema, items: readonly Kept[]): readonly Kept[] {
  const primary = named(table, 'primary_key');
  if (primary.length === 0) return items;
  const sort = Object.values(table.columns).find((column) => column.dedup_sort !== undefined);
  const sorted =
    sort === undefined ? items : items.toSorted((a, b) => compare(a.item[sort.name], b.item[sort.name], sort.dedup_sort === 'desc'));
  return firstBy(sorted, ({ item }) => keyText(item, primary));
}

function firstBy(items: readonly Kept[], keyOf: (item: Kept) => unknown): readonly Kept[] {
  const seen = new Set<unknown>();
  return items.filter((item) => !seen.has(keyOf(item)) && seen.add(keyOf(item)));
}

/** Null comes last, whichever way. */
function compare(a: Item[string], b: Item[string], isDescending: boolean): number {
  const [left, right] = [a ?? null, b ?? null];
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  if (left === right) return 0;
  return left < right !== isDescending ? -1 : 1;
}

function isDeleted(table: TableSchema, { item }: Kept): boolean {
  return named(table, 'hard_delete').some((name) => {
    const value = item[name] ?? null;
    return table.columns[name]?.data_type === 'bool' ? value === true : value !== null;
  });
}

function withoutLists(kept: Kept): Kept {
  return { ...kept, item: Object.fromEntries(Object.entries(kept.item).filter(([, value]) => !Array.isArray(value))) };
}

function withLongerLists(old: Item, other: Item): Item {
  const lists = Object.entries(other).flatMap(([name, value]) => {
    if (!Array.isArray(value)) return [];
    const before = (old[name] ?? []) as readonly Item[];
    return [
      [name, (value as readonly Item[]).map((item, i) => withLongerLists(before[i] ?? item, item)).concat(before.slice(value.length))],
    ];
  });
  return { ...old, ...(Object.fromEntries(lists) as Item) };
}
