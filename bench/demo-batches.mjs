// The rows of demo messages as column batches, made by normalize and kept: with them a destination is timed alone.
import { message } from '../demo/demo-api.mjs';
import { newSchema } from '../dist/core/schema-hash.js';
import { createNormalizer } from '../dist/normalize/normalizer.js';

const PAGE = 100;
const capabilities = { mergeStrategies: ['delete-insert'], maxIdentifierLength: 63 };

/** All batches of `count` messages from number `first` on, and the schema that they need. */
export function demoBatches({ count, loadId, first = 0, disposition = 'append' }) {
  const resource = { name: 'messages', hints: { primary_key: 'id', write_disposition: disposition } };
  const seed = new Uint8Array(16).fill(first % 255);
  const normalizer = createNormalizer({ schema: newSchema('bench'), loadId, capabilities, seed });
  const batches = [];
  for (let done = 0; done < count; done += PAGE) {
    const rows = Array.from({ length: Math.min(PAGE, count - done) }, (_, i) => message(first + done + i));
    normalizer.addRows(resource, rows);
    batches.push(...normalizer.drain().batches.map(kept));
  }
  batches.push(...normalizer.drain(true).batches.map(kept));
  return { batches, schema: normalizer.finish().schema };
}

/** A copy of a batch, whose builder uses the arrays again. Columns share one heap, as they did. */
function kept(batch) {
  const heaps = new Map();
  const copyOf = (heap) => heaps.get(heap) ?? heaps.set(heap, new Uint8Array(heap)).get(heap);
  const dataOf = (data) =>
    data.kind === 'bytes' ? { ...data, views: data.views.slice(), heap: copyOf(data.heap) } : { ...data, values: data.values.slice() };
  return {
    ...batch,
    columns: batch.columns.map(({ schema, validity, data }) => ({ schema, validity: validity?.slice(), data: dataOf(data) })),
  };
}
