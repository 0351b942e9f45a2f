import type { Auth } from '../core/auth.ts';
import type { FormBody } from '../core/http.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { Paginator } from '../core/paginator.ts';
import type { ResourceHints } from '../core/source.ts';
import type { Concurrency, RateLimit, RetryPolicy, Timeouts } from './config-client.ts';
import type { IncrementalOptions } from './incremental-options.ts';
import type { ResponseAction } from './response-hook.ts';
import type { AuthSecrets } from './resolve-plugins.ts';
import type { ProcessingStep, RowLists } from './rest-api-config.ts';
import type { Template } from './templates-parse.ts';

/** A configuration with all defaults in it: what a source is made from. */
export interface ResolvedConfig {
  readonly client: ResolvedClient;
  /** Parents before their children, in dlt's order. */
  readonly resources: readonly ResolvedResource[];
  /** Of every auth: nothing may show them. */
  readonly secrets: AuthSecrets;
}

/** What all requests of a source share. Auth and paginator are with the resources. */
export interface ResolvedClient {
  /** Put before relative paths; empty when all paths are absolute. */
  readonly baseUrl: string;
  /** Sent as they are: no placeholders. An endpoint's header of the same name wins. */
  readonly headers: Readonly<Record<string, string>>;
  readonly retry: RetryPolicy;
  readonly timeouts: Timeouts;
  readonly concurrency: Concurrency;
  /** All of them hold; `undefined`: what the API announces. */
  readonly rateLimits: readonly RateLimit[] | undefined;
  /** Hosts, with or without a port, that get the credentials besides that of `baseUrl`. */
  readonly allowedHosts: readonly string[];
  readonly maxBodyBytes: number;
}

/** A resource whose rows come from an endpoint, or from code. */
export type ResolvedResource = EndpointSetup | RowsSetup;

interface ResourceSetup {
  readonly name: string;
  /** False: walked when a selected resource depends on it, but not loaded. */
  readonly selected: boolean;
  /** Hints with raw names: columns by name, nothing null. `incremental_column` is set. */
  readonly hints: ResourceHints;
  /** Empty when there are none. */
  readonly processingSteps: readonly ProcessingStep[];
}

/** A resource whose rows come from code. */
export interface RowsSetup extends ResourceSetup {
  readonly kind: 'rows';
  readonly rows: RowLists;
}

/** A resource whose rows come from an endpoint. */
export interface EndpointSetup extends ResourceSetup {
  readonly kind: 'endpoint';
  readonly request: RequestTemplate;
  /** `undefined` for a resource that depends on no other. */
  readonly parent: ParentLink | undefined;
  /** `undefined`: to be found out on the first page. */
  readonly paginator: Paginator | undefined;
  /** JSONPath of the rows; `undefined`: to be found out on the first page. */
  readonly selector: string | undefined;
  readonly selectorRequired: boolean | undefined;
  /** Shared by all resources that take the client's. */
  readonly auth: Auth | undefined;
  /** The endpoint itself names its auth: it is meant for where the endpoint is, not for `baseUrl`. */
  readonly hasOwnAuth: boolean;
  /** In order; entries that can never take effect are left out. */
  readonly responseActions: readonly ResponseAction[];
  /**
   * The one incremental, whichever of the three ways it was written in. `start_param` is the
   * parameter's name when it was one, `primary_key` is the resource's when it has none of its own.
   */
  readonly incremental: IncrementalOptions | undefined;
  /** Values of the placeholders that do not change: `incremental.lag`, `incremental.cursor_path` and others. */
  readonly constants: JsonObject;
}

/**
 * A request with its placeholders. Headers, params and data are expanded to text, json keeps the
 * types of values that stand alone; braces are doubled where they stand for themselves.
 */
export interface RequestTemplate {
  readonly method: string;
  /** Relative to the client's `baseUrl`, or absolute. Static parameters are filled in. */
  readonly path: Template;
  readonly headers: Readonly<Record<string, string | null>>;
  /** Without those that the path took, and without `resolve` and `incremental` ones. */
  readonly params: Readonly<Record<string, Json>>;
  /** `undefined`: no JSON body. */
  readonly json: Json | undefined;
  readonly data: FormBody | undefined;
}

/** How a resource hangs on its parent. */
export interface ParentLink {
  readonly resource: string;
  /** JSONPaths in the parent's row by the placeholder that takes their first match: `resources.posts.id`, or a parameter's name. */
  readonly fields: Readonly<Record<string, string>>;
  /** Keys of the parent's row that every row gets as `_<parent>_<key>`. */
  readonly include: readonly string[];
}
