// What the page log costs: the pages of a folder are appended as a run would, synced, and read again.
// usage: node bench/page-log.mjs FOLDER
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PageLog } from '../dist/page-log/page-log.js';
import { readLog } from '../dist/page-log/read-log.js';

/** Seconds to write and to read the pages: no part of it overlaps with anything, as it would in a run. */
export async function timePageLog(folder) {
  const pages = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
  const dir = mkdtempSync(join(tmpdir(), 'syncline-bench-log-'));
  try {
    const start = performance.now();
    {
      const log = await PageLog.create(join(dir, 'log'), { kind: 'run', loadId: '1.0', state: {}, resources: ['messages'] });
      await log.append({ kind: 'walk', walk: 0, resource: 'messages', plan: {} });
      for (const [index, body] of pages.entries()) {
        const next = index + 1 < pages.length ? { next: { cursor: (index + 1) * 100 } } : { stop: 'total_reached' };
        const url = `http://127.0.0.1/v1/messages?offset=${index * 100}&limit=100`;
        await log.append({ kind: 'page', walk: 0, index, url, selector: 'data', rowCount: 100, total: 100_000, ...next }, body);
      }
      await log.append({ kind: 'end', walk: 0, reason: 'total_reached', pages: pages.length });
      await log.append({ kind: 'complete' });
      await log.close();
    }
    const written = performance.now();
    let bytes = 0;
    for await (const { body } of readLog(join(dir, 'log'))) bytes += body.length;
    return { write: (written - start) / 1000, read: (performance.now() - written) / 1000, megabytes: bytes / 1e6 };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

if (process.argv[1] === import.meta.filename) {
  const { write, read, megabytes } = await timePageLog(process.argv[2]);
  console.log(`page log of ${megabytes.toFixed(0)} MB: ${write.toFixed(2)} s to write and sync, ${read.toFixed(2)} s to read`);
}
