import { DestinationError, type ErrorOptions } from '../../core/errors.ts';

/** What is read of an error of S3, of its SDK or of the system. */
export interface Failure {
  readonly name: string;
  /** One line without secrets. */
  readonly message: string;
  readonly status: number | undefined;
  /** Where the bucket is, when the server tells. */
  readonly region: string | undefined;
}

/** Says what a failure means to a user. `about` goes into the error. */
export type Explanation = (location: string, failure: Failure, about: ErrorOptions) => DestinationError;

const KEPT = 'the extracted pages are kept';

const bucketMissing: Explanation = (location, _, about) =>
  new DestinationError('bucket_missing', `There is no bucket for ${location}.`, {
    hint: 'Make the bucket, or correct its name, the endpoint or path_style: syncline makes no buckets.',
    ...about,
  });

const accessDenied: Explanation = (location, { message }, about) =>
  new DestinationError('bucket_access_denied', `Access to ${location} is denied: ${message}`, {
    hint: 'Allow the credentials s3:ListBucket on the bucket and s3:GetObject, s3:PutObject and s3:DeleteObject on its objects.',
    ...about,
  });

const credentialsMissing: Explanation = (location, _, about) =>
  new DestinationError('s3_credentials_missing', `No credentials for ${location} were found.`, {
    hint: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or run where a role gives credentials.',
    ...about,
  });

const credentialsInvalid: Explanation = (location, { name }, about) =>
  new DestinationError('s3_credentials_invalid', `The credentials for ${location} are not accepted (${name}).`, {
    hint: 'Correct AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or the profile: they belong to the endpoint that is asked.',
    ...about,
  });

const credentialsExpired: Explanation = (location, _, about) =>
  new DestinationError('s3_credentials_expired', `The credentials for ${location} have expired.`, {
    hint: `Renew them, with aws sso login for one, and run again: ${KEPT}.`,
    ...about,
  });

const regionWrong: Explanation = (location, { region }, about) =>
  new DestinationError(
    'bucket_region_wrong',
    `The bucket of ${location} is in another region${region === undefined ? '' : `, ${region}`}.`,
    {
      hint: `Write ?region=${region ?? 'REGION'} after the address, or set AWS_REGION.`,
      ...about,
    },
  );

const clockSkewed: Explanation = (location, _, about) =>
  new DestinationError('clock_skewed', `The clock of this machine is too far from that of the server of ${location}.`, {
    hint: `Set the clock and run again: ${KEPT}.`,
    ...about,
  });

const throttled: Explanation = (location, _, about) =>
  new DestinationError('s3_throttled', `The server of ${location} asks for fewer requests, also after several tries.`, {
    hint: `Run again later: ${KEPT}.`,
    retryable: true,
    ...about,
  });

const unavailable: Explanation = (location, { name, status }, about) =>
  new DestinationError('s3_unavailable', `The server of ${location} failed (${status ?? name}), also after several tries.`, {
    hint: `Run again later: ${KEPT}.`,
    retryable: true,
    ...about,
  });

const unreachable: Explanation = (location, { name }, about) =>
  new DestinationError('s3_unreachable', `The server of ${location} cannot be reached, or does not answer (${name}).`, {
    hint: `Check the network, the endpoint and the region, and run again: ${KEPT}.`,
    retryable: true,
    ...about,
  });

const tlsFailed: Explanation = (location, { name }, about) =>
  new DestinationError('s3_tls_failed', `No secure connection to the server of ${location} can be made (${name}).`, {
    hint: 'Set NODE_EXTRA_CA_CERTS to the certificate of its authority, or write an endpoint with http: where it speaks no TLS.',
    ...about,
  });

const bucketFull: Explanation = (location, _, about) =>
  new DestinationError('bucket_full', `The storage of ${location} is full.`, {
    hint: `Free some space or raise the quota, and run again: ${KEPT}.`,
    retryable: true,
    ...about,
  });

const keyTooLong: Explanation = (location, _, about) =>
  new DestinationError('file_name_too_long', `The name of a table, pipeline or source is too long for a key in ${location}.`, {
    hint: 'Shorten it, or the prefix: keys have up to 1,024 bytes. A lower `max_table_nesting` makes shorter names of tables.',
    ...about,
  });

const notS3: Explanation = (location, _, about) =>
  new DestinationError('endpoint_not_s3', `What answers for ${location} is no S3 server.`, {
    hint: 'Correct the endpoint: the port of a web console is not that of the storage.',
    ...about,
  });

/** By the name of an error of S3 or its SDK, or the code of one of the system. */
export const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  ...by('NoSuchBucket InvalidBucketName', bucketMissing),
  ...by('AccessDenied AllAccessDisabled AccountProblem Forbidden', accessDenied),
  ...by('CredentialsProviderError TokenProviderError', credentialsMissing),
  ...by('InvalidAccessKeyId SignatureDoesNotMatch InvalidToken InvalidClientTokenId InvalidSecurity NotSignedUp', credentialsInvalid),
  ...by('ExpiredToken ExpiredTokenException TokenRefreshRequired RequestExpired', credentialsExpired),
  ...by('PermanentRedirect AuthorizationHeaderMalformed IllegalLocationConstraintException', regionWrong),
  ...by('RequestTimeTooSkewed RequestInTheFuture', clockSkewed),
  ...by('SlowDown Throttling ThrottlingException RequestLimitExceeded TooManyRequests TooManyRequestsException', throttled),
  ...by('InternalError ServiceUnavailable', unavailable),
  ...by('QuotaExceeded XMinioStorageFull InsufficientStorage', bucketFull),
  ...by('ECONNREFUSED ECONNRESET ECONNABORTED EPIPE ETIMEDOUT EHOSTUNREACH ENETUNREACH ENOTFOUND EAI_AGAIN', unreachable),
  ...by('TimeoutError RequestTimeout', unreachable),
  EPROTO: tlsFailed,
  KeyTooLongError: keyTooLong,
  NotS3: notS3,
};

/** By the status of an answer without a name that is known. */
export const STATUSES: Readonly<Record<number, Explanation>> = {
  301: regionWrong,
  401: credentialsInvalid,
  403: accessDenied,
  429: throttled,
  500: unavailable,
  502: unavailable,
  503: throttled,
  504: unavailable,
  507: bucketFull,
};

function by(names: string, explanation: Explanation): Record<string, Explanation> {
  return Object.fromEntries(names.split(' ').map((name) => [name, explanation]));
}
