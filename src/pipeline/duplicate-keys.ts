import { isJsonObject, JsonFloat, type Json } from '../core/json.ts';
import { printJson } from '../core/print-json.ts';
import type { Resource, Row } from '../core/source.ts';

/** Keys are remembered in two halves; when one is full, the older one is forgotten. */
const HALF = 10_000;

/**
 * Counts the rows of a walk that came on an earlier page already, by their primary key: a sign that
 * rows moved between pages while they were read. Remembers the last 10,000 to 20,000 keys only, so
 * that memory does not grow (invariant 10): what moves, moves to a page nearby.
 */
export class DuplicateKeys {
  readonly #columns: readonly string[];
  #recent = new Set<string>();
  #older = new Set<string>();

  constructor(columns: readonly string[]) {
    this.#columns = columns;
  }

  /** Rows of the next page that were on earlier ones. */
  count(rows: readonly Row[]): number {
    const keys = new Set<string>();
    for (const row of rows) {
      const key = this.#keyOf(row);
      if (key !== undefined) keys.add(key);
    }
    let count = 0;
    for (const key of keys) if (this.#recent.has(key) || this.#older.has(key)) count += 1;
    for (const key of keys) this.#add(key);
    return count;
  }

  #keyOf(row: Row): string | undefined {
    if (!isJsonObject(row)) return undefined;
    let key = '';
    for (const column of this.#columns) {
      const value = Object.hasOwn(row, column) ? row[column] : undefined;
      if (value === undefined || value === null) return undefined;
      key += textOf(value);
    }
    return key;
  }

  #add(key: string): void {
    if (this.#recent.size >= HALF) {
      this.#older = this.#recent;
      this.#recent = new Set();
    }
    this.#recent.add(key);
  }
}

/** The columns by which rows of a resource are told apart, where that is the same for all rows and needs no path. */
export function keyColumns({ hints }: Resource): readonly string[] | undefined {
  const key = hints.primary_key;
  if (key === undefined || typeof key === 'function') return undefined;
  const columns = typeof key === 'string' ? [key] : key;
  return columns.length > 0 && columns.every((column) => /^\w+$/.test(column)) ? columns : undefined;
}

/** Different for different values, also where several stand in a row. */
function textOf(value: Json): string {
  if (typeof value === 'string') return `s${value.length} ${value}`;
  if (typeof value === 'number' || typeof value === 'bigint') return `n${value} `;
  return value instanceof JsonFloat ? `n${value.value} ` : `j${printJson(value)} `;
}
