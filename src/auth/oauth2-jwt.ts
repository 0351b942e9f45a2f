import { createPrivateKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { userinfoSecrets } from '../core/userinfo.ts';
import type { AuthPlugin } from './auth-plugin.ts';
import { credentialOption } from './credential-option.ts';
import { signJwt } from './sign-jwt.ts';
import { tokenAuth } from './token-auth.ts';
import { defaultExpirationOption, tokenUrlOption } from './token-options.ts';

/** Life of the signed assertion, in seconds. */
const ASSERTION_LIFE = 3600;
const SECRET_HEADER = /authorization|token|secret|key|password/i;

const options = z
  .strictObject({
    client_id: credentialOption.describe('Client id: issuer and subject of the assertion.'),
    private_key: credentialOption.describe('RSA private key in PEM; `\\n` may stand for a line break.'),
    private_key_passphrase: credentialOption.nullish().describe('Passphrase of an encrypted private key.'),
    auth_endpoint: tokenUrlOption.describe('Address of the token endpoint: audience of the assertion.'),
    scopes: z
      .union([z.string(), z.array(z.string())])
      .nullish()
      .describe('Scopes, as a list or separated by blanks.'),
    headers: z.record(z.string(), z.string()).nullish().describe('Headers of the token request.'),
    default_token_expiration: defaultExpirationOption,
  })
  .superRefine((o, context) => {
    const message = problemOf(o.private_key, o.private_key_passphrase);
    if (message !== undefined) context.addIssue({ code: 'custom', path: ['private_key'], message });
  })
  .describe('Gets tokens for an assertion that it signs with a private key (JWT bearer grant, RS256).');

/** OAuth 2.0 with a signed JWT. */
export const oauth2Jwt = {
  type: 'oauth2_jwt',
  options,
  credentials: ['client_id', 'private_key', 'private_key_passphrase'],
  identifiers: ['client_id'],
  create(o) {
    const key = readKey(o.private_key, o.private_key_passphrase);
    const scope = Array.isArray(o.scopes) ? o.scopes.join(' ') : o.scopes;
    const tokenRequest = (now: number) => {
      const issued = Math.floor(now / 1000);
      const claims = { iss: o.client_id, sub: o.client_id, aud: o.auth_endpoint, exp: issued + ASSERTION_LIFE, iat: issued };
      const assertion = signJwt(scope === undefined || scope === null ? claims : { ...claims, scope }, key);
      return {
        method: 'POST',
        url: o.auth_endpoint,
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...o.headers },
        params: {},
        data: { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion },
      };
    };
    const auth = tokenAuth({ tokenRequest, defaultExpiration: o.default_token_expiration });
    const headers = Object.entries(o.headers ?? {}).flatMap(([name, value]) => (SECRET_HEADER.test(name) ? [value] : []));
    return { ...auth, secrets: [...userinfoSecrets(o.auth_endpoint), ...headers] };
  },
} as const satisfies AuthPlugin<z.output<typeof options>>;

function readKey(pem: string, passphrase: string | null | undefined): KeyObject {
  return createPrivateKey({ key: pem.replaceAll('\\n', '\n'), format: 'pem', ...(passphrase ? { passphrase } : {}) });
}

/** Node's own message may quote the key, so ours does not. */
function problemOf(pem: string, passphrase: string | null | undefined): string | undefined {
  try {
    return readKey(pem, passphrase).asymmetricKeyType === 'rsa' ? undefined : 'This is not an RSA key: the assertion is signed with RS256.';
  } catch {
    return passphrase
      ? 'This private key cannot be read with this passphrase: check both.'
      : 'This private key cannot be read: give it in PEM with its BEGIN and END lines, and its passphrase when it is encrypted.';
  }
}
