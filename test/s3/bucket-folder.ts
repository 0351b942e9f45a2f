import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Bucket } from './s3-server.ts';

/** Copies the objects of a bucket to a folder, for those who read files. */
export function bucketFolder(bucket: Bucket): string {
  const folder = mkdtempSync(join(tmpdir(), 'syncline-bucket-'));
  for (const [key, { body }] of bucket) {
    const path = join(folder, key);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, body);
  }
  return folder;
}
