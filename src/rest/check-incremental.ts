import type { Json } from '../core/json.ts';
import { pythonCompare } from '../core/python-order.ts';
import { checkJsonPath } from './check-json-path.ts';
import type { ConfigPath, Findings } from './findings.ts';
import { compareTexts, textKind } from './incremental-text-order.ts';
import type { Draft } from './merge-defaults.ts';
import type { IncrementalConfig, IncrementalParamConfig } from './rest-api-config.ts';

/** An incremental of an endpoint and where it was written. */
interface Written {
  readonly config: IncrementalConfig | IncrementalParamConfig;
  readonly at: ConfigPath;
}

/** Finds what is wrong with the incremental of an endpoint: at most one, in one place, with a range that holds something. */
export function checkIncremental({ endpoint, locate }: Draft, out: Findings): void {
  const own: Written[] = endpoint.incremental ? [{ config: endpoint.incremental, at: locate('endpoint', 'incremental') }] : [];
  const params = Object.entries(endpoint.params ?? {}).flatMap(([name, config]) =>
    isIncrementalParam(config) ? [{ config, at: locate('endpoint', 'params', name) }] : [],
  );
  const all = [...own, ...params];
  for (const { at } of all.slice(1)) {
    out.error(
      at,
      'An endpoint has one incremental, this is another one.',
      'Keep `endpoint.incremental` alone and write `{incremental.start_value}` where the value goes.',
    );
  }
  for (const { config, at } of params) {
    for (const key of ['end_value', 'end_param'] as const) {
      if (config[key] === undefined || config[key] === null) continue;
      out.error([...at, key], `An incremental parameter has no \`${key}\`.`, 'Move the incremental to `endpoint.incremental`.');
    }
    if ('transform' in config && config.transform)
      out.warn([...at, 'transform'], '`transform` is the old name of `convert`.', 'Rename it to `convert`.');
  }
  for (const { config, at } of all) {
    checkJsonPath(config.cursor_path, [...at, 'cursor_path'], out);
    checkRange(config, at, out);
  }
}

/** True for `{"type": "incremental", …}`. */
export function isIncrementalParam(param: unknown): param is IncrementalParamConfig {
  return typeof param === 'object' && param !== null && Reflect.get(param, 'type') === 'incremental';
}

function checkRange(
  { initial_value: initial, end_value: end, last_value_func: func }: Written['config'],
  at: ConfigPath,
  out: Findings,
): void {
  if (end === undefined || end === null) return;
  if (initial === undefined || initial === null) {
    out.error([...at, 'end_value'], '`end_value` stands without `initial_value`.', 'Add `initial_value`, the lower bound of the range.');
    return;
  }
  if (typeof func === 'function') return;
  const order = compareBounds(initial as Json, end as Json);
  if (order === undefined)
    out.error([...at, 'end_value'], '`initial_value` and `end_value` are of different kinds.', 'Write both in the same way.');
  else if (func === 'min' ? order < 0 : order > 0)
    out.error([...at, 'end_value'], '`end_value` lies before `initial_value`.', 'Swap the two.');
}

function compareBounds(initial: Json, end: Json): number | undefined {
  if (typeof initial !== 'string' || typeof end !== 'string') return pythonCompare(initial, end);
  const kind = textKind(initial);
  return compareTexts(initial, end, textKind(end) === kind ? kind : 'text');
}
