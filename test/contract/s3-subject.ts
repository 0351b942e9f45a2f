import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { s3, type S3Options } from '../../src/destinations/s3.ts';
import type { DestinationSubject } from '../../src/testing/index.ts';
import { bucketFolder } from '../s3/bucket-folder.ts';
import type { Line, S3Server } from '../s3/s3-server.ts';
import { folderReader } from './filesystem-subject.ts';

/** Object storage for the destination contract: a bucket of its own a case, read like files are. */
export function s3Subject(server: S3Server, line: () => Line, options: S3Options): DestinationSubject {
  let count = 0;
  return {
    capabilities: s3('bucket').capabilities,
    create() {
      count += 1;
      const name = `bucket-${options.format}-${count}`;
      const bucket = server.bucket(name);
      const destination = s3(name, { ...options, endpoint: line().endpoint });
      const inFolder = async <T>(read: (reader: ReturnType<typeof folderReader>) => Promise<T>): Promise<T> => {
        const folder = bucketFolder(bucket);
        try {
          return await read(folderReader(join(folder, options.prefix ?? '')));
        } finally {
          rmSync(folder, { recursive: true });
        }
      };
      return Promise.resolve({
        destination,
        read: (dataset, table) => inFolder((reader) => reader.read(dataset, table)),
        total: (dataset, table, columns) => inFolder((reader) => reader.total(dataset, table, columns)),
        list: () => Promise.resolve([...bucket.keys()].toSorted()),
        [Symbol.asyncDispose]: async () => {
          await destination[Symbol.asyncDispose]();
          server.buckets.delete(name);
        },
      });
    },
  };
}
