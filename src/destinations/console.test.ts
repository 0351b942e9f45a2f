import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../core/destination.ts';
import { newSchema } from '../core/schema-hash.ts';
import type { Schema, TableSchema } from '../core/schema.ts';
import { batchOf, type BatchRow } from '../testing/batch-of.ts';
import { columns, nestedTable, rootTable, runOf } from '../testing/destination-scene.ts';
import { consoleTables } from './console.ts';

const run = runOf('r', { pipeline: 'p', source: 's', loadId: '1' });
const items = rootTable('items', columns({ id: { data_type: 'bigint' }, note: { data_type: 'text' } }));
const tags = nestedTable('items__tags', 'items', columns({ value: { data_type: 'text' } }));

function schemaWith(...tables: readonly TableSchema[]): Schema {
  const schema = newSchema('s');
  for (const table of tables) schema.tables[table.name] = table;
  return schema;
}

interface Load {
  readonly id: string;
  readonly tables: readonly TableSchema[];
  readonly rows: Readonly<Record<string, readonly BatchRow[]>>;
  /** The load ends its run. */
  readonly isLast?: boolean;
}

async function load(dataset: Dataset, { id, tables, rows, isLast = true }: Load): Promise<void> {
  const schema = schemaWith(...tables);
  const transaction = await dataset.begin({ loadId: id, pipeline: 'p', startedAt: new Date(), schema, replaced: [] });
  await transaction.migrate(tables.map((table) => ({ kind: 'create_table', table, columns: Object.values(table.columns) })));
  for (const table of tables) {
    const ids = (rows[table.name] ?? []).map((row, i) => ({
      _dlt_id: `${id}${i}`,
      _dlt_load_id: id,
      _dlt_parent_id: 'x',
      _dlt_list_idx: i,
      ...row,
    }));
    if (ids.length > 0) await transaction.write(batchOf(table, ids));
  }
  await transaction.commit({ schema, state: undefined, ...(isLast && { run }) });
}

function terminal(width?: number): { readonly output: Writable; readonly text: () => string } {
  const chunks: Buffer[] = [];
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return {
    output: Object.assign(output, width === undefined ? {} : { columns: width }),
    text: () => Buffer.concat(chunks).toString('utf8'),
  };
}

describe('console', () => {
  it('shows the tables of a run: their size, columns and first rows', async () => {
    const { output, text } = terminal(60);
    await using destination = consoleTables({ output });
    await using dataset = await destination.open('d');
    const notes = ['a\u001b[31m', '', null, '日本'];
    const rows = Array.from({ length: 1200 }, (_, i) => ({ id: BigInt(i), note: notes[i % 4] ?? null }));
    await load(dataset, { id: '1', tables: [items, tags], rows: { items: rows, items__tags: [{ value: 'x' }] } });
    const lines = text()
      .split('\n')
      .map((line) => line.trimEnd());
    expect(lines.slice(0, 8)).toEqual([
      'items: 1,200 rows, the first 10',
      '      id  note         _dlt_load_id  _dlt_id',
      '  bigint  text         text          text',
      '  ──────  ───────────  ────────────  ───────',
      String.raw`       0  a\u001b[31m  1             10`,
      '       1  ""           1             11',
      '       2               1             12',
      '       3  日本         1             13',
    ]);
    expect(lines.slice(14)).toEqual([
      '',
      'items__tags: 1 row',
      '  value  _dlt_parent_id  _dlt_list_idx  _dlt_id',
      ...Array(3).fill(expect.any(String)),
      '',
    ]);
  });

  it('waits for the end of a run that is loaded in parts', async () => {
    const { output, text } = terminal();
    await using destination = consoleTables({ output });
    for (const [id, isLast] of [
      ['1', false],
      ['2', true],
    ] as const) {
      await using dataset = await destination.open('d');
      await load(dataset, { id, tables: [items], rows: { items: [{ id: 1n }] }, isLast });
      expect(text().startsWith('items: 2 rows\n')).toBe(isLast);
    }
    await using dataset = await destination.open('d');
    await load(dataset, { id: '3', tables: [items], rows: { items: [{ id: 1n }] }, isLast: false });
    await dataset.recordRun(run);
    expect(text().match(/^\w+: .*/gm)).toEqual(['items: 2 rows', 'items: 3 rows']);
  });

  it('shows nothing when nothing came, and merges like a database', async () => {
    const { output, text } = terminal();
    await using destination = consoleTables({ output });
    expect(destination.capabilities.mergeStrategies).toContain('scd2');
    await using dataset = await destination.open('d');
    await dataset.recordRun(run);
    expect(text()).toBe('');
    expect(await dataset.findRun('p', 'r')).toMatchObject({ runId: 'r' });
  });

  it.each([
    [0, 40],
    [1, 20],
    [undefined, 40],
  ])('can do with a terminal of %s cells', async (width, least) => {
    const { output, text } = terminal(width);
    await using destination = consoleTables({ output });
    await using dataset = await destination.open('d');
    await load(dataset, { id: '1', tables: [items], rows: { items: [{ id: 1n, note: 'x'.repeat(200) }] } });
    const longest = Math.max(
      ...text()
        .split('\n')
        .map((line) => line.length),
    );
    expect(longest).toBeLessThanOrEqual(width === 1 ? 20 : 120);
    expect(longest).toBeGreaterThanOrEqual(least);
  });

  it('tells when nobody looks', async () => {
    const output = new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error('gone'), { code: 'EPIPE' })) });
    await using destination = consoleTables({ output });
    await using dataset = await destination.open('d');
    await expect(load(dataset, { id: '1', tables: [items], rows: { items: [{ id: 1n }] } })).rejects.toMatchObject({
      code: 'output_closed',
    });
  });
});
