import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ListObjectsV2CommandOutput, S3 } from '@aws-sdk/client-s3';
import { eachAtOnce } from '../at-once.ts';
import { clearedAway, type FileStore } from '../filesystem/file-store.ts';
import { deleteObjects } from './delete-objects.ts';
import { guardBucket, guardDeletes, nameOf } from './failure.ts';
import { persist } from './persist.ts';
import { openUploads } from './row-uploads.ts';

/** Requests that are under way at the same time. */
const AT_ONCE = 8;

/** The objects of a dataset. */
export interface BucketStoreOptions {
  readonly client: S3;
  readonly bucket: string;
  /** What the keys of all objects of the dataset begin with, without the last `/`. */
  readonly root: string;
}

/** The files of a dataset as objects in a bucket. */
export function bucketStore({ client, bucket, root }: BucketStoreOptions): FileStore {
  const location = `s3://${bucket}/${root}`;
  const inBucket = { Bucket: bucket };
  const at = (path: string) => ({ Bucket: bucket, Key: `${root}/${path}` });
  const from = (path: string) => ({ CopySource: `${bucket}/${`${root}/${path}`.split('/').map(encodeURIComponent).join('/')}` });

  async function* pages(prefix: string, more: { readonly Delimiter?: string } = {}): AsyncGenerator<ListObjectsV2CommandOutput> {
    let token: string | undefined;
    do {
      const page = await client.listObjectsV2({ ...inBucket, ...more, Prefix: `${root}/${prefix}`, ContinuationToken: token });
      yield page;
      token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
  }

  async function* objects(prefix: string): AsyncGenerator<{ readonly path: string; readonly time: number }> {
    for await (const { Contents } of pages(prefix)) {
      for (const { Key = '', LastModified } of Contents ?? []) {
        yield { path: Key.slice(root.length + 1), time: LastModified?.getTime() ?? 0 };
      }
    }
  }

  const remove = (paths: readonly string[]): Promise<void> =>
    guardDeletes(location, () => deleteObjects(client, bucket, { keys: paths.map((path) => at(path).Key), atOnce: AT_ONCE }));

  const put = async (path: string, content: string | Uint8Array): Promise<void> => {
    await client.putObject({ ...at(path), Body: content });
  };

  return {
    location,
    guard: (action) => guardBucket(location, action),
    async namesIn(folder) {
      const prefix = `${folder}/`;
      const names: string[] = [];
      for await (const { Contents, CommonPrefixes } of pages(prefix, { Delimiter: '/' })) {
        const found = [...(Contents ?? []).map(({ Key }) => Key), ...(CommonPrefixes ?? []).map(({ Prefix }) => Prefix)];
        // Some tools make an object for a folder.
        names.push(...found.map((key = '') => key.slice(`${root}/${prefix}`.length).replace(/\/$/, '')).filter((name) => name !== ''));
      }
      return names;
    },
    async *filesWithPrefix(prefix) {
      for await (const { path } of objects(prefix)) if (!path.endsWith('/')) yield path;
    },
    async changedAt(path) {
      // The first key that begins with a key is that key. A list tells times as the deciding clock has them, and why it is refused.
      const { Contents: [first] = [] } = await client.listObjectsV2({ ...inBucket, Prefix: at(path).Key, MaxKeys: 1 });
      if (first?.Key === at(path).Key) return first?.LastModified?.getTime();
      let last: number | undefined;
      for await (const { time } of objects(`${path}/`)) last = Math.max(last ?? 0, time);
      return last;
    },
    async read(path) {
      try {
        const { Body } = await client.getObject(at(path));
        return await Body?.transformToByteArray();
      } catch (error) {
        if (nameOf(error) === 'NoSuchKey') return undefined;
        throw error;
      }
    },
    stage: put,
    write: put,
    async place(moves) {
      await eachAtOnce(AT_ONCE, moves, async ([staged, path]) => {
        try {
          await client.copyObject({ ...at(path), ...from(staged) });
        } catch (error) {
          throw nameOf(error) === 'NoSuchKey' ? clearedAway(location) : error;
        }
      });
    },
    async touch(path) {
      // A copy onto itself. Writing it anew would bring it back when somebody has cleared it away.
      await client.copyObject({ ...at(path), ...from(path), MetadataDirective: 'REPLACE' });
    },
    remove,
    async removeFolder(folder) {
      const paths: string[] = [];
      for await (const { path } of objects(`${folder}/`)) paths.push(path);
      await remove(paths);
    },
    async openRows(staging) {
      const tries = await client.config.maxAttempts();
      return openUploads((file, name, abortSignal) =>
        persist(tries, abortSignal, async () => {
          const { size } = await stat(file);
          const Body = createReadStream(file);
          try {
            await client.putObject({ ...at(`${staging}/${name}`), Body, ContentLength: size }, { abortSignal });
          } finally {
            Body.destroy();
          }
        }),
      );
    },
  };
}
