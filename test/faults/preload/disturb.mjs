// Preloaded into a run (node --import). FAULTS is JSON: { driver, root?, shiftMs?, full?: { point, nth }, hang?: { point, nth } }.
// `full`: from that point on the disk is full, and the first write is cut short. `hang`: that call never ends.
import { wrapPoints } from './points.mjs';

const { driver, root, shiftMs, full, hang } = JSON.parse(process.env.FAULTS);

if (shiftMs !== undefined) {
  const RealDate = Date;
  globalThis.Date = class extends RealDate {
    constructor(...args) {
      super(...(args.length === 0 ? [RealDate.now() + shiftMs] : args));
    }
    static now = () => RealDate.now() + shiftMs;
  };
}

const seen = {};
let isFull = false;
if (full !== undefined || hang !== undefined) {
  await wrapPoints({ driver, root }, ({ point, call, part }) => {
    seen[point] = (seen[point] ?? 0) + 1;
    if (point === hang?.point && seen[point] === hang.nth) {
      // Both are lines that a test waits for.
      for (const signal of ['SIGINT', 'SIGTERM']) process.prependListener(signal, () => process.stderr.write(`got ${signal}\n`));
      process.stderr.write(`hangs at ${point}\n`);
      return new Promise(() => setInterval(() => undefined, 1000));
    }
    if (point !== full?.point || seen[point] < full.nth) return call();
    if (!isFull && part !== undefined) {
      isFull = true;
      return part(0.5);
    }
    return Promise.reject(Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', errno: -28 }));
  });
}
