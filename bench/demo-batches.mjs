// The rows of demo messages as column batches, made by normalize and kept: with them a destination is timed alone.
import { message } from '../demo/demo-api.mjs';
import { newSchema } from '../dist/core/schema-hash.js';
import { createNormalizer } from '../dist/normalize/normalizer.js';

const PAGE = 100;
const capabilities = { mergeStrategies: ['delete-insert'], maxIdentifierLength: 63, keepsBatches: true };

/** All batches of `count` messages from number `first` on, and the schema that they need. */
export function demoBatches({ count, loadId, first = 0, disposition = 'append' }) {
  const resource = { name: 'messages', hints: { primary_key: 'id', write_disposition: disposition } };
  const seed = new Uint8Array(16).fill(first % 255);
  const normalizer = createNormalizer({ schema: newSchema('bench'), loadId, capabilities, seed });
  const batches = [];
  for (let done = 0; done < count; done += PAGE) {
    const rows = Array.from({ length: Math.min(PAGE, count - done) }, (_, i) => message(first + done + i));
    normalizer.addRows(resource, rows);
    batches.push(...normalizer.drain().batches);
  }
  batches.push(...normalizer.drain(true).batches);
  return { batches, schema: normalizer.finish().schema };
}
