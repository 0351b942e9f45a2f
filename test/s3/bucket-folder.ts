import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Bucket } from './s3-server.ts';

/** Copies the objects of a bucket to a folder, for those who read files. `pathOf` has their paths; those without one are left out. */
export function bucketFolder(bucket: Bucket, pathOf: (key: string) => string | undefined = (key) => key): string {
  const folder = mkdtempSync(join(tmpdir(), 'syncline-bucket-'));
  for (const [key, { body }] of bucket) {
    const relative = pathOf(key);
    if (relative === undefined) continue;
    const path = join(folder, relative);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, body);
  }
  return folder;
}
