import { ConfigError } from '../core/errors.ts';
import type { HttpRequest } from '../core/http.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';

/** Puts a paging value into a request; the request is not changed. */
export type Placement = (request: HttpRequest, value: Json) => HttpRequest;

/** The two options that say where a paging value goes; at most one is given. */
export interface PlacementOptions {
  readonly param: string | null | undefined;
  readonly bodyPath: string | null | undefined;
  /** Query parameter when neither option is given. */
  readonly fallback: string;
}

/** True when both options are given, or one is given empty: dlt refuses that too. */
export function isPlacementUnclear(param: string | null | undefined, bodyPath: string | null | undefined): boolean {
  const absent = (option: string | null | undefined) => option === undefined || option === null;
  if (absent(param) && absent(bodyPath)) return false;
  return Boolean(param) === Boolean(bodyPath);
}

/** Chooses between a query parameter, which replaces the user's own, and a dot path in the body. */
export function placement(options: PlacementOptions): Placement {
  const { bodyPath } = options;
  if (bodyPath) return (request, value) => placeInBody(request, bodyPath, value);
  const name = options.param || options.fallback;
  return (request, value) => ({ ...request, params: { ...request.params, [name]: value } });
}

function placeInBody(request: HttpRequest, path: string, value: Json): HttpRequest {
  if (request.data !== undefined && Object.keys(request.data).length > 0)
    throw new ConfigError('body_path_with_data', `The body path \`${path}\` writes into a JSON body, but the request sends \`data\`.`, {
      hint: 'Send `json` instead of `data`, or page with a query parameter.',
    });
  return { ...request, json: setAtPath(request.json, path.split('.'), { path, value }) };
}

function setAtPath(
  target: Json | undefined,
  keys: readonly string[],
  setting: { readonly path: string; readonly value: Json },
): JsonObject {
  if (target !== undefined && target !== null && !isJsonObject(target))
    throw new ConfigError(
      'body_path_blocked',
      `The body path \`${setting.path}\` runs through a value of \`json\` that is not an object.`,
      {
        hint: 'Correct the body path, or the `json` of the endpoint.',
      },
    );
  const [key = '', ...rest] = keys;
  const inner = target && Object.hasOwn(target, key) ? target[key] : undefined;
  return { ...target, [key]: rest.length === 0 ? setting.value : setAtPath(inner, rest, setting) };
}
