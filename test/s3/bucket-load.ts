import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '../../src/core/destination.ts';
import { s3 } from '../../src/destinations/s3.ts';
import { visible, withoutTime } from '../filesystem/file-load.ts';
import { bucketFolder } from './bucket-folder.ts';
import type { Bucket, Line } from './s3-server.ts';

/** The bucket that loads of a test go to. */
export const BUCKET = 'lake';

/** Opens the dataset of a test as one process does. */
export async function openBucket({ endpoint }: Pick<Line, 'endpoint'>): Promise<Dataset> {
  return s3(BUCKET, { endpoint, format: 'jsonl', compression: 'none' }).open('data');
}

/** What somebody sees who follows the load files. */
export function visibleIn(bucket: Bucket): Record<'events' | 'settings', number[]> {
  const folder = bucketFolder(bucket);
  try {
    const dataset = join(folder, 'data');
    return { events: visible(dataset, 'events'), settings: visible(dataset, 'settings') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The keys of a bucket, the same however often the same was loaded. */
export function layoutOf(bucket: Bucket): string[] {
  return [...bucket.keys()].map(withoutTime).toSorted();
}

/** Makes all that waits look as if nobody had touched it for two minutes. */
export function age(bucket: Bucket): void {
  for (const [key, object] of bucket) {
    if (key.includes('/_syncline_staging/')) bucket.set(key, { ...object, time: object.time - 120_000 });
  }
}
