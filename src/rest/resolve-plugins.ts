import type { Auth } from '../core/auth.ts';
import type { Paginator } from '../core/paginator.ts';
import type { Plugin } from '../core/plugin.ts';
import { isPlainObject } from './config-json.ts';
import type { AuthConfig, PaginatorConfig, Plugins } from './config-plugins.ts';

/** Makes the paginators and auths of one configuration: the same part of it gives the same instance. */
export interface Instances {
  paginator(config: PaginatorConfig): Paginator;
  auth(config: AuthConfig): Auth;
  /** Values of the credential options of the auths made so far. */
  readonly secrets: readonly string[];
}

/** Makes instances from valid configuration. */
export function createInstances({ paginators, auths }: Plugins): Instances {
  const made = new Map<unknown, Paginator | Auth>();
  const secrets: string[] = [];
  function once<I extends Paginator | Auth>(config: PaginatorConfig | AuthConfig, make: () => I): I {
    const known = made.get(config) as I | undefined;
    const instance = known ?? make();
    made.set(config, instance);
    return instance;
  }
  return {
    secrets,
    paginator: (config) => once(config, () => instanceOf(config, paginators, 'single_page')),
    auth: (config) =>
      once(config, () => {
        if (isPlainObject(config)) secrets.push(...credentialsIn(config, auths));
        return instanceOf(config, auths, 'bearer');
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

function credentialsIn(config: object, auths: Plugins['auths']): string[] {
  const plugin: object | undefined = auths[String(Reflect.get(config, 'type') ?? 'bearer')];
  const names: unknown = plugin === undefined ? undefined : Reflect.get(plugin, 'credentials');
  if (!Array.isArray(names)) return [];
  return names.flatMap((name) => {
    const value: unknown = Reflect.get(config, String(name));
    return typeof value === 'string' && value !== '' ? [value] : [];
  });
}
