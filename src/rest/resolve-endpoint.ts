import type { FormBody } from '../core/http.ts';
import type { JsonObject } from '../core/json.ts';
import { isIncrementalParam } from './check-incremental.ts';
import { toJson } from './config-json.ts';
import type { JsonInput } from './config-json.ts';
import type { IncrementalOptions } from './incremental-options.ts';
import type { Draft } from './merge-defaults.ts';
import { isSingleEntity, paginatorOf } from './paginator-of.ts';
import { parentField } from './parent-fields.ts';
import { resolveHints } from './resolve-hints.ts';
import type { Instances } from './resolve-plugins.ts';
import type { EndpointSetup, ParentLink, RequestTemplate } from './resolved-config.ts';
import type { RestApiConfig } from './rest-api-config.ts';
import { bindPath } from './templates-bind.ts';
import { fieldsOf } from './templates-fields.ts';

/** Makes the setup of a resource with an endpoint. The configuration is valid. */
export function resolveEndpoint(draft: Draft, client: RestApiConfig['client'], instances: Instances): EndpointSetup {
  const { keys, endpoint } = draft;
  const { request, fields } = resolveRequest(draft);
  const incremental = resolveIncremental(draft);
  const chosen = paginatorOf(draft, client);
  const auth = endpoint.auth === undefined ? client.auth : endpoint.auth;
  return {
    kind: 'endpoint',
    name: draft.name ?? '',
    selected: keys.selected ?? true,
    hints: resolveHints(keys, incremental?.cursor_path),
    processingSteps: keys.processing_steps ?? [],
    request,
    parent: parentLink(fields, keys.include_from_parent ?? []),
    paginator: chosen && instances.paginator(chosen.config),
    selector: (endpoint.data_selector ?? (isSingleEntity(endpoint.path ?? '') ? '$' : '')) || undefined,
    selectorRequired: endpoint.data_selector_required ?? undefined,
    auth: auth ? instances.auth(auth) : undefined,
    hasOwnAuth: endpoint.auth !== undefined && draft.locate('endpoint', 'auth')[0] === 'resources',
    responseActions: (endpoint.response_actions ?? []).filter(
      (action) =>
        typeof action === 'function' || action.action !== 'ignore' || (action.status_code ?? action.content ?? undefined) !== undefined,
    ),
    incremental,
    constants: incremental === undefined ? {} : constantsOf(incremental),
  };
}

/** The request, and the fields of the parent that it needs by their placeholders. */
function resolveRequest({ endpoint }: Draft): {
  request: RequestTemplate;
  fields: ReadonlyMap<string, { resource: string; field: string }>;
} {
  const hasIncremental = endpoint.incremental !== undefined && endpoint.incremental !== null;
  const given = Object.fromEntries(Object.entries(endpoint.params ?? {}).filter(([, value]) => value !== undefined));
  const bound = bindPath({ path: endpoint.path ?? '', params: given, hasIncremental });
  const sent = Object.entries(bound.params).filter(([, value]) => !isIncrementalParam(value));
  const params = Object.fromEntries(sent.map(([name, value]) => [name, toJson(value as JsonInput)]));
  const { json, data, headers } = endpoint;
  const fields = new Map(bound.resolved.map(({ name, resource, field }) => [name, { resource, field }]));
  for (const { field: expression } of fieldsOf([endpoint.path, params, json, data, headers]).fields) {
    const use = parentField(expression);
    if (use) fields.set(expression, use);
  }
  return {
    request: {
      method: endpoint.method ?? 'GET',
      path: bound.template,
      headers: Object.fromEntries(
        Object.entries(headers ?? {}).map(([name, value]) => [name, typeof value === 'number' ? String(value) : value]),
      ),
      params,
      json: json === undefined || json === null ? undefined : toJson(json),
      data: data === undefined || data === null ? undefined : (toJson(data) as FormBody),
    },
    fields,
  };
}

function parentLink(fields: ReadonlyMap<string, { resource: string; field: string }>, include: readonly string[]): ParentLink | undefined {
  const [first] = fields.values();
  if (first === undefined) return undefined;
  return {
    resource: first.resource,
    fields: Object.fromEntries([...fields].map(([expression, { field }]) => [expression, field])),
    include,
  };
}

/** The incremental of an endpoint, whichever way it was written. */
function resolveIncremental({ keys, endpoint }: Draft): IncrementalOptions | undefined {
  const [name, param] = Object.entries(endpoint.params ?? {}).find(([, value]) => isIncrementalParam(value)) ?? [];
  const key = keys.primary_key ?? undefined;
  if (name !== undefined && isIncrementalParam(param)) {
    const { type: _, transform, convert, ...options } = param;
    return { ...options, start_param: name, convert: transform ?? convert, primary_key: options.primary_key ?? key };
  }
  const { incremental } = endpoint;
  return incremental ? { ...incremental, primary_key: incremental.primary_key ?? key } : undefined;
}

/** What `{incremental.…}` placeholders say of the configuration, with dlt's defaults. */
function constantsOf(incremental: IncrementalOptions): JsonObject {
  return {
    'incremental.cursor_path': incremental.cursor_path,
    'incremental.row_order': incremental.row_order ?? null,
    'incremental.lag': incremental.lag ?? null,
    'incremental.on_cursor_value_missing': incremental.on_cursor_value_missing ?? 'raise',
    'incremental.range_start': incremental.range_start ?? 'closed',
    'incremental.range_end': incremental.range_end ?? 'open',
  };
}
