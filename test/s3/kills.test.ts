import { beforeAll, describe, expect, it } from 'vitest';
import { newSchema } from '../../src/core/schema-hash.ts';
import { batchOf } from '../../src/testing/index.ts';
import { events, load, schemaOf } from '../filesystem/file-load.ts';
import { age, BUCKET, layoutOf, openBucket, visibleIn } from './bucket-load.ts';
import { setS3Credentials } from './s3-credentials.ts';
import { type Bucket, S3Server } from './s3-server.ts';

const CHANGES = ['put', 'copy', 'delete-many'];
const SECOND = '1700000002.5';

setS3Credentials();

/** A server with a bucket; its lists come in small pages. */
function serve(bucket: Bucket = new Map()): { server: S3Server; bucket: Bucket } {
  const server = new S3Server();
  server.pageSize = 3;
  server.buckets.set(BUCKET, bucket);
  return { server, bucket };
}

/** Does loads into a bucket, one after the other. */
async function loadAll(server: S3Server, numbers: readonly number[]): Promise<void> {
  await using line = await server.line();
  await using dataset = await openBucket(line);
  for (const number of numbers) await load(dataset, number);
}

async function undisturbed(numbers: readonly number[]): Promise<Bucket> {
  const { server, bucket } = serve();
  await loadAll(server, numbers);
  return bucket;
}

/** What is in the bucket when the second load is killed before one of its changes; `undefined` when it has no such. */
async function killedBefore(change: number, base: Bucket): Promise<Bucket | undefined> {
  const { server, bucket } = serve(new Map(base));
  let count = 0;
  const line = await server.line(({ action }) => {
    if (CHANGES.includes(action)) count += 1;
    if (count >= change) line.cut();
    return undefined;
  });
  const dataset = await openBucket(line);
  await load(dataset, 2).catch(() => undefined);
  line.cut();
  // It cannot undo anything any more.
  await dataset[Symbol.asyncDispose]().then(undefined, () => undefined);
  return count >= change ? bucket : undefined;
}

/** Buckets in which the second load was killed, before one of its changes each. */
const killed: Bucket[] = [];

beforeAll(async () => {
  const base = await undisturbed([1]);
  for (let change = 1; ; change += 1) {
    const bucket = await killedBefore(change, base);
    if (bucket === undefined) break;
    killed.push(bucket);
  }
}, 60_000);

describe('a load into a bucket that is killed', { timeout: 60_000 }, () => {
  it('is seen whole or not at all, and nothing of it twice', async () => {
    const seen = new Set<string>();
    for (const each of killed) {
      const { server, bucket } = serve(new Map(each));
      await using line = await server.line();
      await using dataset = await openBucket(line);
      const restored = await dataset.restore('p', 'api');
      const rows = JSON.stringify(visibleIn(bucket));
      // Completes a commit that was broken off.
      const run = await dataset.findRun('p', `run ${SECOND}`);
      seen.add(`${rows} ${restored?.lastLoadId} ${restored?.state?._state_version} ${restored?.parentCursors?.length} ${run?.runId}`);
    }
    expect([...seen].toSorted()).toEqual([
      '{"events":[1,2],"settings":[1,2]} 1700000002.5 2 2 run 1700000002.5',
      '{"events":[1,2],"settings":[2]} 1700000002.5 2 2 run 1700000002.5',
      '{"events":[1],"settings":[1]} 1700000001.5 1 1 undefined',
    ]);
    expect(killed.length).toBeGreaterThan(15);
  });

  it('is done again by the same load, and leaves nothing behind', async () => {
    const want = layoutOf(await undisturbed([1, 2]));
    for (const each of killed.filter((_, index) => index % 2 === 0)) {
      const { server, bucket } = serve(new Map(each));
      await using line = await server.line();
      await using dataset = await openBucket(line);
      if (!(await dataset.isCommitted(SECOND))) await load(dataset, 2);
      expect(visibleIn(bucket)).toEqual({ events: [1, 2], settings: [2] });
      expect((await dataset.restore('p', 'api'))?.schema?.version_hash).toBe(schemaOf(SECOND).version_hash);
      expect(layoutOf(bucket)).toEqual(want);
    }
  });

  it('is cleared away by the next load once its process is silent', async () => {
    const [with2, without2] = [layoutOf(await undisturbed([1, 2, 3])), layoutOf(await undisturbed([1, 3]))];
    for (const each of killed.filter((_, index) => index % 2 === 1)) {
      const { server, bucket } = serve(new Map(each));
      const had2 = visibleIn(bucket).events.includes(2);
      age(bucket);
      await loadAll(server, [3]);
      expect(layoutOf(bucket)).toEqual(had2 ? with2 : without2);
      expect(visibleIn(bucket)).toEqual({ events: had2 ? [1, 2, 3] : [1, 3], settings: [3] });
    }
  });
});

describe('two loads into one bucket', { timeout: 60_000 }, () => {
  it('leave each other alone while both live', async () => {
    const { server, bucket } = serve();
    await using line = await server.line();
    await using first = await openBucket(line);
    const info = { loadId: SECOND, pipeline: 'p', startedAt: new Date(0), schema: newSchema('api'), replaced: [] };
    const transaction = await first.begin(info);
    await transaction.migrate([{ kind: 'create_table', table: events, columns: Object.values(events.columns) }]);
    await transaction.write(batchOf(events, [{ id: 2, _dlt_load_id: SECOND, _dlt_id: 'a' }]));
    await loadAll(server, [1]);
    await transaction.commit({ schema: schemaOf(SECOND), state: undefined });
    expect(visibleIn(bucket).events).toEqual([1, 2]);
    expect(layoutOf(bucket).filter((key) => key.includes('_syncline_staging'))).toEqual([]);
  });

  it('are both whole when they end at the same time', async () => {
    const { server, bucket } = serve();
    await Promise.all([1, 2, 3, 4].map((number) => loadAll(server, [number])));
    const { events: rows, settings } = visibleIn(bucket);
    expect(rows).toEqual([1, 2, 3, 4]);
    expect(settings.length).toBeGreaterThan(0);
    expect(layoutOf(bucket).filter((key) => key.includes('_syncline_staging'))).toEqual([]);
  });
});

describe('a process that was frozen', { timeout: 60_000 }, () => {
  /** Holds the second load before one of its changes until another load has cleared it away. What the bucket has then, and how it ended. */
  async function frozenBefore(
    change: number,
    base: Bucket,
  ): Promise<{ bucket: Bucket; visibleThen: number[]; error: unknown } | undefined> {
    const { server, bucket } = serve(new Map(base));
    let count = 0;
    const { promise: frozen, resolve: freeze } = withResolvers();
    const { promise: awake, resolve: wake } = withResolvers();
    await using line = await server.line(async ({ action }) => {
      if (CHANGES.includes(action)) count += 1;
      if (count < change) return undefined;
      freeze();
      await awake;
      return undefined;
    });
    const dataset = await openBucket(line);
    const loading = load(dataset, 2).then(
      () => undefined,
      (error: unknown) => error,
    );
    const isFrozen = await Promise.race([frozen.then(() => true), loading.then(() => false)]);
    if (isFrozen) {
      age(bucket);
      await loadAll(server, [3]);
    }
    const visibleThen = visibleIn(bucket).events;
    wake();
    const error = await loading;
    await dataset[Symbol.asyncDispose]();
    return isFrozen ? { bucket, visibleThen, error } : undefined;
  }

  it('cannot commit any more when another load has cleared it away, and leaves nothing behind', async () => {
    const base = await undisturbed([1]);
    const [with2, without2] = [layoutOf(await undisturbed([1, 2, 3])), layoutOf(await undisturbed([1, 3]))];
    const ends = new Set<string>();
    for (let change = 2; ; change += 1) {
      const found = await frozenBefore(change, base);
      if (found === undefined) break;
      const { bucket, visibleThen, error } = found;
      const code = error === undefined ? 'committed' : (error as { code?: string }).code;
      ends.add(`${code} ${visibleThen.includes(2)}`);
      expect([change, visibleIn(bucket).events]).toEqual([change, visibleThen]);
      expect([change, layoutOf(bucket)]).toEqual([change, visibleThen.includes(2) ? with2 : without2]);
    }
    expect([...ends].toSorted()).toEqual(['committed true', 'load_cleared false']);
  });
});

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
