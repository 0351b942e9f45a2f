import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { ColumnSchema, Schema, TableSchema } from '../src/core/schema.ts';
import { columnType } from '../src/destinations/duckdb/column-type.ts';
import { quoteName as q, quoteText } from '../src/destinations/sql/quote.ts';

/** The paths of all files below a folder, in order. */
export function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted();
}

/** The rows of a system file, in gzip or not. */
export function systemRows(path: string): Readonly<Record<string, string>>[] {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Readonly<Record<string, string>>);
}

/** What the load files of a dataset say. */
function loadRows(dataset: string): Readonly<Record<string, string>>[] {
  const files = filesBelow(dataset).filter((path) => path.startsWith('_dlt_loads/'));
  return files.flatMap((path) => systemRows(join(dataset, path)).slice(0, 1));
}

/** The ids of the loads that have a load file. */
export function loadIds(dataset: string): Set<string> {
  return new Set(loadRows(dataset).map((row) => row['load_id'] ?? ''));
}

/** The newest schema of a dataset that a load has made visible. */
export function newestSchema(dataset: string): Schema | undefined {
  return visibleSchemas(dataset).at(-1);
}

/** A table as the newest schema that has it says. Each source has a schema of its own. */
export function newestTable(dataset: string, name: string): TableSchema | undefined {
  return visibleSchemas(dataset).findLast((schema) => Object.hasOwn(schema.tables, name))?.tables[name];
}

/** The schemas that loads have made visible, the newest last. */
function visibleSchemas(dataset: string): Schema[] {
  const hashes = new Set(loadRows(dataset).map((row) => row['schema_version_hash']));
  const versions = filesBelow(dataset)
    .filter((path) => path.startsWith('_dlt_version/'))
    .map((path) => systemRows(join(dataset, path))[0])
    .filter((row) => row !== undefined)
    .filter((row) => hashes.has(row['version_hash']));
  const inOrder = versions.toSorted((a, b) => ((a['inserted_at'] ?? '') < (b['inserted_at'] ?? '') ? -1 : 1));
  return inOrder.map((row) => JSON.parse(row['schema'] ?? '') as Schema);
}

/**
 * What reads files with rows in DuckDB, the columns in the types that DuckDB has for those of dlt. dlt's
 * CSV cannot tell nulls from empty texts: `quotedNulls` takes both to be null.
 */
export function readFiles(files: readonly string[], columns: readonly ColumnSchema[], quotedNulls = false): string {
  // Names of files are no patterns.
  const list = `[${files.map((file) => quoteText(file.replaceAll(/[*?[]/g, '[$&]'))).join(', ')}]`;
  const types = (as: (column: ColumnSchema) => string) =>
    `{${columns.map((column) => `${q(column.name)}: ${quoteText(as(column))}`).join(', ')}}`;
  const [first = ''] = files;
  const compression = `compression = ${first.endsWith('.gz') ? "'gzip'" : "'uncompressed'"}`;
  if (first.endsWith('.parquet')) {
    const cells = columns.map((column) => `CAST(${q(column.name)} AS ${columnType(column)}) AS ${q(column.name)}`);
    return `(SELECT ${cells.join(', ')} FROM read_parquet(${list}, union_by_name = true))`;
  }
  if (first.includes('.csv')) {
    return `read_csv(${list}, header = true, union_by_name = true, allow_quoted_nulls = ${quotedNulls}, max_line_size = 100000000, ${compression}, delim = ',', quote = '"', escape = '"', types = ${types(columnType)})`;
  }
  const cells = columns.map((column) =>
    column.data_type === 'binary' ? `from_base64(${q(column.name)}) AS ${q(column.name)}` : q(column.name),
  );
  const source = `read_json(${list}, format = 'newline_delimited', maximum_object_size = 100000000, ${compression}, columns = ${types((column) => (column.data_type === 'binary' ? 'VARCHAR' : columnType(column)))})`;
  return `(SELECT ${cells.join(', ')} FROM ${source})`;
}
