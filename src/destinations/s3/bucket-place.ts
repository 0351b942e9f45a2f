import { ConfigError } from '../../core/errors.ts';

/** A bucket, where it is, and what is used of it. */
export interface BucketPlace {
  /** For people: an address without secrets. */
  readonly location: string;
  /** The folders above all datasets. */
  readonly prefix: readonly string[];
  readonly endpoint: string | undefined;
  readonly region: string | undefined;
  readonly pathStyle: boolean | undefined;
}

/** What a user says of a bucket. */
export interface BucketOptions {
  readonly prefix?: string;
  readonly endpoint?: string;
  readonly region?: string;
  readonly pathStyle?: boolean;
}

/** Checks where a bucket is. */
export function placeOf(bucket: string, { prefix = '', endpoint, region, pathStyle }: BucketOptions): BucketPlace {
  const isAddress = /^s3:\/\/[^:@]*$/.test(bucket);
  if (!isAddress && /[:@]/.test(bucket)) throw credentialsInAddress('The name of the bucket');
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$/.test(bucket)) {
    throw new ConfigError('bucket_name_invalid', `${JSON.stringify(bucket)} is no name of a bucket.`, {
      hint: 'Write s3://BUCKET/PREFIX, or in TypeScript s3(BUCKET, { prefix: PREFIX }).',
    });
  }
  const folders = prefix.split('/').filter((part) => part !== '');
  if (folders.some((part) => part === '.' || part === '..')) {
    throw new ConfigError('bucket_prefix_invalid', `The prefix ${prefix} has the part . or .. in it.`, { hint: 'Write it in full.' });
  }
  if (endpoint !== undefined) checkEndpoint(endpoint);
  const address = `s3://${[bucket, ...folders].join('/')}`;
  return {
    location: endpoint === undefined ? address : `${address}?endpoint=${endpoint}`,
    prefix: folders,
    endpoint,
    region,
    pathStyle,
  };
}

/** The error for credentials where they can be seen; they are not shown. */
export function credentialsInAddress(where: string): ConfigError {
  return new ConfigError('credentials_in_address', `${where} holds credentials.`, {
    hint: 'Take them out and set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE: what is written on a command line can be seen by others.',
  });
}

function checkEndpoint(endpoint: string): void {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url !== undefined && (url.username !== '' || url.password !== '' || url.search !== '')) throw credentialsInAddress('The endpoint');
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return;
  throw new ConfigError('endpoint_invalid', 'The endpoint is no address of a server.', {
    hint: 'Write it like https://storage.example.com or http://localhost:9000.',
  });
}
