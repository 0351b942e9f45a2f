import { userinfoOf, withoutUserinfo } from '../core/userinfo.ts';
import { isPlainObject } from './config-json.ts';
import type { RestApiConfig } from './rest-api-config.ts';

/**
 * A configuration whose `base_url` has no user name and password: they become the auth, unless there
 * is one. So they go with every page, and a next link neither loses nor holds them (invariant 8).
 */
export function userinfoAuth(config: RestApiConfig): RestApiConfig {
  // Not validated yet.
  const client: unknown = config.client;
  if (!isPlainObject(client)) return config;
  const address = typeof client['base_url'] === 'string' ? client['base_url'] : '';
  const userinfo = userinfoOf(address);
  if (userinfo === undefined) return config;
  const auth = config.client.auth ?? { type: 'http_basic', ...userinfo };
  return { ...config, client: { ...config.client, base_url: withoutUserinfo(address), auth } };
}
