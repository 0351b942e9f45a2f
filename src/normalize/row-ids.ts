import { type Cipher, createCipheriv } from 'node:crypto';
import type { TextHeap } from '../columns/text-heap.ts';
import { shake } from '../core/hash.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { canonicalJson } from '../core/print-json.ts';

/** Length of a row id: 80 bits in base64, without padding. */
export const ROW_ID_LENGTH = 14;
const ROW_ID_BYTES = 10;
/** Bytes that make 16 characters of base64, of which an id takes 14. */
const STRIDE_BYTES = 12;
const STRIDE = 16;
const POOLED_IDS = 4096;
const ZEROS = Buffer.alloc(STRIDE_BYTES * POOLED_IDS);
/** Of the last character only two bits count: 80 is not a multiple of six. */
const LAST = Buffer.from('AQgw', 'latin1');

/** Random row ids that are the same for the same seed: normalizing a page log again gives the same rows. */
export class RandomIds {
  private readonly cipher: Cipher;
  private readonly pool = new Uint32Array((STRIDE / 4) * POOLED_IDS);
  private at = this.pool.length;

  constructor(seed: Uint8Array) {
    this.cipher = createCipheriv('aes-128-ctr', seed, Buffer.alloc(16));
  }

  /** Appends the next id to a heap. */
  appendTo(heap: TextHeap): void {
    if (this.at === this.pool.length) this.fill();
    heap.appendWords(this.pool, this.at, ROW_ID_LENGTH);
    this.at += STRIDE / 4;
  }

  private fill(): void {
    const random = this.cipher.update(ZEROS);
    const characters = Buffer.from(this.pool.buffer);
    characters.write(random.toString('base64'), 'latin1');
    for (let id = 0; id < POOLED_IDS; id += 1) {
      // The last byte of a stride has no part in the characters before.
      const bits = (random[id * STRIDE_BYTES + STRIDE_BYTES - 1] as number) & 3;
      characters[id * STRIDE + ROW_ID_LENGTH - 1] = LAST[bits] as number;
    }
    this.at = 0;
  }
}

/** dlt's id of a row by its primary key: names are stored names, values as they came. */
export function keyHash(key: JsonObject): string {
  return shake(canonicalJson(key), ROW_ID_BYTES);
}

/** dlt's id of a row by its content, dlt's own columns left out. */
export function rowHash(row: JsonObject): string {
  const content: JsonObject = Object.create(null) as JsonObject;
  for (const key of Object.keys(row)) if (!key.startsWith('_dlt')) content[key] = row[key] as Json;
  return shake(canonicalJson(content), ROW_ID_BYTES);
}

/** dlt's id of a nested row by its parent's id and its position. */
export function childHash(parentId: string, table: string, position: number): string {
  return shake(`${parentId}_${table}_${position}`, ROW_ID_BYTES);
}
