import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/core/events.ts';
import { createGovernor, type Governor, type GovernorOptions } from '../../src/rest/governor.ts';
import { createFakeClock } from './fake-clock.ts';

interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds until the connection stands. */
  readonly connectMs?: number;
  /** Milliseconds until the answer. */
  readonly tookMs?: number;
}

/** A governor on a fake clock, and what it let go. */
function open(options: Partial<GovernorOptions> = {}) {
  const clock = createFakeClock();
  const events: RunEvent[] = [];
  const governor = createGovernor({
    concurrency: { limit: 4, explicit: false },
    rateLimits: [],
    maxWait: 300,
    now: clock.now,
    elapsed: clock.now,
    sleep: clock.sleep,
    ...options,
  });
  const sent: { readonly resource: string; readonly name: number; readonly at: number }[] = [];
  let underWay = 0;
  let most = 0;
  return {
    clock,
    events,
    governor,
    sent,
    get underWay() {
      return underWay;
    },
    get most() {
      return most;
    },
    /** Sends one request through the governor. */
    ask(
      resource: string,
      name = 0,
      { status = 200, headers = {}, connectMs = 0, tookMs = 10, signal }: Reply & { signal?: AbortSignal } = {},
    ) {
      return governor.turn({ resource, signal, emit: (event) => events.push(event) }, (turn) =>
        turn.send(async (watch) => {
          underWay += 1;
          most = Math.max(most, underWay);
          if (connectMs > 0) await clock.sleep(connectMs);
          sent.push({ resource, name, at: clock.now() });
          watch.sent();
          await clock.sleep(tookMs);
          watch.answered(status, headers);
          underWay -= 1;
          return status;
        }),
      );
    },
  };
}

/** The most that any span of so many milliseconds has. */
function mostWithin(times: readonly number[], spanMs: number): number {
  return Math.max(0, ...times.map((end) => times.filter((at) => at > end - spanMs && at <= end).length));
}

const requests = fc.array(
  fc.record({
    resource: fc.constantFrom('a', 'b', 'c'),
    at: fc.integer({ min: 0, max: 3000 }),
    connectMs: fc.constantFrom(0, 0, 0, 30, 400),
    tookMs: fc.integer({ min: 1, max: 300 }),
  }),
  { minLength: 1, maxLength: 60 },
);
const windows = fc.array(fc.record({ requests: fc.integer({ min: 1, max: 8 }), per: fc.constantFrom(0.2, 0.5, 1, 2.5) }), { maxLength: 2 });

describe('the governor', () => {
  it('exceeds no limit in any span, lets all go in order, and leaves nobody waiting', async () => {
    await fc.assert(
      fc.asyncProperty(requests, windows, fc.integer({ min: 1, max: 6 }), async (asked, rateLimits, limit) => {
        const it = open({ rateLimits, concurrency: { limit, explicit: true } });
        const all = asked
          .toSorted((a, b) => a.at - b.at)
          .map(async ({ resource, at, ...reply }, name) => {
            await it.clock.sleep(at);
            return it.ask(resource, name, reply);
          });
        await it.clock.run();
        await Promise.all(all);
        expect(it.sent).toHaveLength(asked.length);
        const times = it.sent.map(({ at }) => at);
        for (const window of rateLimits) expect(mostWithin(times, window.per * 1000)).toBeLessThanOrEqual(window.requests);
        expect(it.most).toBeLessThanOrEqual(limit);
        // Side by side, a connection that takes long to be made lets others overtake.
        const kinds = limit > 1 ? [] : ['a', 'b', 'c'];
        for (const kind of kinds) {
          const names = it.sent.filter(({ resource }) => resource === kind).map(({ name }) => name);
          expect(names).toEqual(names.toSorted((a, b) => a - b));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('reaches what a limit allows', async () => {
    const it = open({ rateLimits: [{ requests: 20, per: 1 }] });
    const all = Array.from({ length: 200 }, (_, name) => it.ask('a', name, { tookMs: 20 + (name % 7) * 5 }));
    await it.clock.run();
    await Promise.all(all);
    // From the first of the first span to the first of the last one.
    const seconds = ((it.sent[180]?.at ?? 0) - (it.sent[0]?.at ?? 0)) / 1000;
    expect(180 / seconds / 20).toBeGreaterThanOrEqual(0.95);
  });

  it('counts a request from when its connection stands', async () => {
    const it = open({ rateLimits: [{ requests: 1, per: 1 }] });
    const all = [it.ask('a', 0, { connectMs: 700 }), it.ask('a', 1)];
    await it.clock.run();
    await Promise.all(all);
    expect((it.sent[1]?.at ?? 0) - (it.sent[0]?.at ?? 0)).toBeGreaterThanOrEqual(1000);
  });

  it('does not count a request that was never sent', async () => {
    const it = open({ rateLimits: [{ requests: 1, per: 100 }] });
    const failed = it.governor.turn({ resource: 'a' }, (turn) => turn.send(() => Promise.reject(new Error('no connection'))));
    await expect(failed).rejects.toThrow('no connection');
    await Promise.all([it.ask('a', 1), it.clock.run(1000)]);
    expect(it.sent).toHaveLength(1);
  });

  it('keeps limits that hold together', async () => {
    const it = open({
      rateLimits: [
        { requests: 2, per: 1 },
        { requests: 5, per: 10 },
      ],
    });
    const all = Array.from({ length: 7 }, (_, name) => it.ask('a', name));
    await it.clock.run(9000);
    expect(it.sent).toHaveLength(5);
    await it.clock.run();
    await Promise.all(all);
    expect(it.sent).toHaveLength(7);
  });

  it('lets resources take turns, each in its own order', async () => {
    const it = open({ concurrency: { limit: 1, explicit: true } });
    const all = [0, 1, 2, 3].map((name) => it.ask('a', name));
    all.push(it.ask('b', 0), it.ask('b', 1), it.ask('c', 0));
    await it.clock.run();
    await Promise.all(all);
    expect(it.sent.map(({ resource, name }) => `${resource}${name}`)).toEqual(['a0', 'a1', 'b0', 'c0', 'a2', 'b1', 'a3']);
  });

  it('forgets who does not want to wait any longer, at once', async () => {
    const it = open({ concurrency: { limit: 1, explicit: true } });
    const abort = new AbortController();
    const first = it.ask('a', 0);
    const second = it.ask('a', 1, { signal: abort.signal });
    const third = it.ask('a', 2);
    const reason = new Error('stop');
    abort.abort(reason);
    await expect(second).rejects.toBe(reason);
    await expect(it.ask('a', 3, { signal: abort.signal })).rejects.toBe(reason);
    await it.clock.run();
    await Promise.all([first, third]);
    expect(it.sent.map(({ name }) => name)).toEqual([0, 2]);
  });

  it('sends token requests and redirects in the same turn, and counts them', async () => {
    const it = open({ concurrency: { limit: 1, explicit: true }, rateLimits: [{ requests: 2, per: 1 }] });
    const times: number[] = [];
    const done = it.governor.turn({ resource: 'a' }, async (turn) => {
      for (let hop = 0; hop < 3; hop += 1)
        await turn.send(async (watch) => {
          times.push(it.clock.now());
          watch.sent();
          await it.clock.sleep(1);
          watch.answered(200, {});
        });
    });
    await it.clock.run();
    await done;
    expect(mostWithin(times, 1000)).toBe(2);
    expect(times).toHaveLength(3);
  });

  it('lets nobody begin to prove who it is for a rate that others will have used up', async () => {
    const it = open({ rateLimits: [{ requests: 1, per: 10 }] });
    const begun: number[] = [];
    const ask = () =>
      it.governor.turn({ resource: 'a' }, async (turn) => {
        begun.push(it.clock.now());
        await it.clock.sleep(500);
        await turn.send(async (watch) => watch.sent());
      });
    const all = [ask(), ask()];
    await it.clock.run();
    await Promise.all(all);
    expect(begun).toEqual([0, 10_600]);
  });

  it('sleeps for nobody who has left', async () => {
    const it = open({ rateLimits: [{ requests: 1, per: 1000 }] });
    await Promise.all([it.ask('a'), it.clock.run()]);
    const abort = new AbortController();
    const second = it.ask('a', 1, { signal: abort.signal });
    abort.abort(new Error('stop'));
    await expect(second).rejects.toThrow('stop');
    await it.clock.run();
    expect(it.clock.now()).toBe(10);
  });

  it('gives tokens the rate before those who wait for them', async () => {
    const it = open({ rateLimits: [{ requests: 3, per: 1 }] });
    let token: Promise<void> | undefined;
    const ask = (governor: Governor) =>
      governor.turn({ resource: 'a' }, async (turn) => {
        const send = () =>
          turn.send(async (watch) => {
            watch.sent();
            await it.clock.sleep(1);
            watch.answered(200, {});
          });
        token ??= (async () => {
          for (let tries = 0; tries < 3; tries += 1) {
            await send();
            await it.clock.sleep(1500);
          }
        })();
        await token;
        await send();
      });
    const all = Array.from({ length: 6 }, () => ask(it.governor));
    await it.clock.run();
    expect(await Promise.all(all)).toHaveLength(6);
  });
});

describe('what an API asks for', () => {
  it.each([
    ['429 with Retry-After', 429, { 'retry-after': '5' }],
    ['503 with Retry-After', 503, { 'retry-after': '5' }],
    ['a used up quota', 200, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '5' }],
    ['a used up quota of the drafts', 200, { ratelimit: '"default";r=0;t=5' }],
    ['403 with a used up quota', 403, { 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': '5' }],
  ])('holds back all others: %s', async (_, status, headers) => {
    const it = open({ concurrency: { limit: 1, explicit: true } });
    const all = [it.ask('a', 0, { status, headers }), it.ask('a', 1), it.ask('b', 2)];
    await it.clock.run();
    await Promise.all(all);
    expect(it.sent.map(({ at }) => at)).toEqual([0, 5010, 5020]);
  });

  it('is told while nothing is asked, once', async () => {
    const it = open({ concurrency: { limit: 1, explicit: true } });
    const headers = { 'ratelimit-remaining': '0', 'ratelimit-reset': '30' };
    const all = [it.ask('a', 0, { headers }), it.ask('b', 1), it.ask('c', 2)];
    await it.clock.run();
    await Promise.all(all);
    expect(it.events).toEqual([{ type: 'pause', resource: 'b', waitMs: 30_000, reason: 'asked for by the API' }]);
  });

  it('of more than max_wait is not waited for', async () => {
    const it = open({ concurrency: { limit: 1, explicit: true } });
    const headers = { 'ratelimit-remaining': '0', 'ratelimit-reset': '301' };
    const all = [
      it.ask('a', 0, { headers }),
      it.ask('b', 1),
      it.ask('a', 2, { status: 429, headers: { 'retry-after': '301' } }),
      it.ask('a', 3),
    ];
    await it.clock.run();
    await Promise.all(all);
    expect(it.sent.map(({ at }) => at)).toEqual([0, 10, 20, 30]);
  });

  it('leaves so many requests and no more until the count starts again', async () => {
    const it = open();
    const quota = (remaining: number) => ({ headers: { 'x-ratelimit-remaining': String(remaining), 'x-ratelimit-reset': '9' } });
    // The first three are on the way when the first one says that two are left: those.
    const all = [it.ask('a', 0, quota(3)), it.ask('a', 1, { tookMs: 20 }), it.ask('a', 2, { tookMs: 20 })];
    all.push(...[3, 4].map((name) => it.ask('a', name, { tookMs: 30 })));
    await it.clock.run(5000);
    expect(it.sent).toHaveLength(4);
    await it.clock.run();
    await Promise.all(all);
    expect(it.sent.at(-1)?.at).toBe(9010);
  });

  it('is not undone by an answer that was overtaken', async () => {
    const it = open({ concurrency: { limit: 2, explicit: true } });
    const quota = (remaining: number) => ({ 'x-ratelimit-remaining': String(remaining), 'x-ratelimit-reset': '9' });
    const all = [it.ask('a', 0, { headers: quota(1), tookMs: 50 }), it.ask('a', 1, { headers: quota(0), tookMs: 20 }), it.ask('a', 2)];
    await it.clock.run();
    await Promise.all(all);
    expect(it.sent.at(-1)?.at).toBe(9020);
  });

  it('becomes the limit where the configuration has none', async () => {
    const it = open({ rateLimits: undefined, concurrency: { limit: 1, explicit: true } });
    const headers = { 'ratelimit-policy': '"default";q=3;w=10' };
    const all = Array.from({ length: 5 }, (_, name) => it.ask('a', name, { headers }));
    await it.clock.run(9000);
    expect(it.sent).toHaveLength(3);
    await it.clock.run();
    await Promise.all(all);
    expect(it.events.map(({ type }) => type)).toEqual(['debug', 'pause']);
  });

  it('does not touch the limits of the configuration', async () => {
    const it = open({ rateLimits: [] });
    const headers = { 'ratelimit-policy': '"default";q=1;w=10' };
    const all = Array.from({ length: 5 }, (_, name) => it.ask('a', name, { headers }));
    await it.clock.run(5000);
    await Promise.all(all);
    expect(it.sent).toHaveLength(5);
  });
});

describe('after a refusal', () => {
  it('one request goes at a time, and one more after each round of good answers', async () => {
    const it = open({ concurrency: { limit: 4, explicit: true } });
    await Promise.all([it.ask('a', 0, { status: 429, tookMs: 1 }), it.clock.run()]);
    const all = Array.from({ length: 30 }, (_, name) => it.ask('a', name, { tookMs: 100 }));
    const sideBySide: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      await it.clock.run(it.clock.now());
      sideBySide.push(it.underWay);
      await it.clock.run(it.clock.now() + 100);
    }
    expect(sideBySide).toEqual([1, 2, 3, 4, 4, 4]);
    await it.clock.run();
    await Promise.all(all);
  });

  it('good answers to what was sent before do not count', async () => {
    const it = open({ concurrency: { limit: 3, explicit: true } });
    const before = [it.ask('a', 0, { status: 429, tookMs: 1 }), it.ask('a', 1, { tookMs: 20 }), it.ask('a', 2, { tookMs: 20 })];
    await it.clock.run(5);
    const all = [3, 4, 5].map((name) => it.ask('a', name, { tookMs: 100 }));
    await it.clock.run(50);
    expect(it.underWay).toBe(1);
    await it.clock.run();
    await Promise.all([...before, ...all]);
  });

  it('a pause holds for everybody and is not told twice', async () => {
    const it = open();
    it.governor.pause(8000);
    it.governor.pause(3000);
    const asked = it.ask('a');
    await it.clock.run();
    await asked;
    expect(it.sent[0]?.at).toBe(8000);
    expect(it.events).toEqual([]);
  });
});
