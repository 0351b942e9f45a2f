import type { Destination } from '../core/destination.ts';
import { fileDestination, type FileOptions } from './filesystem/file-destination.ts';
import { pathName } from './filesystem/path-name.ts';
import { type BucketPlace, placeOf } from './s3/bucket-place.ts';

/** Settings of the destination for object storage. */
export interface S3Options extends FileOptions {
  /** What the keys of all datasets begin with: `lake/raw`. */
  readonly prefix?: string;
  /** The address of a server other than Amazon's; by default `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL` or that of the profile. */
  readonly endpoint?: string;
  /** By default `AWS_REGION`, that of the profile, or `us-east-1`. */
  readonly region?: string;
  /** Asks for `ENDPOINT/BUCKET/KEY` in place of `BUCKET.ENDPOINT/KEY`; by default where an endpoint is set. */
  readonly pathStyle?: boolean;
}

/**
 * A bucket of Amazon S3, or of a server that speaks its language, with the files of dlt's filesystem
 * destination below the prefix. Credentials come from the SDK's default chain only: environment, profile, role.
 * The driver `@aws-sdk/client-s3` is loaded with the first connection.
 */
export function s3(bucket: string, options: S3Options = {}): Destination {
  const place: BucketPlace = placeOf(bucket, options);
  const connection = async () => (await import('./s3/connect.ts')).connect(place);
  let connecting: ReturnType<typeof connection> | undefined;
  return fileDestination(
    {
      type: 's3',
      location: place.location,
      async openStore(dataset) {
        const [client, { bucketStore }] = await Promise.all([(connecting ??= connection()), import('./s3/bucket-store.ts')]);
        return bucketStore({ client, bucket, root: [...place.prefix, pathName(dataset)].join('/') });
      },
      async closed() {
        const client = await connecting?.catch(() => undefined);
        client?.destroy();
        connecting = undefined;
      },
    },
    options,
  );
}
