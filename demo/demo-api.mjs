// A small messaging API on loopback, in the shape of the guide: /v1/messages, the api key in the query,
// offset pages of at most 100, rows under `data`. Now and then it answers 429 or 503, as real APIs do.
import { createServer } from 'node:http';

const STATUSES = ['queued', 'sent', 'delivered', 'failed', 'read'];
const TAGS = ['vip', 'billing', 'support', 'promo', 'onboarding'];
const WORDS =
  'hello thanks for your order it ships today please reply yes to confirm your visit at noon the invoice is attached see you soon 👍 ¿qué tal? grüße'.split(
    ' ',
  );
const PAGE_SIZE = 100;

/** Numbers in [0, 1) that depend on the seed alone. */
function random(seed) {
  let state = (seed * 2654435761) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 4294967296;
  };
}

/** Message number `i`; the same number gives the same message, whatever else is asked for. */
export function message(i) {
  const next = random(i + 1);
  const pick = (list) => list[Math.floor(next() * list.length)];
  const upTo = (n) => Math.floor(next() * (n + 1));
  const phone = (area) => `+1${area}${String(Math.floor(next() * 1e7)).padStart(7, '0')}`;
  const created = new Date(Date.UTC(2026, 0, 1) + i * 97_000);
  return {
    id: `msg_${String(i).padStart(7, '0')}`,
    direction: pick(['inbound', 'outbound']),
    status: pick(STATUSES),
    created_at: created.toISOString(),
    updated_at: new Date(created.getTime() + upTo(86_400) * 1000).toISOString(),
    body: Array.from({ length: 6 + upTo(30) }, () => pick(WORDS)).join(' '),
    segments: 1 + upTo(3),
    price: { amount: upTo(9999) / 10_000, currency: 'USD' },
    from: {
      number: phone('555'),
      name: upTo(2) === 0 ? null : `Customer ${upTo(400)}`,
      carrier: { name: pick(['Northwind', 'Bluebird', 'Acme']), country: pick(['US', 'CA', 'MX']) },
    },
    to: Array.from({ length: 1 + upTo(2) }, () => ({ number: phone('444'), status: pick(['delivered', 'pending']) })),
    attachments: Array.from({ length: upTo(2) }, (_, k) => ({
      id: `att_${i}_${k}`,
      content_type: pick(['image/png', 'audio/ogg', 'application/pdf']),
      size: upTo(5_000_000),
    })),
    tags: Array.from({ length: upTo(3) }, () => pick(TAGS)),
  };
}

/**
 * Starts the API on a free port. `faults` maps the number of a request (from 1) to a status;
 * `change()` edits some messages and adds some, as time does, and says how many.
 */
export async function startDemoApi({ count, apiKey, faults = {} }) {
  const messages = Array.from({ length: count }, (_, i) => message(i));
  let requests = 0;
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://localhost');
    const answer = (status, body, headers = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body));
    };
    if (url.pathname !== '/v1/messages') return answer(404, { error: 'There is only /v1/messages.' });
    if (url.searchParams.get('api_key') !== apiKey) return answer(401, { error: 'The api_key is missing or wrong.' });
    const fault = faults[++requests];
    if (fault !== undefined) return answer(fault, { error: 'Try again later.' }, { 'retry-after': '1' });
    const offset = Number(url.searchParams.get('offset') ?? 0);
    const limit = Math.min(Number(url.searchParams.get('limit') ?? PAGE_SIZE), PAGE_SIZE);
    return answer(200, { data: messages.slice(offset, offset + limit), total: messages.length });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    get requests() {
      return requests;
    },
    change() {
      const edited = messages.filter((_, i) => i % 250 === 7);
      for (const m of edited) {
        m.status = m.status === 'read' ? 'archived' : 'read';
        m.tags = ['vip', 'reviewed'];
        m.updated_at = '2026-11-01T09:00:00.000Z';
      }
      const added = Array.from({ length: 5 }, (_, i) => message(count + i));
      messages.push(...added);
      return { edited: edited.length, added: added.length };
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  };
}
