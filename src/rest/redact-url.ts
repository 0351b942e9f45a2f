import type { Secrets } from '../core/secret.ts';

/** Query names whose values are never shown: dlt's list and the signatures of presigned addresses. */
const SECRET_NAME =
  /^(api[_-]?key|token|key|access[_-]?token|refresh[_-]?token|id[_-]?token|secret|password|passwd|pwd|client[_-]?secret|sig|signature|authorization|auth|x-(amz|goog)-(signature|credential|security-token))$/i;

/** True for names of query parameters that hold credentials. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** An address as messages and logs show it: without userinfo, secret query values and known secrets (invariant 7). */
export function redactUrl(url: string, secrets: Secrets, queryNames: ReadonlySet<string> = new Set()): string {
  const hash = url.indexOf('#');
  const [address, query] = splitOnce(hash === -1 ? url : url.slice(0, hash), '?');
  const bare = address.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, '$1');
  if (query === undefined) return secrets.redact(bare);
  const pairs = query.split('&').map((pair) => {
    const [name, value] = splitOnce(pair, '=');
    const secret = value !== undefined && value !== '' && (isSecretName(name) || queryNames.has(name));
    return secret ? `${name}=***` : pair;
  });
  return secrets.redact(`${bare}?${pairs.join('&')}`);
}

function splitOnce(text: string, separator: string): readonly [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
