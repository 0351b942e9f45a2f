import type { HttpRequest } from '../core/http.ts';
import type { Secrets } from '../core/secret.ts';
import { isSecretName } from './redact-url.ts';

const CREDENTIAL_HEADER = /^(proxy-)?authorization$|^cookie$|token|secret|api-?key|password/i;

/** True for headers that by their name or value prove who asks. */
function isCredential(name: string, value: string | null, secrets: Secrets): boolean {
  return value !== null && (CREDENTIAL_HEADER.test(name) || secrets.redact(value) !== value);
}

/** Headers without those that prove who asks: for hosts that get no credentials (invariant 8). */
export function bareHeaders(headers: HttpRequest['headers'], secrets: Secrets): HttpRequest['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name, value]) => !isCredential(name, value, secrets)));
}

/** True when a request proves who asks by its own headers or parameters, without an auth. */
export function provesIdentity(request: HttpRequest, secrets: Secrets): boolean {
  const headers = Object.entries(request.headers).some(([name, value]) => isCredential(name, value, secrets));
  return headers || Object.keys(request.params).some(isSecretName);
}

/** Makes secrets of the headers that are credentials by their name: the whole value, and what follows `Bearer` or `Basic`. */
export function addHeaderSecrets(headers: HttpRequest['headers'], secrets: Secrets): void {
  for (const [name, value] of Object.entries(headers)) {
    if (value === null || !CREDENTIAL_HEADER.test(name)) continue;
    secrets.add(value);
    const [, token] = /^\s*\w+\s+(\S.*)$/.exec(value) ?? [];
    if (token !== undefined) secrets.add(token);
  }
}
