import type { MergeStrategy, TableSchema } from '../core/schema.ts';
import { type BatchRow, ROOT } from './batch-of.ts';
import { columns, nestedTable, ROOT_KEY, rootTable } from './destination-scene.ts';

/** What the root rows hold. */
export const DATA = {
  id: { data_type: 'bigint', nullable: false, primary_key: true },
  v: { data_type: 'text' },
  deleted: { data_type: 'bool' },
} as const;

/** A merged table with lists in lists. */
export function chain(
  strategy: MergeStrategy,
  data: Parameters<typeof columns>[0] = DATA,
  hints: Partial<TableSchema> = {},
): TableSchema[] {
  const root = rootTable('items', columns(data), { write_disposition: 'merge', 'x-merge-strategy': strategy, ...hints });
  const parts = nestedTable('items__parts', 'items', columns({ n: { data_type: 'bigint' } }));
  const bits = nestedTable('items__parts__bits', 'items__parts', columns({ value: { data_type: 'bigint' } }));
  for (const nested of [parts, bits]) nested.columns['_dlt_root_id'] = { ...ROOT_KEY };
  return [root, parts, bits];
}

/** What an item has beside its id. */
interface Item {
  readonly v?: string;
  readonly day?: string;
  readonly seq?: number;
  readonly deleted?: boolean;
  /** A part for each, with these bits. */
  readonly parts?: readonly (readonly number[])[];
  /** The row key; new in every load when it is left out. */
  readonly key?: string;
  /** Its number in the load, where keys repeat. */
  readonly root?: number;
}

/** The rows of an item, of its parts and their bits. */
export function item(
  load: string,
  id: number,
  { parts = [], key = `${load}-${id}`, root, ...data }: Item = {},
): Record<string, BatchRow[]> {
  const partId = (n: number) => `${key}.${n}`;
  const number = root === undefined ? {} : { [ROOT]: root };
  return {
    items: [{ id, ...data, _dlt_load_id: load, _dlt_id: key, ...number }],
    items__parts: parts.map((_, n) => ({ n, ...number, _dlt_root_id: key, _dlt_parent_id: key, _dlt_list_idx: n, _dlt_id: partId(n) })),
    items__parts__bits: parts.flatMap((bits, n) =>
      bits.map((value, i) => ({
        value,
        ...number,
        _dlt_root_id: key,
        _dlt_parent_id: partId(n),
        _dlt_list_idx: i,
        _dlt_id: `${partId(n)}.${i}`,
      })),
    ),
  };
}

/** The rows of several items, by table. */
export function together(...items: readonly Record<string, BatchRow[]>[]): Record<string, BatchRow[]> {
  const tables = ['items', 'items__parts', 'items__parts__bits'];
  return Object.fromEntries(tables.map((table) => [table, items.flatMap((each) => each[table] ?? [])]));
}

/** Cells that tell whose parts are there. */
export const NESTED = ['items__parts', '_dlt_root_id', '_dlt_list_idx'] as const;
/** Cells that tell whose bits are there. */
export const DEEPEST = ['items__parts__bits', '_dlt_parent_id', 'value'] as const;
