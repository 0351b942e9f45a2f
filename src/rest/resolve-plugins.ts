import type { Auth } from '../core/auth.ts';
import type { Paginator } from '../core/paginator.ts';
import type { Plugin } from '../core/plugin.ts';
import { isPlainObject } from './config-json.ts';
import type { AuthConfig, PaginatorConfig, Plugins } from './config-plugins.ts';

/** Makes the paginators and auths of one configuration: the same part of it gives the same instance. */
export interface Instances {
  paginator(config: PaginatorConfig): Paginator;
  auth(config: AuthConfig): Auth;
  /** What the auths made so far prove who asks by. */
  readonly secrets: AuthSecrets;
}

/** Values of the credential options of auths. */
export interface AuthSecrets {
  readonly credentials: readonly string[];
  /** Say who asks, and prove nothing. */
  readonly identifiers: readonly string[];
}

/** Makes instances from valid configuration. */
export function createInstances({ paginators, auths }: Plugins): Instances {
  const made = new Map<unknown, Paginator | Auth>();
  const secrets = { credentials: [] as string[], identifiers: [] as string[] };
  function once<I extends Paginator | Auth>(config: PaginatorConfig | AuthConfig, make: () => I): I {
    const known = made.get(config) as I | undefined;
    const instance = known ?? make();
    made.set(config, instance);
    return instance;
  }
  function addOptions(config: Readonly<Record<string, unknown>>, plugin: object | undefined): void {
    const identifiers = namesOf(plugin, 'identifiers');
    for (const name of namesOf(plugin, 'credentials')) {
      const value = config[name];
      if (typeof value === 'string' && value !== '') secrets[identifiers.includes(name) ? 'identifiers' : 'credentials'].push(value);
    }
  }
  return {
    secrets,
    paginator: (config) => once(config, () => instanceOf(config, paginators, 'single_page')),
    auth: (config) =>
      once(config, () => {
        const auth = instanceOf(config, auths, 'bearer');
        secrets.credentials.push(...(auth.secrets ?? []));
        if (isPlainObject(config)) addOptions(config, auths[config['type'] ?? 'bearer']);
        return auth;
      }),
  };
}

function instanceOf<I extends Paginator | Auth>(
  config: string | object,
  registry: Readonly<Record<string, Plugin<unknown, I>>>,
  otherwise: string,
): I {
  if (typeof config === 'object' && isInstance(config)) return config as I;
  const { type, ...options } = typeof config === 'string' ? { type: config } : (config as { readonly type?: string | null });
  const plugin = registry[type ?? otherwise];
  if (plugin === undefined) throw new TypeError(`There is no plug-in ${String(type)}.`);
  return plugin.create(plugin.options.parse(options));
}

function isInstance(config: object): boolean {
  return 'apply' in config && typeof config.apply === 'function';
}

/** Plug-ins of others may lack what those of ours have. */
function namesOf(plugin: object | undefined, key: 'credentials' | 'identifiers'): readonly string[] {
  const names: unknown = plugin === undefined ? undefined : Reflect.get(plugin, key);
  return Array.isArray(names) ? names.map(String) : [];
}
