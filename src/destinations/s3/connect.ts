import type { S3, S3ClientConfig } from '@aws-sdk/client-s3';
import type { BucketPlace } from './bucket-place.ts';
import { loadDriver } from './driver.ts';
import { addMd5ToDeletes } from './md5-of-deletes.ts';

/** Where requests go when nobody says so; servers other than Amazon's take any. */
const DEFAULT_REGION = 'us-east-1';
const CONNECT_MS = 10_000;
/** A connection on which nothing comes or goes for so long is given up. */
const IDLE_MS = 60_000;

/** A client with the credentials of the SDK's default chain. */
export async function connect({ endpoint, region, pathStyle }: BucketPlace): Promise<S3> {
  const Client = await loadDriver();
  const { env } = process;
  const hasEndpoint = [endpoint, env['AWS_ENDPOINT_URL_S3'], env['AWS_ENDPOINT_URL']].some(Boolean);
  const config: S3ClientConfig = {
    ...(endpoint === undefined ? {} : { endpoint }),
    forcePathStyle: pathStyle ?? hasEndpoint,
    // Other implementations of S3 do not know the checksums that the SDK would add.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: IDLE_MS },
    logger: SILENT,
  };
  const found = region ?? (await configuredRegion(quietly(() => new Client(config))));
  const client = quietly(() => new Client({ ...config, region: found }));
  addMd5ToDeletes(client);
  return client;
}

/** Makes a client without the SDK's notice about the next versions of Node: it would stand in the output of every run. */
function quietly<T>(make: () => T): T {
  const name = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';
  const before = process.env[name];
  process.env[name] = 'true';
  try {
    return make();
  } finally {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  }
}

/** The region of the environment or the profile. Only Python's SDK knows the second variable, which users of dlt have set. */
async function configuredRegion(client: S3): Promise<string> {
  try {
    return await client.config.region();
  } catch {
    // Nothing is configured.
    return process.env['AWS_DEFAULT_REGION'] ?? DEFAULT_REGION;
  } finally {
    client.destroy();
  }
}

const ignore = (): void => undefined;
/** The SDK would write to the console. */
const SILENT = { debug: ignore, info: ignore, warn: ignore, error: ignore };
