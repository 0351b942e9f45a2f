import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ColumnBatch } from '../../core/column-batch.ts';
import type { ColumnSchema, TableSchema } from '../../core/schema.ts';
import { batchOf, type BatchRow } from '../../testing/batch-of.ts';
import { columnType } from './column-type.ts';
import { TableWriter } from './table-writer.ts';

let instance: DuckDBInstance;
let connection: DuckDBConnection;
let tables = 0;
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:');
  connection = await instance.connect();
  await connection.run(`SET TimeZone = 'UTC'`);
});
afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

function tableOf(...columns: readonly Omit<ColumnSchema, 'name'>[]): TableSchema {
  tables += 1;
  const named = columns.map((column, i) => [`c${i}`, { ...column, name: `c${i}` }]);
  return { name: `t${tables}`, columns: Object.fromEntries(named) as TableSchema['columns'] };
}

/** Writes batches to a new table and returns what DuckDB reads from it, each cell as text. */
async function written(table: TableSchema, batches: readonly ColumnBatch[], database?: TableSchema): Promise<(string | null)[][]> {
  const columns = Object.values((database ?? table).columns);
  await connection.run(`CREATE TABLE ${table.name} (n INTEGER DEFAULT 0, ${columns.map((c) => `${c.name} ${columnType(c)}`).join(', ')})`);
  await connection.run(`ALTER TABLE ${table.name} DROP COLUMN n`);
  const writer = await TableWriter.open({ connection, catalog: 'memory', schema: 'main', table: table.name, columns });
  for (const batch of batches) await writer.write(batch);
  writer.close();
  const cells = columns.map((c) => (c.data_type === 'binary' ? `hex(${c.name})` : `CAST(${c.name} AS VARCHAR)`));
  return (await connection.runAndReadAll(`SELECT ${cells.join(', ')} FROM ${table.name} ORDER BY rowid`)).getRows() as (string | null)[][];
}

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom(
    '',
    'a'.repeat(12),
    'a'.repeat(13),
    'żółw',
    'exactly 12 b',
    '€'.repeat(4),
    `${'€'.repeat(4)}!`,
    'nul\u0000inside a text',
    '\u0000',
    '🎈🎈🎈',
    '🎈🎈🎈🎈',
  ),
);

describe('texts', () => {
  it('arrive as they are, whatever they hold and wherever nulls are', async () => {
    const rows = fc.array(fc.record({ c0: fc.option(text), c1: fc.option(fc.uint8Array({ maxLength: 40 })), c2: fc.option(text) }), {
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(rows, rows, async (first, second) => {
        const table = tableOf({ data_type: 'text' }, { data_type: 'binary' }, { data_type: 'text' });
        const got = await written(table, [batchOf(table, first), batchOf(table, second)]);
        const want = [...first, ...second].map((row) => [row.c0, row.c1 && Buffer.from(row.c1).toString('hex').toUpperCase(), row.c2]);
        expect(got).toEqual(want);
      }),
      { numRuns: 60 },
    );
  });

  it('may be a megabyte long, and share one heap between columns', async () => {
    const table = tableOf({ data_type: 'text' }, { data_type: 'text' });
    const long = 'zażółć '.repeat(150_000);
    const heap = Buffer.from(`${long}tail of the heap`);
    const at = Buffer.byteLength(long);
    const column = (name: string, views: number[]) => ({
      schema: table.columns[name] as ColumnSchema,
      validity: undefined,
      data: { kind: 'bytes' as const, views: Uint32Array.from(views), heap },
    });
    const batch = { table: table.name, rowCount: 2, columns: [column('c0', [0, at, at, 4]), column('c1', [at, 16, 0, at])] };
    const got = await written(table, [batch]);
    expect(got[0]?.[0] === long && got[1]?.[1] === long).toBe(true);
    expect([got[0]?.[1], got[1]?.[0]]).toEqual(['tail of the heap', 'tail']);
  });

  it('cross the borders of chunks and of flushes', async () => {
    const table = tableOf({ data_type: 'text' }, { data_type: 'bigint' });
    const rows = Array.from({ length: 20_000 }, (_, i) => ({ c0: i % 3 === 0 ? null : `text number ${i}`, c1: i % 7 === 0 ? null : i }));
    const got = await written(table, [batchOf(table, rows), batchOf(table, rows.slice(0, 1))]);
    expect(got.length).toBe(20_001);
    expect(
      got.findIndex(
        (row, i) => row[0] !== (rows[i % 20_000] as BatchRow)['c0'] || row[1] !== (i % 7 === 0 || i === 20_000 ? null : String(i)),
      ),
    ).toBe(-1);
  });

  it('that are not UTF-8 are refused, not a crash', async () => {
    const table = tableOf({ data_type: 'text' });
    const bad = (bytes: number[]): ColumnBatch => ({
      table: table.name,
      rowCount: 1,
      columns: [
        {
          schema: table.columns['c0'] as ColumnSchema,
          validity: undefined,
          data: { kind: 'bytes', views: Uint32Array.of(0, bytes.length), heap: Uint8Array.from(bytes) },
        },
      ],
    });
    await expect(written(table, [bad([0x61, 0xff, 0x62])])).rejects.toThrow(/unicode/i);
  });

  it('missing from a batch are null', async () => {
    const table = tableOf({ data_type: 'text' }, { data_type: 'double' }, { data_type: 'bool' });
    const got = await written(table, [batchOf(table, [{ c1: 1.5 }]), batchOf(table, [{ c2: true, c0: 'x' }]), batchOf(table, [{}])]);
    expect(got).toEqual([
      [null, '1.5', null],
      ['x', null, 'true'],
      [null, null, null],
    ]);
  });
});

describe('numbers and times', () => {
  const cases: readonly [string, Omit<ColumnSchema, 'name'>, readonly (number | bigint)[], readonly string[]][] = [
    ['TINYINT', { data_type: 'bigint', precision: 8 }, [-128, 127, 0], ['-128', '127', '0']],
    ['SMALLINT', { data_type: 'bigint', precision: 16 }, [-32_768, 32_767], ['-32768', '32767']],
    ['INTEGER', { data_type: 'bigint', precision: 32 }, [-2_147_483_648, 2_147_483_647], ['-2147483648', '2147483647']],
    [
      'BIGINT',
      { data_type: 'bigint' },
      [-(2n ** 63n), 2n ** 63n - 1n, 2n ** 53n + 1n],
      ['-9223372036854775808', '9223372036854775807', '9007199254740993'],
    ],
    [
      'HUGEINT',
      { data_type: 'bigint', precision: 128 },
      [-(2n ** 127n), 2n ** 127n - 1n, -1n],
      [String(-(2n ** 127n)), String(2n ** 127n - 1n), '-1'],
    ],
    ['DECIMAL(4,1)', { data_type: 'decimal', precision: 4, scale: 1 }, [-9999, 9999, 5], ['-999.9', '999.9', '0.5']],
    ['DECIMAL(9,0)', { data_type: 'decimal', precision: 9, scale: 0 }, [-999_999_999, 999_999_999], ['-999999999', '999999999']],
    ['DECIMAL(18,2)', { data_type: 'decimal', precision: 18, scale: 2 }, [10n ** 18n - 1n, -1], ['9999999999999999.99', '-0.01']],
    [
      'DECIMAL(38,9)',
      { data_type: 'decimal' },
      [10n ** 38n - 1n, 1n - 10n ** 38n, 1],
      [`${'9'.repeat(29)}.${'9'.repeat(9)}`, `-${'9'.repeat(29)}.${'9'.repeat(9)}`, '0.000000001'],
    ],
    ['DECIMAL(38,0)', { data_type: 'wei' }, [2n ** 64n], ['18446744073709551616']],
    ['DOUBLE', { data_type: 'double' }, [-0, 1e308, 5e-324, Infinity, -Infinity, NaN], ['-0.0', '1e+308', '5e-324', 'inf', '-inf', 'nan']],
    ['DATE', { data_type: 'date' }, [0, -719_162, 2_932_896], ['1970-01-01', '0001-01-01', '9999-12-31']],
    ['TIME', { data_type: 'time' }, [0, 86_399_999_999], ['00:00:00', '23:59:59.999999']],
    [
      'TIMESTAMP WITH TIME ZONE',
      { data_type: 'timestamp', precision: 3 },
      [1, -62_135_596_800_000_000n, 253_402_300_799_999_999n],
      ['1970-01-01 00:00:00.000001+00', '0001-01-01 00:00:00+00', '9999-12-31 23:59:59.999999+00'],
    ],
    ['TIMESTAMP', { data_type: 'timestamp', timezone: false }, [1_500_000], ['1970-01-01 00:00:01.5']],
    [
      'TIMESTAMP_S',
      { data_type: 'timestamp', timezone: false, precision: 0 },
      [1_500_000, 1_499_999, -500_000, -499_999],
      ['1970-01-01 00:00:02', '1970-01-01 00:00:01', '1969-12-31 23:59:59', '1970-01-01 00:00:00'],
    ],
    [
      'TIMESTAMP_MS',
      { data_type: 'timestamp', timezone: false, precision: 3 },
      [1500, -1499],
      ['1970-01-01 00:00:00.002', '1969-12-31 23:59:59.999'],
    ],
    [
      'TIMESTAMP_NS',
      { data_type: 'timestamp', timezone: false, precision: 9 },
      [1, -1],
      ['1970-01-01 00:00:00.000001', '1969-12-31 23:59:59.999999'],
    ],
  ];
  for (const [type, column, values, texts] of cases) {
    it(`of ${type}`, async () => {
      const table = tableOf(column);
      expect(columnType({ name: 'c0', ...column })).toBe(type);
      const rows = [...values.map((c0) => ({ c0 })), { c0: null }];
      expect(await written(table, [batchOf(table, rows)])).toEqual([...texts.map((value) => [value]), [null]]);
    });
  }

  const tooMuch: readonly [string, Omit<ColumnSchema, 'name'>, bigint][] = [
    ['TINYINT', { data_type: 'bigint', precision: 8 }, 128n],
    ['TINYINT, below', { data_type: 'bigint', precision: 8 }, -129n],
    ['SMALLINT', { data_type: 'bigint', precision: 16 }, 32_768n],
    ['INTEGER', { data_type: 'bigint', precision: 32 }, -(2n ** 31n) - 1n],
    ['DECIMAL(4,1)', { data_type: 'decimal', precision: 4, scale: 1 }, 10_000n],
    ['DECIMAL(18,0)', { data_type: 'decimal', precision: 18, scale: 0 }, 10n ** 18n],
    ['DECIMAL(38,9)', { data_type: 'decimal' }, 10n ** 38n],
    ['DECIMAL(20,0), below', { data_type: 'decimal', precision: 20, scale: 0 }, -(10n ** 20n)],
    ['TIMESTAMP_NS', { data_type: 'timestamp', timezone: false, precision: 9 }, 253_402_300_799_999_999n],
  ];
  for (const [type, column, value] of tooMuch) {
    it(`too large for ${type} are refused, unless null hides them`, async () => {
      const table = tableOf(column);
      await expect(written(table, [batchOf(table, [{ c0: 1 }, { c0: value }])])).rejects.toMatchObject({
        code: 'value_out_of_range',
        context: { table: table.name, column: 'c0' },
      });
      const hidden = tableOf(column);
      const batch = batchOf(hidden, [{ c0: 1 }, { c0: value }, { c0: null }]);
      const columns = batch.columns.map((c) => ({ ...c, validity: Uint8Array.of(1) }));
      expect(await written(hidden, [{ ...batch, columns }])).toHaveLength(3);
    });
  }

  it('keep booleans and JSON', async () => {
    const table = tableOf({ data_type: 'bool' }, { data_type: 'json' });
    const rows = [
      { c0: true, c1: '{"a":[1,"ż"]}' },
      { c0: false, c1: '"text"' },
      { c0: null, c1: null },
    ];
    expect(await written(table, [batchOf(table, rows)])).toEqual([
      ['true', '{"a":[1,"ż"]}'],
      ['false', '"text"'],
      [null, null],
    ]);
  });
});
