import { setImmediate as turn } from 'node:timers/promises';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../src/destinations/s3/connect.ts';
import { bucketStore } from '../../src/destinations/s3/bucket-store.ts';
import { placeOf } from '../../src/destinations/s3/bucket-place.ts';
import type { FileStore } from '../../src/destinations/filesystem/file-store.ts';
import { setS3Credentials } from './s3-credentials.ts';
import { type Asked, type Bucket, failure, type Line, S3Server } from './s3-server.ts';

setS3Credentials();
const server = new S3Server();
const bucket: Bucket = server.bucket('lake');
const asked: Asked[] = [];
/** What the server cannot do. */
let refusing = '';
let line: Line;
let store: FileStore;
let close: () => void;

beforeAll(async () => {
  line = await server.line((each) => {
    asked.push(each);
    return each.action === refusing ? failure(501, 'NotImplemented') : undefined;
  });
  const client = await connect(placeOf('lake', { endpoint: line.endpoint }));
  store = bucketStore({ client, bucket: 'lake', root: 'a b/data' });
  close = () => client.destroy();
});

afterAll(async () => {
  close();
  await line[Symbol.asyncDispose]();
});

async function pathsBelow(prefix: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const path of store.filesWithPrefix(prefix)) paths.push(path);
  return paths;
}

/** A name without what XML cannot hold. */
const name = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .filter((text) => !/[\p{Cc}\p{Cs}\p{Cn}/\\]/u.test(text) && !/^\.+$/.test(text));

describe('files in a bucket', () => {
  it('are kept under any name', async () => {
    await fc.assert(
      fc.asyncProperty(name, name, async (folder, file) => {
        bucket.clear();
        const [staged, path] = [`_syncline_staging/${folder}/${file}`, `${folder}/${file}`];
        await store.stage(staged, file);
        await store.place([[staged, path]]);
        expect(Buffer.from((await store.read(path)) ?? []).toString('utf8')).toBe(file);
        expect(await pathsBelow(`${folder}/`)).toEqual([path]);
        expect(await store.namesIn('_syncline_staging')).toEqual([folder]);
        await store.touch(path);
        await store.removeFolder('_syncline_staging');
        await store.remove([path]);
        expect(bucket.size).toBe(0);
      }),
      {
        numRuns: 50,
        examples: [
          ['a%2Fb', '+ &?#=.x'],
          ["it's (1)*!~", '"<ü>&amp;"'],
          ['%', '%25 %'],
        ],
      },
    );
  }, 30_000);

  it('are found and deleted however many they are', async () => {
    bucket.clear();
    const keys = Array.from({ length: 2_500 }, (_, index) => `many/${index % 2 === 0 ? 'A' : 'b_'}${index}`);
    for (const key of keys) bucket.set(`a b/data/${key}`, { body: Buffer.from(''), time: 1 });
    bucket.set('a b/data/many', { body: Buffer.from(''), time: 7 });
    bucket.set('a b/data/many/', { body: Buffer.from(''), time: 1 });
    bucket.set('a b/data/manys/x', { body: Buffer.from(''), time: 9 });
    expect((await pathsBelow('many/')).toSorted()).toEqual(keys.toSorted());
    expect(await store.namesIn('many')).toHaveLength(2_500);
    expect(await store.namesIn('.')).toEqual([]);
    expect([await store.changedAt('many'), await store.changedAt('manys'), await store.changedAt('man')]).toEqual([7, 9, undefined]);
    asked.length = 0;
    await store.removeFolder('many');
    expect(asked.filter(({ action }) => action === 'delete-many')).toHaveLength(3);
    expect([...bucket.keys()]).toEqual(['a b/data/many', 'a b/data/manys/x']);
  });

  it('are deleted one by one by servers that cannot delete many', async () => {
    bucket.clear();
    for (const key of ['a', 'b c', 'd']) await store.stage(`x/${key}`, key);
    await store.stage('y', '');
    refusing = 'delete-many';
    await store.removeFolder('x');
    refusing = '';
    expect([...bucket.keys()]).toEqual(['a b/data/y']);
  });

  it('are not brought back by a sign of life', async () => {
    bucket.clear();
    await expect(store.touch('_syncline_staging/1.5/owner')).rejects.toThrow('NoSuchKey');
    await store.stage('_syncline_staging/1.5/owner', '');
    bucket.set('a b/data/_syncline_staging/1.5/owner', { body: Buffer.from(''), time: 1 });
    await store.touch('_syncline_staging/1.5/owner');
    expect(await store.changedAt('_syncline_staging/1.5/owner')).toBeGreaterThan(Date.now() - 60_000);
  });
});

describe('a connection', () => {
  const connected = async (options: Parameters<typeof placeOf>[1]): Promise<{ region: string; pathStyle: boolean | undefined }> => {
    const client = await connect(placeOf('lake', options));
    const { region, forcePathStyle } = client.config;
    client.destroy();
    return { region: await region(), pathStyle: forcePathStyle };
  };

  it('has the region and the style of addresses that the options, the environment or the endpoint suggest', async () => {
    expect(await connected({})).toEqual({ region: 'us-east-1', pathStyle: false });
    expect(await connected({ endpoint: 'http://localhost:9000' })).toEqual({ region: 'us-east-1', pathStyle: true });
    expect(await connected({ endpoint: 'http://localhost:9000', pathStyle: false })).toMatchObject({ pathStyle: false });
    process.env['AWS_DEFAULT_REGION'] = 'eu-west-1';
    expect(await connected({})).toMatchObject({ region: 'eu-west-1' });
    process.env['AWS_REGION'] = 'eu-west-2';
    expect(await connected({})).toMatchObject({ region: 'eu-west-2' });
    expect(await connected({ region: 'eu-west-3' })).toMatchObject({ region: 'eu-west-3' });
    process.env['AWS_ENDPOINT_URL_S3'] = line.endpoint;
    expect(await connected({})).toMatchObject({ pathStyle: true });
    const client = await connect(placeOf('lake', {}));
    expect((await client.listObjectsV2({ Bucket: 'lake' })).KeyCount).toBe(bucket.size);
    client.destroy();
    setS3Credentials();
  });

  it('prints nothing of the SDK', async () => {
    const warnings: unknown[] = [];
    const note = (warning: unknown): unknown => warnings.push(warning);
    process.on('warning', note);
    await connected({});
    await turn();
    process.off('warning', note);
    expect(warnings).toEqual([]);
    expect(process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED']).toBeUndefined();
  });
});
