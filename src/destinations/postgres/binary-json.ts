import type { Column } from '../../core/column-batch.ts';
import type { BytesOfRows } from './binary-numeric.ts';

/** NUL in a JSON text: an escape, unless its backslash is escaped itself. */
const NUL = /(?<=(?:^|[^\\])(?:\\\\)*)\\u0000/g;
const ESCAPE = '\\u0000';

/** Rows of a JSON column without NUL characters, which jsonb cannot hold; `undefined` where there are none. */
export function withoutNul({ data, validity }: Column, start: number, count: number): BytesOfRows | undefined {
  if (data.kind !== 'bytes') return undefined;
  const heap = Buffer.from(data.heap.buffer, data.heap.byteOffset, data.heap.byteLength);
  const views = data.views.slice(start * 2, (start + count) * 2);
  const pieces: Buffer[] = [];
  let end = heap.length;
  for (let i = 0; i < count; i += 1) {
    const row = start + i;
    if (validity !== undefined && ((validity[row >> 3] as number) & (1 << (row & 7))) === 0) continue;
    const offset = views[i * 2] as number;
    const value = heap.subarray(offset, offset + (views[i * 2 + 1] as number));
    if (!value.includes(ESCAPE)) continue;
    const clean = Buffer.from(value.toString('utf8').replace(NUL, ''));
    views[i * 2] = end;
    views[i * 2 + 1] = clean.length;
    pieces.push(clean);
    end += clean.length;
  }
  return pieces.length === 0 ? undefined : { views, heap: Buffer.concat([heap, ...pieces]) };
}
