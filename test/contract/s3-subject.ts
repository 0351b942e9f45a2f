import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { pathName } from '../../src/destinations/filesystem/path-name.ts';
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
      const prefix = options.prefix ? `${options.prefix}/` : '';
      const inFolder = async <T>(read: (reader: ReturnType<typeof folderReader>) => Promise<T>): Promise<T> => {
        const folder = bucketFolder(bucket, (key) => pathInFolder(key.slice(prefix.length)));
        try {
          return await read(folderReader(folder, folderOf));
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

/** A short name for the folder of a table: keys may have longer parts than paths, and `init` may be the name of a table too. */
function folderOf(table: string): string {
  return /^_(?:dlt|syncline)_/.test(table) ? table : createHash('sha256').update(pathName(table)).digest('hex');
}

function pathInFolder(key: string): string | undefined {
  const [dataset = '', folder = '', ...file] = key.split('/');
  if (file.length === 0) return undefined;
  const isSystem = /^_(?:dlt|syncline)_/.test(folder);
  return [dataset, isSystem ? folder : createHash('sha256').update(folder).digest('hex'), ...file].join('/');
}
