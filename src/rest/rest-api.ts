import { setTimeout as delay } from 'node:timers/promises';
import { parseLoadSize } from '../core/load-size.ts';
import { createSecrets, type Secrets } from '../core/secret.ts';
import type { ContractMode, SchemaContract } from '../core/schema.ts';
import type { Resource, Source } from '../core/source.ts';
import { userinfoSecrets } from '../core/userinfo.ts';
import { createClient } from './client.ts';
import { builtInPlugins, type Plugins } from './config-plugins.ts';
import { addConfigSecrets } from './config-secrets.ts';
import type { ClientOptions } from './exchange.ts';
import { joinScheduler, schedulerInterval } from './incremental-interval.ts';
import { resolveConfig } from './resolve-config.ts';
import type { ResolvedResource } from './resolved-config.ts';
import { endpointResource, rowsResource } from './resource.ts';
import type { RestApiConfig } from './rest-api-config.ts';
import { sourceFingerprints } from './source-fingerprints.ts';
import { userinfoAuth } from './userinfo-auth.ts';

/** What can be said of a source besides its configuration. */
export interface RestApiOptions {
  /** Names the schema and the part of the state; `rest_api` when left out. */
  readonly name?: string | undefined;
  /** Where credentials are made known, so that whoever shows something can redact it. */
  readonly secrets?: Secrets | undefined;
  /** Paginators and auths besides those that come with syncline. */
  readonly plugins?: Partial<Plugins> | undefined;
  /** Contract of all tables of the source. */
  readonly schemaContract?: ContractMode | SchemaContract | undefined;
  /** Nesting of tables for all resources that do not say. */
  readonly maxTableNesting?: number | undefined;
  /** Gives all nested tables the row key of their root. */
  readonly rootKey?: boolean | undefined;
  /** Where proxy variables and a scheduler's interval are; the environment of the process when left out. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Milliseconds since the epoch. */
  readonly now?: (() => number) | undefined;
  /** A number from 0 to below 1. */
  readonly random?: (() => number) | undefined;
  /** Waits that many milliseconds. */
  readonly sleep?: ClientOptions['sleep'] | undefined;
}

/**
 * The source that a configuration of dlt's `rest_api` describes. Throws a ConfigError with all
 * findings when it is not valid. Nothing is asked for before a resource is walked.
 */
export function restApi(given: RestApiConfig, options: RestApiOptions = {}): Source {
  const { name = 'rest_api', secrets = createSecrets(), env = process.env } = options;
  const { schemaContract, maxTableNesting, rootKey } = options;
  const config = userinfoAuth(given);
  const resolved = resolveConfig(config, {
    paginators: { ...builtInPlugins.paginators, ...options.plugins?.paginators },
    auths: { ...builtInPlugins.auths, ...options.plugins?.auths },
  });
  for (const secret of userinfoSecrets(given.client.base_url)) secrets.addCredential(secret);
  addConfigSecrets(resolved, secrets);
  const { client: shared } = resolved;
  const setups = resolved.resources.map((setup) => withInterval(setup, env));
  const client = createClient({
    ...shared,
    secrets,
    env,
    now: options.now ?? Date.now,
    elapsed: options.now ?? (() => performance.now()),
    random: options.random ?? Math.random,
    sleep: options.sleep ?? wait,
  });
  const commitEvery = config.commit_every ? parseLoadSize(config.commit_every) : undefined;
  const context = { client, shared, secrets };
  return {
    name,
    resources: setups.map((setup): Resource => (setup.kind === 'rows' ? rowsResource(setup, context) : endpointResource(setup, context))),
    ...sourceFingerprints(
      { config, setups, intervals: setups.map((setup) => intervalOf(setup, env)), tables: { schemaContract, maxTableNesting, rootKey } },
      secrets,
    ),
    ...(commitEvery === undefined ? {} : { commitEvery }),
    ...(schemaContract === undefined ? {} : { schemaContract }),
    ...(maxTableNesting === undefined ? {} : { maxTableNesting }),
    ...(rootKey === undefined ? {} : { rootKey }),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

async function wait(ms: number, signal?: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal });
}

function withInterval(setup: ResolvedResource, env: Readonly<Record<string, string | undefined>>): ResolvedResource {
  if (setup.kind === 'rows' || !setup.incremental) return setup;
  return { ...setup, incremental: joinScheduler(setup.incremental, { env, resource: setup.name }) };
}

function intervalOf(setup: ResolvedResource, env: Readonly<Record<string, string | undefined>>): unknown {
  return setup.kind === 'rows' || !setup.incremental ? undefined : schedulerInterval(setup.incremental, env);
}
