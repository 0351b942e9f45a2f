import { parseJson } from '../../src/core/parse-json.ts';
import { canonicalJson } from '../../src/core/print-json.ts';
import type { TableSchema } from '../../src/core/schema.ts';
import { rootOf } from '../../src/destinations/sql/table-chain.ts';
import type { StoredRow, StoredTable } from './place.ts';

/** What rows are described with. */
export interface RowFacts {
  readonly schema: Readonly<Record<string, TableSchema>>;
  /** In the order of the loads. */
  readonly loadIds: readonly string[];
}

const LINKS = ['_dlt_parent_id', '_dlt_root_id'];
/** Merge strategies under which the ids of rows are hashes of what they hold. */
const HASHED = ['upsert', 'insert-only', 'scd2'];

/**
 * The rows of the data tables as texts, sorted. Loads are counted; rows refer to others by what those
 * hold, unless ids are hashes, which are compared; times of a version are told by their order.
 */
export function rowTexts(stored: readonly StoredTable[], { schema, loadIds }: RowFacts): Map<string, string[]> {
  const data = stored.filter(({ name }) => !/^_(?:dlt|syncline)_/.test(name)).toSorted((a, b) => a.name.length - b.name.length);
  const moments = momentsOf(data, schema);
  /** What a row holds, by its id. */
  const held = new Map<string, string>();
  const texts = new Map<string, string[]>();
  for (const { name, rows } of data) {
    const areHashes = HASHED.includes(rootOf(schema, name)?.['x-merge-strategy'] ?? '');
    const cell = (column: string, value: string | null): string | null => {
      if (value === null) return null;
      if (column === '_dlt_load_id') return `load ${loadIds.indexOf(value) + 1}`;
      if (isMoment(schema[name], column)) return `moment ${moments.indexOf(value) + 1}`;
      if (LINKS.includes(column) && !areHashes) return held.get(value) ?? 'a row that is nowhere';
      return schema[name]?.columns[column]?.data_type === 'json' ? canonicalJson(parseJson(value)) : value;
    };
    const described = rows.map((row) => {
      const cells = Object.entries(row).filter(([column]) => column !== '_dlt_id' || areHashes);
      const shown = cells.map(([column, value]) => [column, cell(column, value)] as const).toSorted(([a], [b]) => (a < b ? -1 : 1));
      const text = JSON.stringify(Object.fromEntries(shown));
      const id = String(row['_dlt_id']);
      if (held.has(id) && !areHashes) return `${text} with the id of another row`;
      held.set(id, `${name} ${text}`);
      return text;
    });
    texts.set(name, described.toSorted());
  }
  return texts;
}

function isMoment(table: TableSchema | undefined, column: string): boolean {
  const hints = table?.columns[column];
  return hints?.['x-valid-from'] === true || hints?.['x-valid-to'] === true;
}

/** The times at which versions of rows began or ended. */
function momentsOf(tables: readonly StoredTable[], schema: RowFacts['schema']): string[] {
  const values = tables.flatMap(({ name, rows }) =>
    rows.flatMap((row: StoredRow) => Object.entries(row).flatMap(([column, value]) => (isMoment(schema[name], column) ? [value] : []))),
  );
  return [...new Set(values.filter((value) => value !== null))].toSorted();
}
