import type { AuthPlugin } from '../src/auth/auth-plugin.ts';
import { type AuthType, builtInAuths } from '../src/auth/built-in.ts';
import type { Auth } from '../src/core/auth.ts';
import type { JsonObject } from '../src/core/json.ts';

/** An auth with options as configuration writes them. */
export function createAuth({ type, ...options }: JsonObject): Auth {
  const plugin: AuthPlugin<unknown> = builtInAuths[type as AuthType];
  return plugin.create(plugin.options.parse(options));
}
