import { ConfigError } from '../../core/errors.ts';
import { FILE_OPTIONS, readFileOptions, splitAddress } from '../filesystem/address-options.ts';
import { type BucketOptions, credentialsInAddress } from './bucket-place.ts';

/** A bucket and what is said of it and the files in it. */
export interface BucketAddress {
  readonly bucket: string;
  readonly options: BucketOptions & ReturnType<typeof readFileOptions>;
}

const OPTIONS: readonly string[] = [...FILE_OPTIONS, 'endpoint', 'region', 'path_style'];

/** Reads what follows `s3:`: bucket and prefix, which are taken as they are, and options like those of a query. */
export function parseBucketAddress(rest: string): BucketAddress {
  const { place, query } = splitAddress(rest);
  const [, bucket = '', prefix = ''] = /^\/\/([^/]*)(?:\/(.*))?$/s.exec(place) ?? [];
  if (bucket.includes('@')) throw credentialsInAddress('The address of the bucket');
  if (bucket === '') {
    throw new ConfigError('destination_incomplete', 'The destination s3: names no bucket.', { hint: 'Write it as s3://BUCKET/PREFIX.' });
  }
  for (const name of query.keys()) checkOption(name);
  return { bucket, options: { prefix, ...readBucketOptions(query), ...readFileOptions(query) } };
}

function readBucketOptions(query: URLSearchParams): BucketOptions {
  const endpoint = query.get('endpoint');
  const region = query.get('region');
  const pathStyle = query.get('path_style');
  if (pathStyle !== null && pathStyle !== 'true' && pathStyle !== 'false') {
    throw new ConfigError('destination_option_invalid', 'path_style is neither true nor false.', { hint: 'Write path_style=true.' });
  }
  return {
    ...(endpoint === null ? {} : { endpoint }),
    ...(region === null ? {} : { region }),
    ...(pathStyle === null ? {} : { pathStyle: pathStyle === 'true' }),
  };
}

function checkOption(name: string): void {
  if (OPTIONS.includes(name)) return;
  if (/key|secret|token|passw|credential/i.test(name)) throw credentialsInAddress('The query of the address');
  // What is no word may be a secret with a question mark in it.
  const what = /^[a-z_-]{1,30}$/i.test(name) ? ` ${name}` : ' of that name';
  throw new ConfigError('destination_option_unknown', `S3 has no option${what}.`, { hint: `Use ${OPTIONS.join(', ')}.` });
}
