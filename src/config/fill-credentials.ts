import { z } from 'zod';
import { builtInAuths } from '../auth/built-in.ts';
import type { Plugin } from '../core/plugin.ts';
import { isPlainObject } from '../rest/config-json.ts';

/** A configuration whose auths are complete, as far as the environment can complete them. */
export interface FilledCredentials {
  readonly value: unknown;
  /** Values that came from the environment: all of them are secrets. */
  readonly secrets: readonly string[];
}

/** Where dlt looks for the fields of a source's credentials, in its order; the field follows. */
const prefixes = (sourceName: string): readonly string[] => [
  `SOURCES__REST_API__${sourceName.toUpperCase()}__CREDENTIALS__`,
  'SOURCES__REST_API__CREDENTIALS__',
  'SOURCES__CREDENTIALS__',
  'CREDENTIALS__',
];

/**
 * Completes auths that are a name (`"bearer"`) or lack required fields from dlt's environment
 * variables, such as `SOURCES__REST_API__CREDENTIALS__TOKEN`. What is written in the configuration
 * wins, and an auth that nothing completes is left for validation to explain.
 */
export function fillCredentials(value: unknown, env: Readonly<Record<string, string | undefined>>, sourceName: string): FilledCredentials {
  const secrets: string[] = [];
  const complete = (auth: unknown): unknown => {
    const written = typeof auth === 'string' ? { type: auth } : auth;
    if (!isPlainObject(written)) return auth;
    const { type = 'bearer' } = written;
    const plugins: Readonly<Record<string, Plugin<unknown, unknown>>> = builtInAuths;
    const plugin = typeof type === 'string' && Object.hasOwn(plugins, type) ? plugins[type] : undefined;
    if (plugin === undefined) return auth;
    const found = requiredFields(plugin)
      .filter((field) => written[field] === undefined)
      .flatMap((field) => {
        const text = prefixes(sourceName)
          .map((prefix) => env[prefix + field.toUpperCase()])
          .find((variable) => variable !== undefined);
        return text === undefined ? [] : [[field, text] as const];
      });
    if (found.length === 0) return auth;
    secrets.push(...found.map(([, text]) => text));
    return { ...written, type, ...Object.fromEntries(found) };
  };
  const inEndpoint = (owner: unknown): unknown =>
    isPlainObject(owner) && isPlainObject(owner['endpoint']) && 'auth' in owner['endpoint']
      ? { ...owner, endpoint: { ...owner['endpoint'], auth: complete(owner['endpoint']['auth']) } }
      : owner;
  if (!isPlainObject(value)) return { value, secrets };
  const { client, resource_defaults: defaults, resources } = value;
  const filled = {
    ...value,
    ...(isPlainObject(client) && 'auth' in client ? { client: { ...client, auth: complete(client['auth']) } } : {}),
    ...(isPlainObject(defaults) ? { resource_defaults: inEndpoint(defaults) } : {}),
    ...(Array.isArray(resources) ? { resources: resources.map(inEndpoint) } : {}),
  };
  return { value: filled, secrets };
}

function requiredFields(plugin: Plugin<unknown, unknown>): readonly string[] {
  if (!(plugin.options instanceof z.ZodObject)) return [];
  const shape: Readonly<Record<string, z.ZodType>> = plugin.options.shape;
  return Object.keys(shape).filter((field) => shape[field]?.safeParse(undefined).success === false);
}
