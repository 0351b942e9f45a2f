import { describe, expect, it } from 'vitest';
import type { LogEntry } from './log-entry.ts';
import { LogStash } from './log-stash.ts';
import type { LogRecord } from './records.ts';

let offset = 0;
const entry = (record: LogRecord): LogEntry => ({ record, body: Buffer.alloc(1000), position: { segment: 1, offset: (offset += 2000) } });
const page = (walk: number, index: number): LogEntry => entry({ kind: 'page', walk, index, url: '', selector: '$', rowCount: 1 });

describe('LogStash', () => {
  it('keeps no page past the end of a walk that has been read', () => {
    const stash = new LogStash(3000);
    const [past, other] = [page(0, 5), page(1, 0)];
    stash.put(past);
    stash.forget(0);
    stash.put(other);
    expect(stash.take({ kind: 'page', walk: 1, index: 0 })).toMatchObject({ record: other.record });
  });

  it('keeps no page that is settled before the one that was wanted last', () => {
    const stash = new LogStash(0);
    const isSettled = (at: number) => stash.rulesOut({ kind: 'walk', resource: 'child', parent: { walk: 0, page: at, row: 0 } });
    for (const at of [0, 1, 2]) stash.put(page(0, at));
    for (const at of [2, 0]) stash.put(entry({ kind: 'settled', walk: 0, page: at }));
    for (const index of [0, 1]) stash.take({ kind: 'page', walk: 0, index });
    expect([0, 1, 2].map(isSettled)).toEqual([false, false, true]);
    stash.put(entry({ kind: 'settled', walk: 0, page: 0 }));
    expect(isSettled(0)).toBe(false);
  });
});
