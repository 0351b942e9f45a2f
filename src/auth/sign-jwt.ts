import { type KeyObject, sign } from 'node:crypto';

/** A JSON Web Token with these claims, signed with RS256 (RFC 7519, RFC 7515). */
export function signJwt(claims: Readonly<Record<string, string | number>>, key: KeyObject): string {
  const content = [{ typ: 'JWT', alg: 'RS256' }, claims].map(encodePart).join('.');
  return `${content}.${sign('RSA-SHA256', Buffer.from(content), key).toString('base64url')}`;
}

function encodePart(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
