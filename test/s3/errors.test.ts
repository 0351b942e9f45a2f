import { createServer } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DestinationError } from '../../src/core/errors.ts';
import { load } from '../filesystem/file-load.ts';
import { BUCKET, layoutOf, openBucket, visibleIn } from './bucket-load.ts';
import { setS3Credentials } from './s3-credentials.ts';
import { type Answer, type Before, failure, S3Server } from './s3-server.ts';

const SECRETS = ['the-secret-key-of-the-tests', 'the-token-of-the-session'];

beforeEach(() => {
  setS3Credentials();
  process.env['AWS_SESSION_TOKEN'] = SECRETS[1];
});
afterEach(setS3Credentials);

/** What a load into a new bucket fails with. */
async function failureOf(before: Before, server = new S3Server()): Promise<DestinationError> {
  server.bucket(BUCKET);
  await using line = await server.line(before);
  return await failureAt(line.endpoint);
}

async function failureAt(endpoint: string): Promise<DestinationError> {
  const dataset = await openBucket({ endpoint });
  let error: unknown;
  try {
    await dataset.restore('p', 'api');
    await load(dataset, 1);
  } catch (thrown) {
    error = thrown;
  }
  await dataset[Symbol.asyncDispose]().then(undefined, () => undefined);
  if (!(error instanceof DestinationError)) throw new Error('no error of a user');
  return error;
}

/** All that `--debug` or a log could show of an error. */
function allOf(error: unknown): string {
  const parts: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause) {
    parts.push(at.stack ?? '', JSON.stringify(at), ...Object.values(at).map(String), 'hint' in at ? String(at.hint) : '');
  }
  return parts.join('\n');
}

describe('what object storage refuses', () => {
  it.each<[string, Answer, string, boolean]>([
    ['a bucket that is not there', failure(404, 'NoSuchBucket'), 'bucket_missing', false],
    ['access', failure(403, 'AccessDenied'), 'bucket_access_denied', false],
    ['access without a word', { status: 403 }, 'bucket_access_denied', false],
    ['a key that it does not know', failure(403, 'InvalidAccessKeyId'), 's3_credentials_invalid', false],
    ['another secret', failure(403, 'SignatureDoesNotMatch'), 's3_credentials_invalid', false],
    ['a token that has expired', failure(400, 'ExpiredToken'), 's3_credentials_expired', false],
    ['another region', failure(301, 'PermanentRedirect'), 'bucket_region_wrong', false],
    ['another region by name', failure(400, 'AuthorizationHeaderMalformed', '<Region>eu-central-7</Region>'), 'bucket_region_wrong', false],
    ['a clock', failure(403, 'RequestTimeTooSkewed'), 'clock_skewed', false],
    ['too many requests', failure(503, 'SlowDown'), 's3_throttled', true],
    ['too many requests without a word', { status: 429 }, 's3_throttled', true],
    ['anything, as it fails', failure(500, 'InternalError'), 's3_unavailable', true],
    ['anything, as the proxy before it fails', { status: 502, body: '<html>Bad gateway</html>' }, 's3_unavailable', true],
    ['what has no room', failure(507, 'XMinioStorageFull'), 'bucket_full', true],
    ['to speak S3', { status: 200, body: '<!doctype html><p>Sign in', headers: { 'content-type': 'text/html' } }, 'endpoint_not_s3', false],
  ])('is told: %s', async (_, answer, code, retryable) => {
    const error = await failureOf(() => answer);
    expect(error).toMatchObject({ name: 'DestinationError', code, retryable, message: expect.stringContaining(`s3://${BUCKET}`) });
    expect(error.hint).toMatch(/^[A-Z].*\.$/);
    expect(error.message).not.toMatch(/\n|@aws-sdk|undefined/);
    for (const secret of SECRETS) expect(allOf(error)).not.toContain(secret);
    expect(allOf(error)).not.toMatch(/AWS4-HMAC|Signature=|x-amz-/i);
  });

  it('is told in the words of the server when they are new', async () => {
    expect(await failureOf(() => failure(400, 'SomethingElse'))).toMatchObject({
      code: 'destination_failed',
      message: `This cannot be done in s3://${BUCKET}/data: SomethingElse it is`,
    });
  });

  it('names the region where the bucket is', async () => {
    const error = await failureOf(() => failure(400, 'AuthorizationHeaderMalformed', '<Region>eu-central-7</Region>'));
    expect(error.hint).toContain('region=eu-central-7');
  });

  it('does not show secrets that a server repeats', async () => {
    const body = `<Error><Code>AccessDenied</Code><Message>Not with ${SECRETS[1]}</Message></Error>`;
    const error = await failureOf(() => ({ status: 403, body, headers: { 'content-type': 'application/xml' } }));
    expect(error.message).toContain('Not with ***');
    expect(allOf(error)).not.toContain(SECRETS[1]);
  });

  it('is a connection that nobody takes, that breaks, and a name that nobody has', async () => {
    const breaking = createTcpServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => breaking.listen(0, '127.0.0.1', resolve));
    const { port } = breaking.address() as AddressInfo;
    expect(await failureAt(`http://127.0.0.1:${port}`)).toMatchObject({ code: 's3_unreachable', retryable: true });
    breaking.close();
    expect(await failureAt(`http://127.0.0.1:${port}`)).toMatchObject({ code: 's3_unreachable', retryable: true });
    expect(await failureAt('http://nobody.invalid')).toMatchObject({ code: 's3_unreachable', retryable: true });
  });

  it('is a server without TLS', async () => {
    const plain = createServer((_, response) => response.end());
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const { port } = plain.address() as AddressInfo;
    expect(await failureAt(`https://127.0.0.1:${port}`)).toMatchObject({ code: 's3_tls_failed', retryable: false });
    plain.close();
  });

  it('is whoever has no credentials', async () => {
    delete process.env['AWS_ACCESS_KEY_ID'];
    expect(await failureOf(() => undefined)).toMatchObject({
      code: 's3_credentials_missing',
      hint: expect.stringContaining('AWS_ACCESS_KEY_ID'),
    });
  });
});

describe('a bucket that refuses some things', () => {
  it('loads when a try of an upload fails, and gives up after as many as the SDK makes', async () => {
    const server = new S3Server();
    const bucket = server.bucket(BUCKET);
    process.env['AWS_MAX_ATTEMPTS'] = '2';
    let refused = 0;
    const isRows = (key: string): boolean => key.includes('/rows-1');
    await using line = await server.line(({ key }) => (isRows(key) && (refused += 1) === 1 ? failure(503, 'SlowDown') : undefined));
    {
      await using dataset = await openBucket(line);
      await load(dataset, 1);
    }
    expect(visibleIn(bucket).events).toEqual([1]);
    expect(await failureOf(({ key }) => (isRows(key) ? failure(503, 'SlowDown') : undefined))).toMatchObject({ code: 's3_throttled' });
  });

  it('leaves nothing behind when a commit fails half-way', async () => {
    const server = new S3Server();
    const bucket = server.bucket(BUCKET);
    let copies = 0;
    await failureOf(({ action }) => (action === 'copy' && (copies += 1) === 3 ? failure(403, 'AccessDenied') : undefined), server);
    expect(layoutOf(bucket)).toEqual(['data/init']);
  });

  it('commits where nothing may be deleted, says so, and the next run clears up', async () => {
    const server = new S3Server();
    const bucket = server.bucket(BUCKET);
    const error = await failureOf(({ action }) => (action === 'delete-many' ? failure(403, 'AccessDenied') : undefined), server);
    expect(error).toMatchObject({ code: 'bucket_deletes_refused', hint: expect.stringContaining('s3:DeleteObject') });
    expect(visibleIn(bucket).events).toEqual([1]);
    await using line = await server.line();
    await using dataset = await openBucket(line);
    expect(await dataset.isCommitted('1700000001.5')).toBe(true);
    expect(layoutOf(bucket).filter((key) => key.includes('_syncline_staging'))).toEqual([]);
  });

  it('tells of objects that it does not delete in an answer that says nothing else', async () => {
    const body = '<DeleteResult><Error><Key>k</Key><Code>AccessDenied</Code><Message>no</Message></Error></DeleteResult>';
    const error = await failureOf(({ action }) =>
      action === 'delete-many' ? { status: 200, body, headers: { 'content-type': 'application/xml' } } : undefined,
    );
    expect(error).toMatchObject({ code: 'bucket_deletes_refused' });
  });
});
