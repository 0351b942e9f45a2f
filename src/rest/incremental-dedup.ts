import { ResponseError } from '../core/errors.ts';
import { shake } from '../core/hash.ts';
import { isJsonObject, type Json } from '../core/json.ts';
import { canonicalJson } from '../core/print-json.ts';
import { pythonStr } from '../core/python-text.ts';
import type { Row } from '../core/source.ts';
import { callConfigured } from './incremental-function.ts';
import type { DedupKey } from './incremental-options.ts';

/** Bytes of a hash, 12 characters in base64. */
const BYTES = 9;
/** Bytes of a hash before dlt 1.29, 20 characters: honoured until the last value moves. */
const LEGACY_BYTES = 15;
const LEGACY_LENGTH = 20;
/** Rows whose hashes wait until they are asked for: most rows move the last value and need none. */
const MOST_WAITING = 64;

/** The rows whose cursor equals the last value, by the hashes of their keys. */
export interface BoundaryRows {
  /** True when the row was loaded by an earlier run. */
  wasLoaded(row: Row): boolean;
  /** A row at the last value. */
  add(row: Row): void;
  /** The first row at a new last value. */
  restart(row: Row): void;
  /** Hashes of all rows at the last value, sorted. */
  hashes(): string[];
}

/** What boundary rows are recognised by. */
export interface BoundaryOptions {
  /** Hashes of an earlier run. */
  readonly stored: readonly string[];
  /** Hashes of all rows at the last value, when rows of this walk were seen already; the stored ones otherwise. */
  readonly current?: readonly string[] | undefined;
  /** `undefined`: all of the row. */
  readonly key: DedupKey | undefined;
  readonly resource: string;
  readonly cursorPath: string;
}

/** Recognises the rows at the last value. */
export function boundaryRows(options: BoundaryOptions): BoundaryRows {
  const { stored } = options;
  const loaded = new Set(stored);
  const storedBytes = bytesOf(stored);
  const hash = (row: Row, bytes: number) => shake(canonicalJson(keyOf(row, options)), bytes);
  let current = new Set(options.current ?? stored);
  let bytes = bytesOf(options.current ?? stored);
  let waiting: Row[] = [];
  const settle = () => {
    for (const row of waiting) current.add(hash(row, bytes));
    waiting = [];
  };
  return {
    wasLoaded: (row) => loaded.has(hash(row, storedBytes)),
    add(row) {
      waiting.push(row);
      if (waiting.length >= MOST_WAITING) settle();
    },
    restart(row) {
      current = new Set();
      bytes = BYTES;
      waiting = [row];
    },
    hashes() {
      settle();
      return Array.from(current).toSorted();
    },
  };
}

function bytesOf(hashes: readonly string[]): number {
  return hashes.some((hash) => hash.length === LEGACY_LENGTH) ? LEGACY_BYTES : BYTES;
}

/** One value for a single column, a list for a list of columns, as dlt hashes them. */
function keyOf(row: Row, { key, resource, cursorPath }: BoundaryOptions): Json {
  if (key === undefined) return row;
  const columns =
    typeof key === 'function'
      ? callConfigured({ key: 'primary_key', cursorPath }, row, (plain) => key(plain as Parameters<typeof key>[0]))
      : key;
  if (!Array.isArray(columns)) return valueOf(row, pythonStr(columns as Json), resource);
  return columns.map((column: Json) => valueOf(row, pythonStr(column), resource));
}

function valueOf(row: Row, column: string, resource: string): Json {
  if (isJsonObject(row) && Object.hasOwn(row, column)) return row[column] as Json;
  const message = `A row of resource "${resource}" lacks \`${column}\`, by which the incremental recognises rows`;
  throw new ResponseError('incremental_key_missing', message, {
    hint: 'Correct `primary_key` of the incremental, with names as the API sends them, or set it to [].',
    context: { resource, column },
  });
}
