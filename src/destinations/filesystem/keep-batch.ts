import type { Column, ColumnBatch, ColumnData } from '../../core/column-batch.ts';

/** A batch that stays good for as long as it is held. */
export interface KeptBatch {
  readonly batch: ColumnBatch;
  /** Bytes of memory that it takes. */
  readonly bytes: number;
}

/** Copies a batch, whose builder uses its arrays again. Heaps that columns share stay shared. */
export function keepBatch(batch: ColumnBatch): KeptBatch {
  const { rowCount } = batch;
  const heaps = new Map<Uint8Array, Uint8Array>();
  // `slice` of a Buffer would copy nothing.
  for (const [heap, end] of usedHeaps(batch)) heaps.set(heap, new Uint8Array(heap.subarray(0, end)));
  let bytes = [...heaps.values()].reduce((sum, heap) => sum + heap.byteLength, 0);
  const keep = ({ schema, validity, data }: Column): Column => {
    const kept = { schema, validity: validity?.slice(0, (rowCount + 7) >> 3), data: keepData(data, rowCount, heaps) };
    bytes += (kept.validity?.byteLength ?? 0) + (kept.data.kind === 'bytes' ? kept.data.views : kept.data.values).byteLength;
    return kept;
  };
  const columns = batch.columns.map(keep);
  const roots = batch.roots && keep(batch.roots);
  return { batch: { table: batch.table, rowCount, columns, ...(roots && { roots }) }, bytes };
}

function keepData(data: ColumnData, rows: number, heaps: ReadonlyMap<Uint8Array, Uint8Array>): ColumnData {
  switch (data.kind) {
    case 'bytes':
      return { kind: 'bytes', views: data.views.slice(0, rows * 2), heap: heaps.get(data.heap) ?? new Uint8Array(0) };
    case 'int64':
      return { kind: 'int64', values: data.values.slice(0, rows * 2) };
    case 'int128':
      return { kind: 'int128', values: data.values.slice(0, rows * 4) };
    case 'bool':
      return { kind: 'bool', values: data.values.slice(0, rows) };
    case 'double':
      return { kind: 'double', values: data.values.slice(0, rows) };
    default:
      return { kind: 'days', values: data.values.slice(0, rows) };
  }
}

/** Where the last text ends in each heap. What views of nulls say means nothing. */
function usedHeaps({ columns, rowCount }: ColumnBatch): Map<Uint8Array, number> {
  const ends = new Map<Uint8Array, number>();
  for (const { data, validity } of columns) {
    if (data.kind !== 'bytes') continue;
    const { views, heap } = data;
    let end = ends.get(heap) ?? 0;
    for (let row = 0; row < rowCount; row += 1) {
      const last = (views[row * 2] as number) + (views[row * 2 + 1] as number);
      if (last > end && (validity === undefined || ((validity[row >> 3] as number) & (1 << (row & 7))) !== 0)) end = last;
    }
    ends.set(heap, end);
  }
  return ends;
}
