import type { S3 } from '@aws-sdk/client-s3';
import { eachAtOnce } from '../at-once.ts';
import { nameOf } from './failure.ts';

/** The most keys that one request deletes. */
const MOST_KEYS = 1000;

/** Deletes objects of a bucket, those that are gone already too. */
export async function deleteObjects(
  client: S3,
  Bucket: string,
  { keys, atOnce }: { readonly keys: readonly string[]; readonly atOnce: number },
): Promise<void> {
  const batches = Array.from({ length: Math.ceil(keys.length / MOST_KEYS) }, (_, index) =>
    keys.slice(index * MOST_KEYS, (index + 1) * MOST_KEYS),
  );
  const deleteOne = async (Key: string): Promise<void> => {
    await client.deleteObject({ Bucket, Key });
  };
  for (const batch of batches) {
    try {
      const { Errors: [error] = [] } = await client.deleteObjects({
        Bucket,
        Delete: { Objects: batch.map((Key) => ({ Key })), Quiet: true },
      });
      if (error !== undefined) throw Object.assign(new Error(error.Message), { name: error.Code ?? 'Unknown' });
    } catch (error) {
      // Some servers delete one object a request only.
      if (nameOf(error) !== 'NotImplemented') throw error;
      await eachAtOnce(atOnce, batch, deleteOne);
    }
  }
}
