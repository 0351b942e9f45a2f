import { STATUS_CODES } from 'node:http';
import { AuthError, HttpError } from '../core/errors.ts';
import { type Place, placeContext, where } from './place.ts';

/** A response whose status is an error, and what is known about it. */
export interface BadStatus {
  readonly status: number;
  readonly place: Place;
  /** Start of the body, redacted. */
  readonly excerpt: string;
  readonly tries: number;
  readonly credentials: 'sent' | 'none' | 'withheld';
  /** Host that was asked. */
  readonly host: string;
  /** The API says that too much was asked. */
  readonly quota: boolean;
  /** Seconds that the API asked to wait and that are more than `client.retry.max_wait`. */
  readonly askedSeconds?: number | undefined;
}

/** The error of a status from 400 on, after the last try: what came, where, and what to do about it. */
export function statusError(bad: BadStatus): AuthError | HttpError {
  const reason = STATUS_CODES[bad.status] ?? '';
  const line = `${bad.status} ${reason}`.trim();
  const answered = `${where(bad.place)} answered ${line}`;
  const after = bad.tries > 1 ? ` after ${bad.tries} tries` : '';
  const message = `${answered}${after}${['', reason, line].includes(bad.excerpt) ? '.' : `: ${bad.excerpt}`}`;
  const options = { context: { ...placeContext(bad.place), status: bad.status }, status: bad.status };
  const ignorable = `Check client.base_url and endpoint.path; if it may be missing, ignore it with response_actions [{"status_code": ${bad.status}, "action": "ignore"}].`;
  if (bad.quota) return new HttpError('rate_limited', message, { ...options, retryable: true, hint: rateHint(bad) });
  switch (bad.status) {
    case 401:
      return new AuthError('unauthorized', message, { ...options, hint: unauthorizedHint(bad) });
    case 403:
      return new AuthError('forbidden', message, {
        ...options,
        hint: bad.credentials === 'sent' ? 'Check that the credentials may read this, and their scopes.' : unauthorizedHint(bad),
      });
    case 404:
      return new HttpError('not_found', message, { ...options, hint: ignorable });
    case 410:
      return new HttpError('gone', message, {
        ...options,
        hint: 'The API took this endpoint or record away: look for its successor in the documentation of the API, or ignore it with response_actions [{"status_code": 410, "action": "ignore"}].',
      });
    default:
      if (bad.status >= 500) {
        const hint = bad.askedSeconds === undefined ? 'Run again later: what was fetched is kept.' : rateHint(bad);
        return new HttpError('server_error', message, { ...options, retryable: true, hint });
      }
      return new HttpError('client_error', message, {
        ...options,
        hint: CLIENT_HINTS[bad.status] ?? 'Check path, params, json and headers of the endpoint.',
      });
  }
}

const CLIENT_HINTS: Readonly<Record<number, string>> = {
  405: 'Check endpoint.method.',
  406: 'Set the header "Accept" that the API wants in client.headers.',
  407: 'Check the credentials of the proxy in HTTP_PROXY and HTTPS_PROXY.',
  413: 'Ask for less with one request.',
  414: 'Send long parameters in endpoint.json with method POST, if the API takes them there.',
  415: 'Set the header "Content-Type" that the API wants in endpoint.headers.',
};

function unauthorizedHint(bad: BadStatus): string {
  if (bad.credentials === 'withheld')
    return `Credentials go to the host of client.base_url only: give the endpoint its own auth, or add "${bad.host}" to client.allowed_hosts.`;
  if (bad.credentials === 'none') return 'The request went without credentials: set client.auth or endpoint.auth.';
  return 'Check the credentials in client.auth or endpoint.auth: wrong, expired or of another environment.';
}

function rateHint(bad: BadStatus): string {
  if (bad.askedSeconds === undefined) return 'Run again later, or raise client.retry.max_retries.';
  return `The API wants to be left alone for ${Math.ceil(bad.askedSeconds)} s: run again then, or raise client.retry.max_wait.`;
}
