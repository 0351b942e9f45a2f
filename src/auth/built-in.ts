import type { Auth } from '../core/auth.ts';
import { ConfigError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
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

/** Makes an auth from its configuration: `type` (`bearer` when it is left out) and the options of that type, valid already. */
export function createAuth(config: JsonObject): Auth {
  const { type = 'bearer', ...options } = config;
  const plugins: Readonly<Record<string, AuthPlugin<unknown>>> = builtInAuths;
  const name = typeof type === 'string' ? type : '';
  const plugin = Object.hasOwn(plugins, name) ? plugins[name] : undefined;
  if (plugin === undefined)
    throw new ConfigError('unknown_auth', `There is no auth of type \`${name}\`.`, {
      hint: `Use one of ${Object.keys(plugins).join(', ')}.`,
    });
  return plugin.create(plugin.options.parse(options));
}
