import { DestinationError } from '../../core/errors.ts';

/** What Node says when there is no server, or no way to it. */
const UNREACHABLE: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'ENOENT',
  'EACCES',
]);
const TLS = /SSL|TLS|certificate|altnames/i;

/** The error of a user for what the network or the driver threw. */
export function connectionFailure(thrown: unknown, location: string): DestinationError {
  const { code, message } = firstOf(thrown);
  if (UNREACHABLE.has(code) || message === 'timeout expired') {
    return new DestinationError('server_unreachable', `There is no way to ${location} (${code || 'no answer in time'}).`, {
      hint: 'Check host and port, and that the server is up and lets this machine in.',
      retryable: true,
      cause: thrown,
    });
  }
  if (code.startsWith('ERR_TLS') || code.startsWith('ERR_SSL') || TLS.test(message) || /^[A-Z]+_.*(?:CERT|SIGNATURE)/.test(code)) {
    return new DestinationError('tls_failed', `The connection to ${location} cannot be secured: ${message}`, {
      hint: 'Check sslmode, sslrootcert, sslcert and sslkey of the destination.',
      cause: thrown,
    });
  }
  return new DestinationError('connection_lost', `The connection to ${location} broke (${code || message}).`, {
    hint: 'Run again: the extracted pages are kept.',
    retryable: true,
    cause: thrown,
  });
}

/** A name that leads to several addresses fails with an error for each. */
function firstOf(thrown: unknown): { readonly code: string; readonly message: string } {
  const error: unknown = thrown instanceof AggregateError ? thrown.errors[0] : thrown;
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  const { code } = error as NodeJS.ErrnoException;
  return { code: typeof code === 'string' ? code : '', message: error.message };
}
