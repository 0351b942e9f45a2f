import type { Column } from '../../core/column-batch.ts';
import { decimalSize } from '../../core/decimal-size.ts';

/** Texts or the like in a heap: `[offset, length]` a row. */
export interface BytesOfRows {
  readonly views: Uint32Array;
  readonly heap: Uint8Array;
}

const BASE = 10_000;
const GROUP = 4;
const NEGATIVE = 0x4000;
/** Digits that a double holds exactly, in whole groups. */
const PART = 10n ** 12n;
/** Header and the groups of a 128-bit integer, with one more where the point splits a group. */
const MOST_BYTES = 8 + 2 * 12;

/** Rows of a decimal column as Postgres sends numerics: groups of four digits, from the point both ways. */
export function binaryNumerics(column: Column, start: number, count: number): BytesOfRows {
  const { data, schema, validity } = column;
  const views = new Uint32Array(count * 2);
  const heap = Buffer.allocUnsafe(count * MOST_BYTES);
  if (data.kind !== 'int128') return { views, heap };
  const { scale } = decimalSize(schema);
  const padding = (GROUP - (scale % GROUP)) % GROUP;
  const decimals = (scale + padding) / GROUP;
  const shift = 10n ** BigInt(padding);
  const groups: number[] = [];
  let at = 0;
  for (let i = 0; i < count; i += 1) {
    const row = start + i;
    if (validity !== undefined && ((validity[row >> 3] as number) & (1 << (row & 7))) === 0) continue;
    const value = int128At(data.values, row * 4);
    split((value < 0n ? -value : value) * shift, groups);
    // Groups come least first; those that are zero at the low end are left out.
    let lowest = 0;
    while (lowest < groups.length && groups[lowest] === 0) lowest += 1;
    const first = at;
    at = heap.writeInt16BE(groups.length - lowest, at);
    at = heap.writeInt16BE(groups.length === 0 ? 0 : groups.length - 1 - decimals, at);
    at = heap.writeInt16BE(value < 0n ? NEGATIVE : 0, at);
    at = heap.writeInt16BE(scale, at);
    for (let k = groups.length - 1; k >= lowest; k -= 1) at = heap.writeInt16BE(groups[k] as number, at);
    views[i * 2] = first;
    views[i * 2 + 1] = at - first;
  }
  return { views, heap };
}

/** The groups of an integer, least first, without zeros at the high end. */
function split(magnitude: bigint, groups: number[]): void {
  groups.length = 0;
  let rest = magnitude;
  while (rest > 0n) {
    const isLast = rest < PART;
    let part = Number(isLast ? rest : rest % PART);
    rest = isLast ? 0n : rest / PART;
    for (let k = 0; isLast ? part > 0 : k < 3; k += 1) {
      groups.push(part % BASE);
      part = Math.floor(part / BASE);
    }
  }
}

function int128At(words: Uint32Array, at: number): bigint {
  const low = BigInt(words[at] as number) | (BigInt(words[at + 1] as number) << 32n);
  const high = BigInt(words[at + 2] as number) | (BigInt(words[at + 3] as number) << 32n);
  return BigInt.asIntN(128, low | (high << 64n));
}
