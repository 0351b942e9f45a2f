import assert from 'node:assert/strict';
import type { ColumnSchema } from '../core/schema.ts';
import { batchOf, type CellValue } from './batch-of.ts';
import type { ContractCase } from './contract-case.ts';
import { columns, DATASET, type DestinationSubject, nestedTable, openScene, rootTable } from './destination-scene.ts';

/** A column, values for it, and how `read` tells them. */
type TypeCase = readonly [Omit<ColumnSchema, 'name'>, readonly (readonly [CellValue, string | null])[]];

const MAX_INT64 = 2n ** 63n - 1n;
const LAST_MICRO = 253_402_300_799_999_999n;
const FIRST_MICRO = -62_135_596_800_000_000n;

/** The ends of every type of dlt, and what lies between. */
const TYPES: Readonly<Record<string, TypeCase>> = {
  text: [
    { data_type: 'text' },
    ['', 'a', 'exactly 12 b', 'exactly 13 by', 'zażółć gęślą jaźń', '🎈', `'";\\--\n\t\r`, '{"a":1}', 'NULL', '2024-01-01'].map(
      (text) => [text, text] as const,
    ),
  ],
  'long text': [{ data_type: 'text' }, ['€', 'long '].map((text) => [text.repeat(200_000), text.repeat(200_000)] as const)],
  bool: [
    { data_type: 'bool' },
    [
      [true, 'true'],
      [false, 'false'],
    ],
  ],
  bigint: [{ data_type: 'bigint' }, [MAX_INT64, -MAX_INT64 - 1n, 0n, 2n ** 53n + 1n].map((value) => [value, String(value)] as const)],
  'bigint of 32 bits': [{ data_type: 'bigint', precision: 32 }, [2 ** 31 - 1, -(2 ** 31)].map((value) => [value, String(value)] as const)],
  'bigint of 16 bits': [{ data_type: 'bigint', precision: 16 }, [32_767, -32_768].map((value) => [value, String(value)] as const)],
  double: [{ data_type: 'double' }, [0, -1.5, 0.1, 1e300, 5e-324, Number.MAX_SAFE_INTEGER].map((value) => [value, String(value)] as const)],
  decimal: [
    { data_type: 'decimal' },
    [
      [1n, '0.000000001'],
      [-1_500_000_000n, '-1.500000000'],
      [10n ** 38n - 1n, `${'9'.repeat(29)}.${'9'.repeat(9)}`],
    ],
  ],
  'decimal of 10 digits, 2 after the point': [
    { data_type: 'decimal', precision: 10, scale: 2 },
    [
      [9_999_999_999n, '99999999.99'],
      [-1n, '-0.01'],
    ],
  ],
  wei: [{ data_type: 'wei' }, [0n, 2n ** 64n, -(10n ** 37n)].map((value) => [value, String(value)] as const)],
  timestamp: [
    { data_type: 'timestamp' },
    [
      [0n, '1970-01-01T00:00:00.000000Z'],
      [FIRST_MICRO, '0001-01-01T00:00:00.000000Z'],
      [LAST_MICRO, '9999-12-31T23:59:59.999999Z'],
    ],
  ],
  'timestamp without time zone': [{ data_type: 'timestamp', timezone: false }, [[1_500_001n, '1970-01-01T00:00:01.500001']]],
  'timestamp in milliseconds': [{ data_type: 'timestamp', timezone: false, precision: 3 }, [[-1_000n, '1969-12-31T23:59:59.999000']]],
  date: [
    { data_type: 'date' },
    [
      [0, '1970-01-01'],
      [-719_162, '0001-01-01'],
      [2_932_896, '9999-12-31'],
    ],
  ],
  time: [
    { data_type: 'time' },
    [
      [0n, '00:00:00.000000'],
      [86_399_999_999n, '23:59:59.999999'],
    ],
  ],
  binary: [
    { data_type: 'binary' },
    [
      [Uint8Array.of(), ''],
      [Uint8Array.of(0, 255, 10, 39, 92), '00ff0a275c'],
      [new Uint8Array(100_000).fill(7), '07'.repeat(100_000)],
    ],
  ],
  json: [
    { data_type: 'json' },
    ['{"a":[1,null,"ż"]}', '[]', '"text"', '12345678901234567890', 'true'].map((text) => [text, text] as const),
  ],
};

const HOSTILE_NAMES = [
  'select',
  'order',
  'rowid',
  '_1st',
  'with space',
  `quote"and'quote`,
  'ż',
  'a'.repeat(60),
  'n',
  's',
  'd',
  'old',
  'id',
  'constructor',
  'toString',
];

/** Values and names that break what is written carelessly. */
export const destinationTypeCases: readonly ContractCase<DestinationSubject>[] = [
  {
    name: 'keeps the values of every type, from end to end',
    async run(subject) {
      await using scene = await openScene(subject);
      const data = columns(Object.fromEntries(Object.entries(TYPES).map(([name, [column]]) => [name, column])));
      const longest = Math.max(...Object.values(TYPES).map(([, values]) => values.length));
      // Merged rows take another way in than appended ones.
      const canMerge = subject.capabilities.mergeStrategies.includes('delete-insert');
      for (const disposition of canMerge ? (['append', 'merge'] as const) : (['append'] as const)) {
        const table = rootTable(`${disposition}_values`, structuredClone(data), { write_disposition: disposition });
        const rows = Array.from({ length: longest + 1 }, (_, i) => ({
          ...Object.fromEntries(Object.entries(TYPES).map(([name, [, values]]) => [name, values[i]?.[0]])),
          _dlt_load_id: disposition,
          _dlt_id: String(i).padStart(3, '0'),
        }));
        await scene.load({ id: disposition, tables: [table], rows: { [table.name]: rows } });
        const stored = (await scene.place.read(DATASET, table.name))?.rows ?? [];
        const inOrder = stored.toSorted((a, b) => ((a['_dlt_id'] ?? '') < (b['_dlt_id'] ?? '') ? -1 : 1));
        for (const [name, [, values]] of Object.entries(TYPES)) {
          const want = rows.map((_, i) => values[i]?.[1] ?? null);
          assert.deepEqual(
            inOrder.map((row) => row[name]),
            want,
            `${name}, ${disposition}`,
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
  {
    name: 'takes any name for tables and columns',
    async run(subject) {
      await using scene = await openScene(subject);
      const names = HOSTILE_NAMES.filter((name) => name.length <= subject.capabilities.maxIdentifierLength);
      const canMerge = subject.capabilities.mergeStrategies.includes('delete-insert');
      const data = columns(Object.fromEntries(names.map((name) => [name, { data_type: 'text', primary_key: name === 'n' }])));
      const roots = names.map((name) => rootTable(name, structuredClone(data), { write_disposition: canMerge ? 'merge' : 'append' }));
      const nested = names.map((name) => nestedTable(`${name}__x`, name, columns({ value: { data_type: 'text' } })));
      const row = { ...Object.fromEntries(names.map((column) => [column, `v ${column}`])), _dlt_load_id: 'l', _dlt_id: 'a' };
      const child = { value: 'c', _dlt_parent_id: 'a', _dlt_list_idx: 0, _dlt_id: 'c' };
      const rows = Object.fromEntries([...roots.map(({ name }) => [name, [row]]), ...nested.map(({ name }) => [name, [child]])]);
      for (const id of canMerge ? ['l1', 'l2'] : ['l1']) await scene.load({ id, tables: [...roots, ...nested], rows });
      for (const name of names) {
        const stored = await scene.place.read(DATASET, name);
        const wrong = names.filter((column) => stored?.rows[0]?.[column] !== `v ${column}`);
        assert.deepEqual([name, stored?.rows.length, wrong], [name, 1, []]);
        assert.deepEqual(await scene.cells(`${name}__x`, 'value'), ['c']);
      }
    },
  },
];
