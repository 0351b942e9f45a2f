import type { Column } from '../../core/column-batch.ts';

const TWO_32 = 2 ** 32;

/** A bigint column that counts rows from a number on. */
export function rowNumbers(name: string, first: number, count: number): Column {
  const values = new Uint32Array(count * 2);
  for (let i = 0; i < count; i += 1) {
    values[i * 2] = first + i;
    values[i * 2 + 1] = Math.floor((first + i) / TWO_32);
  }
  return { schema: { name, data_type: 'bigint' }, validity: undefined, data: { kind: 'int64', values } };
}
