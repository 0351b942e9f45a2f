import { ConfigError } from '../core/errors.ts';
import { concurrency, DEFAULT_MAX_BODY_BYTES, rateLimits, retryPolicy, timeouts } from './config-client.ts';
import { builtInPlugins } from './config-plugins.ts';
import type { Plugins } from './config-plugins.ts';
import type { ConfigPath } from './findings.ts';
import { mergeDefaults } from './merge-defaults.ts';
import type { Draft } from './merge-defaults.ts';
import { resolveEndpoint } from './resolve-endpoint.ts';
import { resolveHints } from './resolve-hints.ts';
import { createInstances } from './resolve-plugins.ts';
import type { ResolvedConfig, ResolvedResource, RowsSetup } from './resolved-config.ts';
import { parentsFirst } from './resource-graph.ts';
import type { RestApiConfig } from './rest-api-config.ts';
import { validateConfig } from './validate-config.ts';

/**
 * Merges the defaults, fills in paths, picks paginators and auths, and puts parents before their
 * children. Throws a ConfigError with all findings when the configuration is not valid. The
 * configuration is not changed, and resources share nothing but instances.
 */
export function resolveConfig(config: RestApiConfig, plugins: Plugins = builtInPlugins): ResolvedConfig {
  const { findings } = validateConfig(config, plugins);
  if (findings.length > 0) {
    const mistakes = findings.map(({ path, message }) => `\n  ${pathText(path)}${message}`).join('');
    throw new ConfigError('config_invalid', `The configuration has ${findings.length === 1 ? 'a mistake' : 'mistakes'}:${mistakes}`, {
      hint: findings[0]?.hint ?? 'Correct the configuration.',
      findings,
    });
  }
  const { client } = config;
  const instances = createInstances(plugins);
  const resources = mergeDefaults(config).map((draft) =>
    draft.rows === undefined ? resolveEndpoint(draft, client, instances) : resolveRows(draft, draft.rows),
  );
  return {
    client: {
      baseUrl: client.base_url,
      headers: client.headers ?? {},
      retry: retryPolicy(client.retry),
      timeouts: timeouts(client.timeout),
      concurrency: concurrency(client.concurrency),
      rateLimits: rateLimits(client.rate_limit),
      allowedHosts: client.allowed_hosts ?? [],
      maxBodyBytes: client.max_body_bytes ?? DEFAULT_MAX_BODY_BYTES,
    },
    resources: ordered(resources),
    secrets: instances.secrets,
  };
}

function resolveRows({ name = '', keys }: Draft, rows: RowsSetup['rows']): RowsSetup {
  return {
    kind: 'rows',
    name,
    rows,
    selected: keys.selected ?? true,
    hints: resolveHints(keys),
    processingSteps: keys.processing_steps ?? [],
  };
}

function ordered(resources: readonly ResolvedResource[]): ResolvedResource[] {
  const parent = (resource: ResolvedResource) => (resource.kind === 'endpoint' ? resource.parent?.resource : undefined);
  const order = parentsFirst(resources.map((resource) => ({ name: resource.name, parent: parent(resource) })));
  const byName = new Map(resources.map((resource) => [resource.name, resource]));
  return order.flatMap((name) => byName.get(name) ?? []);
}

/** `resources[0].endpoint.path: ` */
function pathText(path: ConfigPath): string {
  if (path.length === 0) return '';
  const text = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
  return `${text.replace(/^\./, '')}: `;
}
