import { DestinationError, SynclineError } from '../../core/errors.ts';
import { createSecrets } from '../../core/secret.ts';
import { codeOf, guardFiles } from '../filesystem/failure.ts';
import { EXPLANATIONS, type Explanation, type Failure, STATUSES } from './explanations.ts';

/** Does something in a bucket; what it refuses comes out as an error of a user, without anything of the request. */
export async function guardBucket<T>(location: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (thrown) {
    if (thrown instanceof SynclineError) throw thrown;
    const explanation = explanationOf(thrown);
    if (explanation === undefined) return guardFiles(location, () => Promise.reject(withoutRequest(thrown)));
    throw explanation(location, read(thrown), { context: { location }, cause: withoutRequest(thrown) });
  }
}

/** Deletes objects; who may not is told so. */
export async function guardDeletes(location: string, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (thrown) {
    if (explanationOf(thrown) !== EXPLANATIONS['AccessDenied'] && nameOf(thrown) !== 'MethodNotAllowed') throw thrown;
    throw new DestinationError('bucket_deletes_refused', `Objects in ${location} cannot be deleted: ${read(thrown).message}`, {
      hint: 'Allow s3:DeleteObject on all that is below that place, and run again. What was loaded stays so.',
      context: { location },
      cause: withoutRequest(thrown),
    });
  }
}

/** The name that an error of S3 has, or the code of one of the system. */
export function nameOf(thrown: unknown): string {
  return read(thrown).name;
}

/** True for failures that may be over at the next try. */
export function isPassing(thrown: unknown): boolean {
  return explanationOf(thrown)?.('', read(thrown), {}).retryable === true;
}

function explanationOf(thrown: unknown): Explanation | undefined {
  const { name, status, message } = read(thrown);
  if (name.startsWith('Credentials') && /expired/i.test(message)) return EXPLANATIONS['ExpiredToken'];
  if (Object.hasOwn(EXPLANATIONS, name)) return EXPLANATIONS[name];
  if (/^(?:CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|EPROTO$)/.test(name)) return EXPLANATIONS['EPROTO'];
  const byStatus = status === undefined ? undefined : STATUSES[status];
  if (byStatus !== undefined) return byStatus;
  // What comes in place of XML is a page for people.
  const isNoS3 = /parse error|Deserialization error/.test(message) || name.startsWith('HPE_');
  return isNoS3 ? EXPLANATIONS['NotS3'] : undefined;
}

function read(thrown: unknown): Failure {
  const { name, message } = thrown instanceof Error ? thrown : new Error(String(thrown));
  const answer = (thrown ?? {}) as {
    readonly $metadata?: { readonly httpStatusCode?: number };
    readonly Code?: string;
    readonly Region?: string;
  };
  const secrets = createSecrets();
  // The secret key is never sent; the token of a session is, and a server may repeat it.
  for (const variable of ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']) secrets.add(process.env[variable] ?? '');
  return {
    name: answer.Code ?? codeOf(thrown) ?? name,
    message: secrets.redact(message.split('\n')[0] ?? ''),
    status: answer.$metadata?.httpStatusCode,
    region: answer.Region,
  };
}

/** Only what an error says: those of the SDK hold the request with its headers. */
function withoutRequest(thrown: unknown): Error {
  const { name, message } = read(thrown);
  return Object.assign(new Error(message), { name, ...(codeOf(thrown) === undefined ? {} : { code: codeOf(thrown) }) });
}
