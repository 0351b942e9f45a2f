// An API on loopback, in a process of its own, with offset pages and a total. It answers after
// LATENCY ms and refuses each request that exceeds one of its limits in any span: a strict sliding window.
// usage: node governor-api.mjs PAGES LATENCY LIMITS, limits as JSON [{"requests", "per"}]. "stop" makes it tell what it saw.
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

const ROWS = 10;
const [pages, latency] = process.argv.slice(2, 4).map(Number);
const limits = JSON.parse(process.argv[4]);
const arrivals = [];
let violations = 0;
let underWay = 0;
let most = 0;

const server = createServer((request, response) => void answer(request, response));

async function answer(request, response) {
  const now = performance.now();
  const isOver = limits.some(({ requests, per }) => arrivals.filter((at) => at > now - per * 1000).length >= requests);
  arrivals.push(now);
  underWay += 1;
  most = Math.max(most, underWay);
  if (latency > 0) await delay(latency);
  underWay -= 1;
  if (isOver) {
    violations += 1;
    response.writeHead(429).end();
    return;
  }
  const offset = Number(new URL(request.url, 'http://localhost').searchParams.get('offset') ?? 0);
  const total = pages * ROWS;
  const data = Array.from({ length: Math.max(0, Math.min(ROWS, total - offset)) }, (_, i) => ({ id: offset + i }));
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data, total }));
}
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));

process.on('message', () => {
  const seconds = (arrivals.at(-1) - arrivals[0]) / 1000;
  process.send({ requests: arrivals.length, seconds, violations, most }, () => process.exit());
});
