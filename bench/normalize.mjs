// Time that normalize takes a record, from parsed objects to column batches: `npm run build && node bench/normalize.mjs [records]`
import { createNormalizer } from '../dist/normalize/normalizer.js';
import { newSchema } from '../dist/core/schema-hash.js';

const count = Number(process.argv[2] ?? 100_000);
const PAGE = 100;
const WORDS =
  'your order has shipped thanks for the update call me back when you can meeting moved to noon код привет 你好 café naïve ok 👍 stop'.split(
    ' ',
  );
const capabilities = {
  mergeStrategies: ['delete-insert', 'upsert', 'insert-only', 'scd2', 'cdc'],
  maxIdentifierLength: 63,
};

/** The same records every time: a linear congruential generator picks the values. */
function messages(from, to) {
  const out = [];
  for (let i = from; i < to; i += 1) {
    let state = (i * 2_654_435_761) >>> 0;
    const n = (max) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 4_294_967_296) * max);
    };
    const list = (length, item) => Array.from({ length }, (_, k) => item(k));
    const created = Date.UTC(2024, 0, 1) + i * 61_000;
    out.push({
      id: `msg_${String(i).padStart(8, '0')}`,
      conversation_id: `conv_${n(5000)}`,
      direction: n(2) ? 'inbound' : 'outbound',
      status: ['queued', 'sent', 'delivered', 'failed', 'read'][n(5)],
      created_at: new Date(created).toISOString(),
      updated_at: new Date(created + n(86_400_000)).toISOString(),
      body: list(10 + n(50), () => WORDS[n(WORDS.length)]).join(' '),
      segments: 1 + n(4),
      from: {
        number: `+1555${n(10_000_000)}`,
        name: n(3) ? `User ${n(1000)}` : null,
        carrier: { code: String(100 + n(900)), country: ['US', 'DE', 'JP'][n(3)] },
      },
      to: list(1 + n(3), () => ({ number: `+1444${n(10_000_000)}`, status: n(2) ? 'delivered' : 'pending' })),
      attachments: list(n(3), (k) => ({
        id: `att_${i}_${k}`,
        content_type: 'image/png',
        size: n(5_000_000),
        dimensions: { w: n(4000), h: n(4000) },
      })),
      tags: list(n(4), () => ['vip', 'billing', 'spam', 'support', 'promo'][n(5)]),
      price: { amount: n(10_000) / 10_000, currency: 'USD' },
      error_code: n(10) ? null : n(60_000),
      is_read: n(2) === 1,
      metadata: { campaignId: n(5) ? `c${n(50)}` : null, 'utm-source': 'sms', retryCount: n(3) },
    });
  }
  return out;
}

/** Bodies of pages. Each is parsed just before it is normalized, as in a run: rows are warm then. */
const bodies = Array.from({ length: Math.ceil(Math.min(count, 20_000) / PAGE) }, (_, p) =>
  JSON.stringify(messages(p * PAGE, (p + 1) * PAGE)),
);

function run(hints) {
  const resource = { name: 'messages', hints };
  const normalizer = createNormalizer({ schema: newSchema('bench'), loadId: '1700000000.1', capabilities, seed: new Uint8Array(16) });
  let parsing = 0;
  let normalizing = 0;
  for (let done = 0; done < count; done += PAGE) {
    const started = performance.now();
    const rows = JSON.parse(bodies[(done / PAGE) % bodies.length]);
    const parsed = performance.now();
    normalizer.addRows(resource, rows);
    normalizer.drain();
    normalizing += performance.now() - parsed;
    parsing += parsed - started;
  }
  normalizer.drain(true);
  const rows = Object.values(normalizer.finish().rowCounts).reduce((sum, rowsOfTable) => sum + rowsOfTable, 0);
  return { normalizing: (normalizing * 1000) / count, parsing: (parsing * 1000) / count, rows: rows / count };
}

const cases = {
  append: { primary_key: 'id' },
  'delete-insert': { primary_key: 'id', write_disposition: 'merge' },
  upsert: { primary_key: 'id', write_disposition: { disposition: 'merge', strategy: 'upsert' } },
};
for (const [name, hints] of Object.entries(cases)) {
  const runs = Array.from({ length: 5 }, () => run(hints));
  const best = runs.reduce((a, b) => (b.normalizing < a.normalizing ? b : a));
  console.log(
    `${name.padEnd(14)} ${best.normalizing.toFixed(2)} µs a record of ${best.rows.toFixed(1)} rows (JSON.parse: ${best.parsing.toFixed(2)} µs)`,
  );
}
console.log(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB, bodies included`);
