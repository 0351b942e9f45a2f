import { ConfigError, ResponseError, SynclineError } from '../core/errors.ts';
import type { FormBody, HttpRequest } from '../core/http.ts';
import type { Json } from '../core/json.ts';
import type { WalkPlan } from '../core/source.ts';
import { incrementalParams, incrementalValues } from './incremental.ts';
import type { IncrementalOptions } from './incremental-options.ts';
import { requestAddress } from './request-address.ts';
import type { RequestTemplate } from './resolved-config.ts';
import { expandJson, expandText, TemplateError, type TemplateValues } from './templates.ts';

/** What the requests of a resource are built from. */
export interface RequestSetup {
  readonly resource: string;
  readonly baseUrl: string;
  /** Of the client: sent as they are. */
  readonly headers: HttpRequest['headers'];
  readonly template: RequestTemplate;
  readonly incremental: IncrementalOptions | undefined;
}

/** The first request of a walk, with the values of its plan in all placeholders. */
export function buildRequest(setup: RequestSetup, plan: WalkPlan): HttpRequest {
  const { resource, incremental } = setup;
  try {
    const bounds = plan.incremental;
    const known =
      incremental && bounds
        ? { values: incrementalValues(incremental, bounds), params: incrementalParams(incremental, bounds) }
        : undefined;
    return fill(setup, { ...plan.values, ...known?.values }, known?.params ?? {});
  } catch (error) {
    if (error instanceof SynclineError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    if (error instanceof TemplateError) {
      throw new ConfigError('placeholder_failed', `A placeholder of resource "${resource}" cannot be filled in: ${why}.`, {
        hint: 'Correct the placeholder in path, params, json, data or headers of the endpoint.',
        context: { resource },
      });
    }
    throw new ConfigError('convert_failed', `The function convert of resource "${resource}" failed: ${why}`, {
      hint: 'Correct the function.',
      context: { resource },
    });
  }
}

function fill(setup: RequestSetup, values: TemplateValues, incrementalParams: Readonly<Record<string, Json>>): HttpRequest {
  const { method, headers, params, json, data } = setup.template;
  const text = <T extends Json>(value: T): T => expandJson(value, values, { preserveTypes: false }) as T;
  return {
    method,
    url: requestAddress(setup.baseUrl, expandPath(setup, values)),
    headers: { ...setup.headers, ...text(headers as Record<string, string | null>) },
    params: { ...text(params as Record<string, Json>), ...incrementalParams },
    ...(json === undefined ? {} : { json: expandJson(json, values, { preserveTypes: true }) }),
    ...(data === undefined ? {} : { data: text(data as Json) as FormBody }),
  };
}

const DOT_SEGMENT = /(?:^|\/)\.\.?(?=$|[/?#])/;

/** A value `..` would lead to another endpoint, and no encoding can keep servers and clients from that. */
function expandPath({ resource, template: { path } }: RequestSetup, values: TemplateValues): string {
  const expanded = expandText(path, values, { encode: 'path' });
  if (!DOT_SEGMENT.test(expanded) || DOT_SEGMENT.test(path.text)) return expanded;
  throw new ResponseError(
    'path_value_invalid',
    `A value that resource "${resource}" puts into its path is "." or "..", which leads elsewhere.`,
    {
      hint: 'Leave such rows out with a filter in processing_steps of the parent.',
      context: { resource },
    },
  );
}
