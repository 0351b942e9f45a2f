// Keeps the promises of the governor against an API on loopback, and prints by how much. Ends with 1
// where one is broken. usage: node bench/governor.mjs
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { restApi } from '../dist/index.js';

const API = resolve(import.meta.dirname, 'governor-api.mjs');
const PAGES = 200;
let broken = 0;

/** Walks all pages of an API; gives what the API saw and how long the client took. */
async function walk({ pages, latency = 0, limits = [], client }) {
  const api = fork(API, [String(pages), String(latency), JSON.stringify(limits)]);
  const [{ port }] = await once(api, 'message');
  const source = restApi({
    client: { base_url: `http://127.0.0.1:${port}`, ...client },
    resources: [{ name: 'rows', endpoint: { data_selector: 'data', paginator: { type: 'offset', limit: 10 } } }],
  });
  const start = performance.now();
  let rows = 0;
  const [resource] = source.resources;
  for await (const page of resource.walk(resource.plan({}), { sequential: false })) rows += page.rowCount;
  const seconds = (performance.now() - start) / 1000;
  await source[Symbol.asyncDispose]();
  api.send('stop');
  const [seen] = await once(api, 'message');
  if (rows !== pages * 10) throw new Error(`${rows} rows came, not ${pages * 10}.`);
  return { seen, seconds };
}

function promise(text, isKept) {
  if (!isKept) broken += 1;
  console.log(`${isKept ? 'kept  ' : 'BROKEN'} ${text}`);
}

/** `spans` times what the slowest limit allows, and one request more: that one ends the last span. */
async function rate({ limits, spans }) {
  const slowest = limits.toSorted((a, b) => a.requests / a.per - b.requests / b.per)[0];
  const allowed = slowest.requests / slowest.per;
  const { seen } = await walk({ pages: slowest.requests * spans + 1, latency: 5, limits, client: { rate_limit: limits } });
  const ratio = (seen.requests - 1) / seen.seconds / allowed;
  const names = limits.map(({ requests, per }) => `${requests} in ${per} s`).join(' and ');
  promise(`${names}: ${ratio.toFixed(3)} of the rate reached over ${seen.seconds.toFixed(1)} s (at least 0.95)`, ratio >= 0.95);
  promise(`${names}: ${seen.violations} requests too many in any span (0)`, seen.violations === 0);
}

console.log('The governor. Command: npm run bench:governor');
await rate({ limits: [{ requests: 50, per: 1 }], spans: 6 });
await rate({
  limits: [
    { requests: 20, per: 0.5 },
    { requests: 60, per: 2 },
  ],
  spans: 3,
});

const sequential = await walk({ pages: PAGES, latency: 50, client: { concurrency: 1 } });
const few = await walk({ pages: PAGES, latency: 50, client: {} });
const many = await walk({ pages: PAGES, latency: 50, client: { concurrency: 16 } });
const compare = (name, run, most) => {
  const ratio = run.seconds / sequential.seconds;
  const text = `${PAGES} pages of 50 ms, ${name}: ${ratio.toFixed(3)} of the sequential time (at most ${most}), ${run.seen.requests} requests`;
  promise(text, ratio <= most);
};
compare('4 at once (default)', few, 0.3);
compare('16 at once', many, 0.12);
process.exitCode = broken > 0 ? 1 : 0;
