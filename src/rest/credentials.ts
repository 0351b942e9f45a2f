import { looksRandom } from '../core/is-distinctive.ts';
import type { HttpRequest } from '../core/http.ts';
import type { Secrets } from '../core/secret.ts';
import { isSecretName } from './secret-names.ts';

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

/** Makes secrets of the headers that are credentials by their name: the whole value, and what is inside of it. */
export function addHeaderSecrets(headers: HttpRequest['headers'], secrets: Secrets): void {
  for (const [name, value] of Object.entries(headers)) {
    if (value === null || !CREDENTIAL_HEADER.test(name)) continue;
    if (/^cookie$/i.test(name)) addCookies(value, secrets);
    else {
      secrets.addCredential(value);
      const [, scheme = '', token] = /^\s*(\w+)\s+(\S.*)$/s.exec(value) ?? [];
      if (token === undefined) continue;
      secrets.addCredential(token);
      if (scheme.toLowerCase() === 'basic') secrets.addCredential(passwordIn(token));
    }
  }
}

/** Cookies hold settings too, which rows may have. */
function addCookies(header: string, secrets: Secrets): void {
  secrets.add(header);
  for (const pair of header.split(';')) {
    const value = pair.slice(pair.indexOf('=') + 1);
    if (looksRandom(value)) secrets.addCredential(value);
    else if (value.trim().length >= 8) secrets.add(value);
  }
}

function passwordIn(token: string): string {
  const text = Buffer.from(token, 'base64').toString();
  return text.slice(text.indexOf(':') + 1);
}
