import { z } from 'zod';
import { userinfoSecrets } from '../core/userinfo.ts';
import type { AuthPlugin } from './auth-plugin.ts';
import { credentialOption, headerCredentialOption } from './credential-option.ts';
import { tokenAuth } from './token-auth.ts';
import { defaultExpirationOption, tokenUrlOption } from './token-options.ts';

const field = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const options = z
  .strictObject({
    access_token_url: tokenUrlOption.describe('Address of the token endpoint.'),
    client_id: credentialOption.describe('Client id.'),
    client_secret: credentialOption.describe('Client secret.'),
    access_token_request_data: z
      .record(z.string(), z.union([field, z.array(field)]))
      .nullish()
      .describe('Form fields of the token request besides `client_id`, `client_secret` and `grant_type`, which they can replace.'),
    default_token_expiration: defaultExpirationOption,
    access_token: headerCredentialOption.nullish().describe('A token that is there already: used until the API refuses it.'),
  })
  .describe('Gets tokens with the OAuth 2.0 client credentials grant.');

/** Names of form fields whose values are secrets. */
const SECRET_FIELD = /secret|password|token|assertion|key/i;

/** OAuth 2.0 client credentials. */
export const oauth2ClientCredentials = {
  type: 'oauth2_client_credentials',
  options,
  credentials: ['client_id', 'client_secret', 'access_token'],
  identifiers: ['client_id'],
  create(o) {
    const data = {
      client_id: o.client_id,
      client_secret: o.client_secret,
      grant_type: 'client_credentials',
      ...o.access_token_request_data,
    };
    const auth = tokenAuth({
      tokenRequest: () => ({
        method: 'POST',
        url: o.access_token_url,
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        params: {},
        data,
      }),
      defaultExpiration: o.default_token_expiration,
      initialToken: o.access_token ?? undefined,
    });
    const secrets = Object.entries(data).flatMap(([name, value]) => (SECRET_FIELD.test(name) && typeof value === 'string' ? [value] : []));
    return { ...auth, secrets: [...secrets, ...userinfoSecrets(o.access_token_url)] };
  },
} as const satisfies AuthPlugin<z.output<typeof options>>;
