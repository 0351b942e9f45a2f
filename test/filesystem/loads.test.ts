import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Dataset, LoadInfo } from '../../src/core/destination.ts';
import { bumpVersion, newSchema } from '../../src/core/schema-hash.ts';
import type { TableSchema } from '../../src/core/schema.ts';
import { openDestination } from '../../src/destinations/built-in.ts';
import { filesystem, type FilesystemOptions } from '../../src/destinations/filesystem.ts';
import { batchOf, type BatchRow } from '../../src/testing/index.ts';
import { columns, rootTable } from '../../src/testing/destination-scene.ts';
import { filesBelow } from '../dataset-files.ts';
import { queryDuckDb } from '../duckdb-rows.ts';
import { stateOf } from './file-load.ts';

const root = mkdtempSync(join(tmpdir(), 'syncline-files-'));
afterAll(() => rmSync(root, { recursive: true }));
let count = 0;
const place = (): string => join(root, String((count += 1)));

const items = (hints: Partial<TableSchema> = {}) => rootTable('items', columns({ id: { data_type: 'bigint' } }), hints);
const row = (id: number): BatchRow => ({ id, _dlt_load_id: 'l', _dlt_id: String(id) });

async function load(dataset: Dataset, loadId: string, batches: readonly (readonly BatchRow[])[], table = items()): Promise<void> {
  const info: LoadInfo = { loadId, pipeline: 'p', startedAt: new Date('2026-03-01T00:00:00Z'), schema: newSchema('api'), replaced: [] };
  const transaction = await dataset.begin(info);
  try {
    await transaction.migrate([{ kind: 'create_table', table, columns: Object.values(table.columns) }]);
    for (const rows of batches) await transaction.write(batchOf(table, rows));
    const schema = newSchema('api');
    schema.tables[table.name] = table;
    bumpVersion(schema);
    await transaction.commit({ schema, state: undefined });
  } finally {
    await transaction.rollback();
  }
}

async function loadInto(folder: string, options: FilesystemOptions, loadId = '1.5', table = items()): Promise<string[]> {
  await using dataset = await filesystem(folder, options).open('data');
  await load(dataset, loadId, [[row(1)]], table);
  return filesBelow(join(folder, 'data')).filter((path) => path.includes('items') && !path.startsWith('_'));
}

describe('loads into files', () => {
  it('names files as dlt does', async () => {
    expect(await loadInto(place(), {})).toEqual([expect.stringMatching(/^items\/1\.5\.[0-9a-f]{10}\.parquet$/)]);
    expect(await loadInto(place(), { format: 'jsonl' })).toEqual([expect.stringMatching(/^items\/1\.5\.[0-9a-f]{10}\.jsonl\.gz$/)]);
    expect(await loadInto(place(), { format: 'csv', compression: 'none' })).toEqual([expect.stringMatching(/\.csv$/)]);
    const layout = '{schema_name}/{table_name}/{YYYY}-{MM}/{load_id}.{file_id}.{ext}';
    expect(await loadInto(place(), { layout })).toEqual([expect.stringMatching(/^api\/items\/2026-03\/1\.5\./)]);
  });

  it('compresses Parquet with zstd unless told otherwise', async () => {
    for (const [compression, codec] of [
      [undefined, 'ZSTD'],
      ['gzip', 'GZIP'],
      ['none', 'UNCOMPRESSED'],
    ] as const) {
      const folder = place();
      const [file] = await loadInto(folder, compression === undefined ? {} : { compression });
      const rows = await queryDuckDb(
        ':memory:',
        `SELECT DISTINCT compression FROM parquet_metadata('${join(folder, 'data', file ?? '')}')`,
      );
      expect(rows).toEqual([{ compression: codec }]);
    }
  });

  it('cuts what is large into several files, and loses nothing', async () => {
    const folder = place();
    await using dataset = await filesystem(folder, { fileBytes: 500 }).open('data');
    await load(
      dataset,
      '1.5',
      [[1, 2], [3], [4, 5, 6], [7]].map((ids) => ids.flatMap((id) => Array.from({ length: 10 }, () => row(id)))),
    );
    const files = filesBelow(join(folder, 'data')).filter((path) => path.startsWith('items/'));
    expect(files.length).toBeGreaterThan(2);
    const rows = await queryDuckDb(
      ':memory:',
      `SELECT id::INT AS id, count(*)::INT AS n FROM '${folder}/data/items/*.parquet' GROUP BY id ORDER BY id`,
    );
    expect(rows).toEqual([1, 2, 3, 4, 5, 6, 7].map((id) => ({ id, n: 10 })));
  });

  it('goes on in the format of a table, and mixes none', async () => {
    const folder = place();
    await loadInto(folder, { format: 'csv', compression: 'none' });
    expect(await loadInto(folder, {}, '2.5')).toEqual([
      expect.stringMatching(/^items\/1\.5.*csv$/),
      expect.stringMatching(/^items\/2\.5.*csv$/),
    ]);
    await expect(loadInto(folder, { format: 'parquet' }, '3.5')).rejects.toMatchObject({ code: 'file_format_differs' });
    const replaced = await loadInto(folder, { format: 'parquet' }, '4.5', items({ write_disposition: 'replace' }));
    expect(replaced).toEqual([expect.stringMatching(/^items\/4\.5.*parquet$/)]);
  });

  it('refuses to merge, and says what else there is', async () => {
    const folder = place();
    await expect(loadInto(folder, {}, '1.5', items({ write_disposition: 'merge' }))).rejects.toMatchObject({
      name: 'ConfigError',
      code: 'merge_unsupported',
      hint: expect.stringMatching(/append or replace.*duckdb:FILE/),
    });
    expect(filesBelow(folder)).toEqual(['data/init']);
  });

  it('keeps as many states as dlt does', async () => {
    const folder = place();
    await using dataset = await filesystem(folder).open('data');
    const schema = newSchema('api');
    bumpVersion(schema);
    for (let number = 1; number <= 103; number += 1) {
      const info = { loadId: `${1_700_000_000 + number}.5`, pipeline: 'p', startedAt: new Date(), schema, replaced: [] };
      await (await dataset.begin(info)).commit({ schema, state: stateOf(number) });
    }
    const states = filesBelow(join(folder, 'data')).filter((path) => path.startsWith('_dlt_pipeline_state/'));
    expect(states).toHaveLength(100);
    expect(states[0]).toContain('p__1700000004.5__');
    expect((await dataset.restore('p', 'api'))?.state?._state_version).toBe(103);
  });

  it('finds the newest schema also when the clock went back', async () => {
    const folder = place();
    let now = new Date('2026-03-01T00:00:00Z');
    await using dataset = await filesystem(folder, { now: () => now }).open('data');
    await load(dataset, '1.5', [[row(1)]]);
    now = new Date('2025-03-01T00:00:00Z');
    const wider = items();
    wider.columns['v'] = { name: 'v', data_type: 'text' };
    await load(dataset, '2.5', [[row(2)]], wider);
    expect(Object.keys((await dataset.restore('p', 'api'))?.schema?.tables['items']?.columns ?? {})).toContain('v');
  });

  it('writes the init file of dlt, takes an old one for Parquet only, and refuses unknown ones', async () => {
    const folder = place();
    await loadInto(folder, {});
    expect(readFileSync(join(folder, 'data', 'init'), 'utf8')).toBe('{"initial_version":2,"current_version":2}');
    writeFileSync(join(folder, 'data', 'init'), '');
    await loadInto(folder, {}, '2.5');
    const old = place();
    mkdirSync(join(old, 'data'), { recursive: true });
    writeFileSync(join(old, 'data', 'init'), '');
    await expect(loadInto(old, { format: 'jsonl' })).rejects.toMatchObject({ code: 'dataset_version_old' });
    for (const text of ['{"initial_version":3,"current_version":3}', 'x', '[]']) {
      writeFileSync(join(old, 'data', 'init'), text);
      await expect(loadInto(old, {})).rejects.toMatchObject({ code: 'dataset_version_unknown' });
    }
  });

  it('explains what the system refuses', async () => {
    const folder = place();
    mkdirSync(folder);
    writeFileSync(join(folder, 'data'), 'a file');
    await expect(loadInto(folder, {})).rejects.toMatchObject({ code: 'not_a_folder' });
    await expect(loadInto(place(), {}, '1.5', { ...items(), name: 'items'.repeat(100) })).rejects.toMatchObject({
      code: 'file_name_too_long',
    });
    const plan = place();
    await loadInto(plan, {});
    mkdirSync(join(plan, 'data', '_syncline_staging', '2.5'), { recursive: true });
    const outside = { load: { staged: 'load', path: '../../x' }, placed: [], removed: [] };
    writeFileSync(join(plan, 'data', '_syncline_staging', '2.5', 'plan.json'), JSON.stringify(outside));
    await expect(loadInto(plan, {}, '2.5')).rejects.toMatchObject({ code: 'commit_plan_invalid' });
  });

  it('is opened by its scheme', async () => {
    const folder = place();
    await using destination = await openDestination(`file://${folder}?format=jsonl&compression=none`);
    expect(destination).toMatchObject({ type: 'file', dltType: 'dlt.destinations.filesystem', location: folder });
    await using dataset = await destination.open('data');
    await load(dataset, '1.5', [[row(1)]]);
    const [file] = filesBelow(join(folder, 'data')).filter((path) => path.startsWith('items/'));
    expect(readFileSync(join(folder, 'data', file ?? ''), 'utf8')).toBe('{"id":1,"_dlt_load_id":"l","_dlt_id":"1"}\n');
    expect(existsSync(join(folder, 'data', '_syncline_staging'))).toBe(false);
  });
});
