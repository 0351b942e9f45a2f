import assert from 'node:assert/strict';
import type { Column, ColumnBatch } from '../core/column-batch.ts';
import type { ColumnSchema } from '../core/schema.ts';
import { batchOf, type CellValue } from './batch-of.ts';
import type { ContractCase } from './contract-case.ts';
import { lacksReuse } from './destination-lacks.ts';
import { columns, DATASET, type DestinationSubject, openScene, rootTable, type Scene } from './destination-scene.ts';
import { assertKept, type ColumnValues, printed } from './destination-values.ts';

/** Every type of dlt, side by side. */
const TYPES: Readonly<Record<string, ColumnValues>> = {
  text: printed({ data_type: 'text' }, ['', 'a', 'exactly 12 b', 'exactly 13 by', 'zażółć gęślą jaźń', '🎈', `'";\\--\n\t\r`, 'NULL']),
  'long text': printed(
    { data_type: 'text' },
    ['€', 'long '].map((text) => text.repeat(200_000)),
  ),
  bool: printed({ data_type: 'bool' }, [true, false]),
  bigint: printed({ data_type: 'bigint' }, [2n ** 63n - 1n, 0n]),
  'bigint of 32 bits': printed({ data_type: 'bigint', precision: 32 }, [2 ** 31 - 1, -(2 ** 31)]),
  double: printed({ data_type: 'double' }, [0, -1.5, 1e300]),
  decimal: { column: { data_type: 'decimal' }, values: [[-1_500_000_000n, '-1.500000000']] },
  'decimal of 10 digits': { column: { data_type: 'decimal', precision: 10, scale: 2 }, values: [[9_999_999_999n, '99999999.99']] },
  wei: printed({ data_type: 'wei' }, [2n ** 64n]),
  timestamp: { column: { data_type: 'timestamp' }, values: [[0n, '1970-01-01T00:00:00.000000Z']] },
  'timestamp without time zone': {
    column: { data_type: 'timestamp', timezone: false },
    values: [[1_500_001n, '1970-01-01T00:00:01.500001']],
  },
  'timestamp in milliseconds': {
    column: { data_type: 'timestamp', timezone: false, precision: 3 },
    values: [[-1_000n, '1969-12-31T23:59:59.999000']],
  },
  date: { column: { data_type: 'date' }, values: [[-719_162, '0001-01-01']] },
  time: { column: { data_type: 'time' }, values: [[86_399_999_999n, '23:59:59.999999']] },
  binary: {
    column: { data_type: 'binary' },
    values: [
      [Uint8Array.of(0, 255, 10, 39, 92), '00ff0a275c'],
      [new Uint8Array(100_000).fill(7), '07'.repeat(100_000)],
    ],
  },
  json: printed({ data_type: 'json' }, ['{"a":[1,null,"ż"]}', '[]', '"text"', '12345678901234567890', 'true']),
};

/** Three values of each kind that values are held in, as they are read. */
const KINDS: readonly (readonly [Omit<ColumnSchema, 'name'>, readonly (readonly [CellValue, string])[]])[] = [
  [
    { data_type: 'bool' },
    [
      [true, 'true'],
      [false, 'false'],
      [true, 'true'],
    ],
  ],
  [
    { data_type: 'bigint' },
    [
      [5n, '5'],
      [-6n, '-6'],
      [2n ** 40n, String(2n ** 40n)],
    ],
  ],
  [
    { data_type: 'bigint', precision: 16 },
    [
      [5n, '5'],
      [-6n, '-6'],
      [700n, '700'],
    ],
  ],
  [
    { data_type: 'double' },
    [
      [0.5, '0.5'],
      [-1, '-1'],
      [1e9, '1000000000'],
    ],
  ],
  [
    { data_type: 'decimal' },
    [
      [1n, '0.000000001'],
      [-(10n ** 30n), `-1${'0'.repeat(21)}.000000000`],
      [0n, '0.000000000'],
    ],
  ],
  [
    { data_type: 'decimal', precision: 8, scale: 2 },
    [
      [1n, '0.01'],
      [-100n, '-1.00'],
      [99_999_999n, '999999.99'],
    ],
  ],
  [
    { data_type: 'timestamp' },
    [
      [0n, '1970-01-01T00:00:00.000000Z'],
      [1n, '1970-01-01T00:00:00.000001Z'],
      [-1n, '1969-12-31T23:59:59.999999Z'],
    ],
  ],
  [
    { data_type: 'date' },
    [
      [0, '1970-01-01'],
      [1, '1970-01-02'],
      [-1, '1969-12-31'],
    ],
  ],
  [
    { data_type: 'text' },
    [
      ['a', 'a'],
      ['', ''],
      ['longer than twelve bytes', 'longer than twelve bytes'],
    ],
  ],
  [
    { data_type: 'binary' },
    [
      [Uint8Array.of(1), '01'],
      [Uint8Array.of(), ''],
      [new Uint8Array(20), '00'.repeat(20)],
    ],
  ],
  [
    { data_type: 'json' },
    [
      ['1', '1'],
      ['"a"', '"a"'],
      ['["x",2]', '["x",2]'],
    ],
  ],
];

/** More than a vector of DuckDB, or a block that rows are sent to Postgres in. */
const ROWS = 2100;

/** Which rows of a column have a value. Neighbours have others, and some have hardly any. */
const PATTERNS: readonly ((row: number) => boolean)[] = [
  (row) => row % 3 !== 0,
  (row) => row === 0,
  (row) => row === ROWS - 1,
  (row) => row % 2048 === 2047,
  (row) => row >= 2048,
];

/** A table with a column for each kind and pattern, rows for it, and what is to be read. */
function patchwork(name: string) {
  const cells = KINDS.flatMap(([column, values], kind) =>
    PATTERNS.map((has, pattern) => ({ name: `c_${kind}_${pattern}`, column, values, has })),
  );
  const table = rootTable(
    name,
    columns({ ...Object.fromEntries(cells.map((cell) => [cell.name, cell.column])), never: { data_type: 'text' } }),
  );
  const at = <T>(value: (cell: (typeof cells)[number], row: number) => T) =>
    Array.from({ length: ROWS }, (_, row) => Object.fromEntries(cells.map((cell) => [cell.name, cell.has(row) ? value(cell, row) : null])));
  return {
    table,
    rows: at(({ values }, row) => values[row % 3]?.[0] ?? null).map((row, i) => ({ ...row, _dlt_load_id: 'l1', _dlt_id: String(i) })),
    read: at(({ values }, row) => values[row % 3]?.[1] ?? null),
  };
}

/** The same batch, with nonsense in the slots of null rows and behind the last row. */
function withNonsense(batch: ColumnBatch): ColumnBatch {
  return {
    ...batch,
    columns: batch.columns.map((column) => (column.validity === undefined ? column : nonsenseIn(column, batch.rowCount))),
  };
}

function nonsenseIn({ schema, validity, data }: Column, rowCount: number): Column {
  const source = data.kind === 'bytes' ? data.views : data.values;
  const size = source.byteLength / rowCount;
  const bytes = new Uint8Array(source.byteLength + size * 8).fill(data.kind === 'bool' ? 1 : 0xff);
  const old = new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  for (let row = 0; row < rowCount; row += 1) {
    if (((validity?.[row >> 3] ?? 0xff) & (1 << (row & 7))) !== 0) bytes.set(old.subarray(row * size, (row + 1) * size), row * size);
  }
  const Values = source.constructor as new (buffer: ArrayBuffer) => never;
  const values = new Values(bytes.buffer);
  return { schema, validity, data: data.kind === 'bytes' ? { ...data, views: values } : { ...data, values } };
}

/** Overwrites everything that a batch is made of. */
function ruin({ columns, roots }: ColumnBatch): void {
  for (const { data, validity } of [...columns, ...(roots ? [roots] : [])]) {
    for (const part of [validity, ...(data.kind === 'bytes' ? [data.views, data.heap] : [data.values])]) {
      if (part !== undefined) new Uint8Array(part.buffer, part.byteOffset, part.byteLength).fill(0x2a);
    }
  }
}

async function inOrder(scene: Scene, table: string) {
  const rows = (await scene.place.read(DATASET, table))?.rows ?? [];
  return rows.toSorted((a, b) => Number(a['_dlt_id']) - Number(b['_dlt_id']));
}

/** Values of every type, side by side, and the batches that they come in. */
export const destinationTypeCases: readonly ContractCase<DestinationSubject>[] = [
  {
    name: 'keeps the values of every type, from end to end',
    async run(subject) {
      await using scene = await openScene(subject);
      await assertKept(scene, TYPES);
    },
  },
  {
    name: 'keeps nulls wherever they are, whatever is in their slots',
    async run(subject) {
      await using scene = await openScene(subject);
      const { table, rows, read } = patchwork('patchwork');
      const load = await scene.begin('l1');
      await scene.declare(load, table);
      await load.write(withNonsense(batchOf(table, rows)));
      await load.write({ table: table.name, rowCount: 0, columns: [] });
      await load.commit({ schema: scene.settle(), state: undefined });
      const stored = await inOrder(scene, table.name);
      const names = Object.keys(read[0] ?? {});
      assert.equal(stored.length, ROWS);
      for (const name of names)
        assert.deepEqual(
          stored.map((row) => row[name]),
          read.map((row) => row[name]),
          name,
        );
      assert.ok(stored.every((row) => row['never'] === null));
    },
  },
  {
    name: 'keeps no batch after it was written',
    lacks: lacksReuse,
    async run(subject) {
      await using scene = await openScene(subject);
      const canMerge = subject.capabilities.mergeStrategies.includes('delete-insert');
      for (const write_disposition of canMerge ? (['append', 'replace', 'merge'] as const) : (['append', 'replace'] as const)) {
        const { table, rows, read } = patchwork(write_disposition);
        const load = await scene.begin(write_disposition);
        await scene.declare(load, { ...table, write_disposition });
        // A large one, whose end is still on its way when more come, and small ones.
        for (const [from, to] of [
          [0, 2060],
          [2060, 2061],
          [2061, 2090],
          [2090, ROWS],
        ]) {
          const batch = batchOf(table, rows.slice(from, to));
          await load.write(batch);
          ruin(batch);
        }
        await load.commit({ schema: scene.settle(), state: undefined });
        const stored = await inOrder(scene, table.name);
        assert.equal(stored.length, ROWS);
        for (const name of Object.keys(read[0] ?? {})) {
          assert.deepEqual(
            stored.map((row) => row[name]),
            read.map((row) => row[name]),
            `${name}, ${write_disposition}`,
          );
        }
      }
    },
  },
  {
    name: 'refuses a number that does not fit, and names table and column',
    async run(subject) {
      await using scene = await openScene(subject);
      const table = rootTable('items', columns({ small: { data_type: 'bigint', precision: 16 } }));
      const load = await scene.begin('l1');
      await scene.declare(load, table);
      const row = { small: 40_000, _dlt_load_id: 'l1', _dlt_id: 'a' };
      await assert.rejects(
        async () => {
          await load.write(batchOf(table, [row]));
          await load.commit({ schema: scene.settle(), state: undefined });
        },
        (error: Error) => /items/.test(error.message) && /small/.test(error.message) && !error.message.includes('40000'),
      );
      await load.rollback();
    },
  },
];
