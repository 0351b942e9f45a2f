import { apiKey } from './api-key.ts';
import type { AuthPlugin } from './auth-plugin.ts';
import { bearer } from './bearer.ts';
import { httpBasic } from './http-basic.ts';
import { oauth2ClientCredentials } from './oauth2-client-credentials.ts';
import { oauth2Jwt } from './oauth2-jwt.ts';

/** The auth schemes that configuration can name. */
export const builtInAuths = {
  bearer,
  api_key: apiKey,
  http_basic: httpBasic,
  oauth2_client_credentials: oauth2ClientCredentials,
  oauth2_jwt: oauth2Jwt,
} as const satisfies Readonly<Record<string, AuthPlugin<unknown>>>;

/** Name of an auth scheme that comes with syncline. */
export type AuthType = keyof typeof builtInAuths;
