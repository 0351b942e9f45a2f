/** Rows of wide integers: little-endian words, `width` of them a row. */
export interface IntegerRows {
  readonly words: Uint32Array;
  readonly width: 2 | 4;
  readonly start: number;
  readonly count: number;
  /** A bit a row, as in `Column`. */
  readonly validity: Uint8Array | undefined;
}

/** What is done to every integer, and between which it must lie then. */
export interface IntegerRange {
  readonly lowest: bigint;
  readonly highest: bigint;
  readonly convert?: (value: bigint) => bigint;
}

/** The typed arrays that DuckDB's smaller integers are held in. */
export type IntegerArray = Int8Array | Int16Array | Int32Array | BigInt64Array;

/** Copies wide integers into a smaller array. Returns the first row whose value is out of range. */
export function narrowIntegers(rows: IntegerRows, range: IntegerRange, target: IntegerArray): number | undefined {
  const { words, width, start, count, validity } = rows;
  const { lowest, highest, convert } = range;
  for (let i = 0; i < count; i += 1) {
    const row = start + i;
    if (validity !== undefined && ((validity[row >> 3] as number) & (1 << (row & 7))) === 0) continue;
    const wide = integerAt(words, row * width, width);
    const value = convert === undefined ? wide : convert(wide);
    if (value < lowest || value > highest) return row;
    if (target instanceof BigInt64Array) target[i] = value;
    else target[i] = Number(value);
  }
  return undefined;
}

/** The first row of int128 values that is out of range. */
export function outOfRange(rows: IntegerRows, { lowest, highest }: IntegerRange): number | undefined {
  const { words, start, count, validity } = rows;
  for (let i = 0; i < count; i += 1) {
    const row = start + i;
    const sign = words[row * 4 + 3] as number;
    // Every range asked for here is wider than 64 bits: such a value needs no closer look.
    if ((sign === 0 || sign === 0xffffffff) && words[row * 4 + 2] === sign) continue;
    if (validity !== undefined && ((validity[row >> 3] as number) & (1 << (row & 7))) === 0) continue;
    const value = integerAt(words, row * 4, 4);
    if (value < lowest || value > highest) return row;
  }
  return undefined;
}

/** The signed integer that starts at a word. */
function integerAt(words: Uint32Array, at: number, width: 2 | 4): bigint {
  const low = BigInt(words[at] as number) | (BigInt(words[at + 1] as number) << 32n);
  if (width === 2) return BigInt.asIntN(64, low);
  return BigInt.asIntN(128, low | (BigInt(words[at + 2] as number) << 64n) | (BigInt(words[at + 3] as number) << 96n));
}
