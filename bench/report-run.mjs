// Imported before the command line: writes what the run took when it ends, as JSON, to the file that BENCH_REPORT names.
import { writeFileSync } from 'node:fs';
import { Load } from '../dist/load/load.js';
import { OrderedLog } from '../dist/page-log/ordered-log.js';
import { PageLog } from '../dist/page-log/page-log.js';

/** When a step was called for the first time, and how long all of its calls took: milliseconds. */
const steps = {};

function time(name, prototype, method) {
  const original = prototype[method];
  prototype[method] = async function (...args) {
    const start = performance.now();
    steps[name] ??= { first: start, sum: 0 };
    try {
      return await original.apply(this, args);
    } finally {
      steps[name].sum += performance.now() - start;
    }
  };
}
time('log', PageLog.prototype, 'append');
time('walk', OrderedLog.prototype, 'walk');
time('page', OrderedLog.prototype, 'page');
time('write', Load.prototype, 'write');
time('commit', Load.prototype, 'commit');

process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const { log, walk, page, write, commit } = steps;
  const phases = {
    start: log.first,
    'fetch and log': walk.first - log.first,
    'read the log': page.sum,
    'decode and normalize into columns': commit.first - walk.first - page.sum - write.sum,
    'wait for the destination to take them': write.sum,
    commit: commit.sum,
    end: performance.now() - commit.first - commit.sum,
  };
  const report = { megabytes: maxRSS / 1024, cpu: (userCPUTime + systemCPUTime) / 1e6, phases };
  writeFileSync(process.env.BENCH_REPORT, JSON.stringify(report));
});
