import type { LogPosition } from './segment.ts';

/** Bytes of a segment that fit beside its number in a double, which holds 53 bits exactly. */
const SEGMENT_BYTES = 2 ** 36;
/** Positions that were taken stay at the front until they are so many. */
const MOST_TAKEN = 1024;
const NOWHERE = -1;

/** A position as one number. */
export function packPosition({ segment, offset }: LogPosition): number {
  return segment * SEGMENT_BYTES + offset;
}

/** The position that a number stands for. */
export function unpackPosition(packed: number): LogPosition {
  return { segment: Math.floor(packed / SEGMENT_BYTES), offset: packed % SEGMENT_BYTES };
}

/** Positions of the pages of a walk, by index, taken from the front: eight bytes a page. */
export class PositionQueue {
  /** Index of the page that the first of `#packed` is of. */
  #base = 0;
  #packed: number[] = [];

  set(index: number, packed: number): void {
    if (this.#packed.length === 0) this.#base = index;
    while (index < this.#base) {
      this.#packed.unshift(NOWHERE);
      this.#base -= 1;
    }
    while (this.#packed.length < index - this.#base) this.#packed.push(NOWHERE);
    this.#packed[index - this.#base] = packed;
  }

  /** The position of a page. Those before it are forgotten. */
  take(index: number): number | undefined {
    const at = index - this.#base;
    const packed = this.#packed[at];
    if (packed === undefined || packed === NOWHERE) return undefined;
    if (at + 1 === this.#packed.length) this.#packed = [];
    else if (at >= MOST_TAKEN) {
      this.#packed = this.#packed.slice(at + 1);
      this.#base = index + 1;
    }
    return packed;
  }

  /** All that were not taken, and perhaps some that were. */
  rest(): readonly number[] {
    return this.#packed;
  }
}
