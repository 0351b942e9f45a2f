import assert from 'node:assert/strict';
import type { Column, ColumnBatch } from '../core/column-batch.ts';
import type { TableSchema } from '../core/schema.ts';
import type { ContractCase } from './contract-case.ts';
import { columns, DATASET, type DestinationSubject, openScene, rootTable } from './destination-scene.ts';

const ROWS = 1_000_000;
const ID_LENGTH = 7;
/** Far more than the rows of the batch and what a destination buffers, far less than copies of all as objects. */
const MOST_KILOBYTES = 600 * 1024;

/** A million rows without an object a row: numbers, every third one null, and ids of seven digits. */
function millionRows(table: TableSchema): ColumnBatch {
  const numbers = new Uint32Array(ROWS * 2);
  const validity = new Uint8Array(ROWS / 8);
  const ids = { views: new Uint32Array(ROWS * 2), heap: Buffer.alloc(ROWS * ID_LENGTH) };
  const loadIds = new Uint32Array(ROWS * 2);
  for (let row = 0; row < ROWS; row += 1) {
    numbers[row * 2] = row;
    if (row % 3 !== 0) validity[row >> 3] = (validity[row >> 3] as number) | (1 << (row & 7));
    ids.views.set([row * ID_LENGTH, ID_LENGTH], row * 2);
    for (let at = (row + 1) * ID_LENGTH - 1, rest = row; at >= row * ID_LENGTH; at -= 1, rest = Math.floor(rest / 10))
      ids.heap[at] = 48 + (rest % 10);
    loadIds[row * 2 + 1] = 2;
  }
  const of = (name: string, data: Column['data'], valid?: Uint8Array): Column => {
    const schema = table.columns[name];
    assert.ok(schema);
    return { schema, validity: valid, data };
  };
  return {
    table: table.name,
    rowCount: ROWS,
    columns: [
      of('id', { kind: 'int64', values: numbers }),
      of('third', { kind: 'int64', values: numbers }, validity),
      of('half', { kind: 'double', values: Float64Array.from({ length: ROWS }, (_, row) => row / 2) }),
      of('_dlt_load_id', { kind: 'bytes', views: loadIds, heap: Buffer.from('l1') }),
      of('_dlt_id', { kind: 'bytes', ...ids }),
    ],
  };
}

/** The sum of the numbers below a million that a condition takes. */
function sumOf(takes: (row: number) => boolean): number {
  let sum = 0;
  for (let row = 0; row < ROWS; row += 1) if (takes(row)) sum += row;
  return sum;
}

/** Loads that are large. */
export const destinationVolumeCases: readonly ContractCase<DestinationSubject>[] = [
  {
    name: 'takes 1,000,000 rows in one batch, in the memory of a fraction of them',
    async run(subject) {
      await using scene = await openScene(subject);
      const whole = { data_type: 'bigint' } as const;
      const table = rootTable('many', columns({ id: whole, third: whole, half: { data_type: 'double' } }));
      const batch = millionRows(table);
      const before = process.resourceUsage().maxRSS;
      const load = await scene.begin('l1');
      await scene.declare(load, table);
      await load.write(batch);
      await load.commit({ schema: scene.settle(), state: undefined });
      const grown = process.resourceUsage().maxRSS - before;
      assert.ok(grown < MOST_KILOBYTES, `${Math.round(grown / 1024)} MB more`);
      const all = sumOf(() => true);
      const sums = [all, sumOf((row) => row % 3 !== 0), all / 2, all];
      assert.deepEqual(await scene.place.total(DATASET, 'many', ['id', 'third', 'half', '_dlt_id']), { rows: ROWS, sums });
    },
  },
];
