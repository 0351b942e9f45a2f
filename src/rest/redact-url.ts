import type { Secrets } from '../core/secret.ts';
import { withoutUserinfo } from '../core/userinfo.ts';
import { isSecretName } from './secret-names.ts';

/** An address as messages and logs show it: without userinfo, secret query values and known secrets (invariant 7). */
export function redactUrl(url: string, secrets: Secrets, queryNames: ReadonlySet<string> = new Set()): string {
  const hash = url.indexOf('#');
  const [address, query] = splitOnce(hash === -1 ? url : url.slice(0, hash), '?');
  const bare = secrets.redact(withoutUserinfo(address));
  if (query === undefined) return bare;
  const pairs = query.split('&').map((pair) => {
    const [written, value] = splitOnce(pair, '=');
    const name = readable(written);
    const secret = value !== undefined && value !== '' && (isSecretName(name) || queryNames.has(name));
    return secret ? `${written}=***` : pair;
  });
  return `${bare}?${secrets.redact(pairs.join('&'))}`;
}

/** A name of a query as it was before it was encoded. */
function readable(name: string): string {
  return new URLSearchParams(`${name}=`).keys().next().value ?? name;
}

function splitOnce(text: string, separator: string): readonly [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
