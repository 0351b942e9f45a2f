import type { Secrets } from '../core/secret.ts';
import type { Source } from '../core/source.ts';
import { isIncrementalParam } from './check-incremental.ts';
import { fingerprint } from './fingerprint.ts';
import type { ResolvedResource } from './resolved-config.ts';
import type { EndpointConfig, ResourceConfig, ResourceDefaults, RestApiConfig } from './rest-api-config.ts';

/** What is told apart of a source. */
export interface FingerprintedSource {
  readonly config: RestApiConfig;
  readonly setups: readonly ResolvedResource[];
  /** What a scheduler says of each setup's range: with another one it is another run. */
  readonly intervals: readonly unknown[];
  /** What the source says of all its tables. */
  readonly tables: unknown;
}

/**
 * The fingerprints of a source. Which values the bounds of an incremental have does not count: they may be
 * computed anew each time, and an unfinished run has its own.
 */
export function sourceFingerprints(
  { config, setups, intervals, tables }: FingerprintedSource,
  secrets: Secrets,
): Required<Pick<Source, 'fingerprint' | 'rowsFingerprint'>> {
  return {
    fingerprint: fingerprint([affecting(config), intervals], secrets),
    rowsFingerprint: fingerprint([setups.map(makingRows), intervals, tables], secrets),
  };
}

/** The configuration without what affects neither requests nor rows. */
function affecting(config: RestApiConfig): unknown {
  const { $schema: _, commit_every: _every, client, resource_defaults: defaults, resources, ...rest } = config;
  const { retry: _retry, timeout: _timeout, max_body_bytes: _max, concurrency: _concurrency, rate_limit: _rate, ...asked } = client;
  return { ...rest, client: asked, resource_defaults: defaults && askingResource(defaults), resources: resources.map(askingResource) };
}

function askingResource(resource: ResourceConfig | ResourceDefaults): unknown {
  if (typeof resource !== 'object' || !('endpoint' in resource)) return resource;
  const { endpoint } = resource;
  return typeof endpoint === 'object' && endpoint !== null ? { ...resource, endpoint: askingEndpoint(endpoint) } : resource;
}

function askingEndpoint({ incremental, params, ...rest }: Partial<EndpointConfig>): unknown {
  const asked = Object.entries(params ?? {}).map(([name, param]) => [name, isIncrementalParam(param) ? outline(param) : param]);
  return { ...rest, incremental: incremental && outline(incremental), params: params && Object.fromEntries(asked) };
}

/** What makes rows of pages that are in the log: selectors and what comes from parents are there with them. */
function makingRows({ name, selected, hints, processingSteps, ...setup }: ResolvedResource): readonly unknown[] {
  const read = setup.kind === 'rows' ? undefined : [setup.parent?.resource, setup.incremental && outline(setup.incremental)];
  return [name, selected, hints, processingSteps, read];
}

/** An incremental that says of its bounds only whether they are there. */
function outline(incremental: { readonly initial_value?: unknown; readonly end_value?: unknown }): unknown {
  const isThere = (value: unknown): boolean => value !== undefined && value !== null;
  return { ...incremental, initial_value: isThere(incremental.initial_value), end_value: isThere(incremental.end_value) };
}
