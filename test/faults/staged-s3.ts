import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { s3 } from '../../src/destinations/s3.ts';
import { bucketFolder } from '../s3/bucket-folder.ts';
import { age } from '../s3/bucket-load.ts';
import { S3Server } from '../s3/s3-server.ts';
import { readFileDataset } from './file-reader.ts';
import { leftoversIn } from './file-leftovers.ts';
import { DATASET, type StagedDestination, type StorageWatch } from './staged-database.ts';

const ENV = {
  AWS_ACCESS_KEY_ID: 'AKIATESTTESTTEST0000',
  AWS_SECRET_ACCESS_KEY: 'the-secret-key-of-the-tests',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
};
const CHANGES = ['put', 'copy', 'delete', 'delete-many'];

/** Starts a server in which each stage has a bucket of its own. */
export function startS3Stages(): StagedDestination {
  const server = new S3Server();
  let buckets = 0;
  return {
    capabilities: s3('bucket').capabilities,
    async open(folder, seed) {
      const name = `stage-${(buckets += 1)}`;
      const bucket = server.bucket(name);
      const temporary = join(folder, 'tmp');
      mkdirSync(temporary);
      let watch: StorageWatch | undefined;
      const line = await server.line(({ action }) => {
        const isStruck = watch?.(CHANGES.includes(action) ? [`S3 ${action}`, 'S3 change'] : [`S3 ${action}`]) ?? false;
        // Whoever asked is dead: the answer is for nobody.
        return isStruck ? { status: 503 } : undefined;
      });
      const inFolder = async <T>(action: (root: string) => T | Promise<T>): Promise<T> => {
        const copy = bucketFolder(bucket);
        try {
          return await action(join(copy, DATASET));
        } finally {
          rmSync(copy, { recursive: true });
        }
      };
      return {
        destination: `s3://${name}?endpoint=${line.endpoint}&format=${seed % 2 === 0 ? 'parquet' : 'jsonl'}`,
        driver: 'file',
        files: ['tmp'],
        env: { ...ENV, TMPDIR: temporary },
        watch: (told) => void (watch = told),
        read: () => inFolder((root) => readFileDataset(root, DATASET)),
        // Not those in the temporary folder: a day later the next load that has rows removes them.
        leftovers: () => inFolder(leftoversIn),
        age: () => age(bucket),
        async [Symbol.asyncDispose]() {
          await line[Symbol.asyncDispose]();
          server.buckets.delete(name);
        },
      };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
