// Preloaded into a run (node --import): counts its points, or kills it at one of them.
// FAULTS is JSON: { driver, root?, log?, counts?, kill?: { point, nth, when, share } }.
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { wrapPoints } from './points.mjs';

const { cli, driver, root, log, counts, kill } = JSON.parse(process.env.FAULTS);
const MIDDLE_MS = 3;

if (log !== undefined) await shrinkLog(log);
const killSoon = kill?.when === 'middle' ? await sniper() : undefined;
const seen = {};

await wrapPoints({ driver, root }, ({ point, call, part, isChange }) => {
  const names = isChange ? [point, 'change'] : [point];
  for (const name of names) seen[name] = (seen[name] ?? 0) + 1;
  if (kill === undefined || !names.includes(kill.point) || kill.nth !== seen[kill.point]) return call();
  if (kill.when === 'before') die();
  if (kill.when === 'middle') {
    if (part !== undefined) return part(kill.share).then(die, die);
    killSoon(kill.share * MIDDLE_MS);
    return call();
  }
  const result = call();
  if (typeof result?.then !== 'function') die();
  return result.then(die, die);
});

if (counts !== undefined) process.on('exit', () => writeFileSync(counts, JSON.stringify(seen)));

function die() {
  process.kill(process.pid, 'SIGKILL');
  // The signal may take a moment: nothing of the run may happen in it.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

/** A thread that kills the process while its main thread is busy. */
async function sniper() {
  const order = new SharedArrayBuffer(16);
  const worker = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
     const flag = new Int32Array(workerData, 0, 1);
     parentPort.postMessage('ready');
     Atomics.wait(flag, 0, 0);
     Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, new Float64Array(workerData, 8, 1)[0]);
     process.kill(process.pid, 'SIGKILL');`,
    { eval: true, workerData: order, execArgv: [] },
  );
  await new Promise((resolve) => worker.once('message', resolve));
  worker.unref();
  return (ms) => {
    new Float64Array(order, 8, 1)[0] = ms;
    Atomics.store(new Int32Array(order, 0, 1), 0, 1);
    Atomics.notify(new Int32Array(order, 0, 1), 0);
  };
}

/** Gives the page log segments and a queue so small that a short run fills many. */
async function shrinkLog(options) {
  const { PageLog } = await import(new URL('../page-log/page-log.js', pathToFileURL(cli)).href);
  for (const name of ['create', 'resume']) {
    const original = PageLog[name];
    PageLog[name] = (dir, from, given) => original.call(PageLog, dir, from, { ...given, ...options });
  }
}
