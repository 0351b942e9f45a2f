import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { FileFormat } from '../../src/destinations/filesystem/file-format.ts';
import { filesystem } from '../../src/destinations/filesystem.ts';
import { completeColumns } from '../../src/destinations/sql/table-chain.ts';
import { pipeline } from '../../src/pipeline/pipeline.ts';
import { filesBelow, newestSchema, readFiles, systemRows } from '../dataset-files.ts';
import { queryDuckDb, type StoredRow } from '../duckdb-rows.ts';
import { pagedSource } from '../pipeline/paged-source.ts';

const golden = join(import.meta.dirname, '../golden/filesystem');
const root = mkdtempSync(join(tmpdir(), 'syncline-dlt-files-'));
afterAll(() => rmSync(root, { recursive: true }));

/** What dlt 1.31 loaded in two runs, `settings` with `replace`. */
const runs = JSON.parse(readFileSync(join(golden, 'rows.json'), 'utf8')) as readonly Readonly<
  Record<'items' | 'settings', readonly unknown[]>
>[];

async function load(folder: string, run: (typeof runs)[number], format?: FileFormat): Promise<void> {
  const destination = filesystem(folder, { ...(format && { format }) });
  await using opened = pipeline({ name: 'p', destination, dataset: 'data', workDir: join(root, `work-${Math.random()}`) });
  await opened.run(
    pagedSource([
      { name: 'items', pages: () => [run.items] },
      { name: 'settings', hints: { write_disposition: 'replace' }, pages: () => [run.settings] },
    ]),
  );
}

/** Tables with the number and kind of their files; ids are the same wherever they are. */
function filesOf(folder: string): string[] {
  const dataset = join(folder, 'data');
  const ids = /(?<=[/_])\d{10}\.\d+|\b[0-9a-f]{10}\b|[0-9a-f]{64}/g;
  return filesBelow(dataset)
    .filter((path) => !path.startsWith('_syncline_'))
    .map((path) => path.replace(ids, '#'))
    .toSorted();
}

function filesOfTable(folder: string, table: string): string[] {
  const dataset = join(folder, 'data');
  return filesBelow(dataset)
    .filter((path) => path.startsWith(`${table}/`))
    .map((path) => join(dataset, path));
}

/** Rows without the ids that are random. */
async function rowsOf(folder: string, table: string): Promise<StoredRow[]> {
  const schema = newestSchema(join(folder, 'data'))?.tables[table];
  const columns = schema === undefined ? [] : completeColumns(schema);
  const rows = await queryDuckDb(
    ':memory:',
    `SELECT * EXCLUDE (_dlt_id) REPLACE (${columns.some(({ name }) => name === '_dlt_load_id') ? `'' AS _dlt_load_id` : `'' AS _dlt_parent_id`}) FROM ${readFiles(filesOfTable(folder, table), columns, true)}`,
  );
  return rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

describe.each<FileFormat>(['parquet', 'jsonl', 'csv'])('a dataset of dlt in %s', (format) => {
  const theirs = join(golden, format);
  const tables = ['items', 'items__tags', 'items__owner__roles', 'settings'];

  it('has the files, columns, types and rows that the same runs make here', async () => {
    const ours = join(root, `ours-${format}`);
    for (const run of runs) await load(ours, run, format);
    // dlt's CSV has a file a set of columns.
    const distinct = (files: readonly string[]) => [...new Set(files)];
    expect(distinct(filesOf(ours))).toEqual(distinct(filesOf(theirs)));
    for (const table of tables) {
      expect(await rowsOf(ours, table)).toEqual(await rowsOf(theirs, table));
      expect(await typesIn(ours, table)).toEqual(await typesIn(theirs, table));
    }
    expect(columnsOf(ours)).toEqual(columnsOf(theirs));
  });

  it('is gone on with: in its format, from its schema and state', async () => {
    const copy = join(root, `copy-${format}`);
    cpSync(theirs, copy, { recursive: true });
    await load(copy, { items: [{ id: 5, title: 'ours' }], settings: [] });
    const [extension] = [...new Set(filesOfTable(copy, 'items').map((path) => path.replace(/^.*\.[0-9a-f]{10}\./, '')))];
    const titles = (await rowsOf(copy, 'items')).map((row) => `${String(row['id'])} ${String(row['title'])}`);
    expect(titles).toHaveLength(5);
    expect(titles).toContain('5 ours');
    expect(extension).toBe(format === 'parquet' ? 'parquet' : `${format}.gz`);
    // As in dlt, a table that lost its rows has a file without any.
    expect(filesOfTable(copy, 'settings')).toHaveLength(1);
    expect(await rowsOf(copy, 'settings')).toEqual([]);
    expect(filesOf(copy).filter((path) => path.startsWith('_dlt_version'))).toEqual(
      filesOf(theirs).filter((path) => path.startsWith('_dlt_version')),
    );
  });

  it('has system files with the members of those here', async () => {
    const ours = join(root, `system-${format}`);
    for (const run of runs) await load(ours, run, format);
    for (const table of ['_dlt_loads', '_dlt_version', '_dlt_pipeline_state']) {
      const members = (folder: string) => Object.keys(systemRows(filesOfTable(folder, table)[0] ?? '')[0] ?? {}).toSorted();
      expect(members(ours)).toEqual(members(theirs));
    }
  });
});

function columnsOf(folder: string): Record<string, string[]> {
  const tables = newestSchema(join(folder, 'data'))?.tables ?? {};
  return Object.fromEntries(
    Object.entries(tables).map(([name, table]) => [
      name,
      completeColumns(table)
        .map((column) => column.name)
        .toSorted(),
    ]),
  );
}

/** Columns and types as they stand in the Parquet files of a table, by name. */
function typesIn(folder: string, table: string): Promise<StoredRow[]> {
  const files = filesOfTable(folder, table).filter((path) => path.endsWith('.parquet'));
  if (files.length === 0) return Promise.resolve([]);
  const list = files.map((path) => `'${path}'`).join(', ');
  return queryDuckDb(
    ':memory:',
    `SELECT column_name, column_type FROM (DESCRIBE FROM read_parquet([${list}], union_by_name = true)) ORDER BY 1`,
  );
}
