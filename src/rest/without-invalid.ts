import type { Finding } from '../core/errors.ts';
import type { RestApiConfig } from './rest-api-config.ts';

/**
 * What the schema accepts of a configuration, so that the other checks need not wait until the
 * schema is content. A value with a finding anywhere below is `undefined`, its key stays: the name
 * is taken, the value is unknown. Lists keep their positions.
 */
export interface SoundConfig {
  readonly client?: Partial<RestApiConfig['client']> | undefined;
  readonly resource_defaults?: RestApiConfig['resource_defaults'];
  readonly resources?: readonly (SoundResource | undefined)[] | undefined;
}

/** One resource of a {@link SoundConfig}: all that it needs may be missing. */
export type SoundResource = string | Partial<Exclude<RestApiConfig['resources'][number], string>>;

/** Takes everything out that has a finding of the schema. The configuration itself is left as it is. */
export function withoutInvalid(config: unknown, findings: readonly Finding[]): SoundConfig {
  let sound: unknown = config;
  for (const { path, atKey } of findings) sound = without(sound, unitOf(path), atKey === true && unitOf(path).length === path.length);
  return typeof sound === 'object' && sound !== null ? sound : {};
}

/** The part of a configuration that is taken out as a whole. */
function unitOf(path: Finding['path']): Finding['path'] {
  const depth = path[0] === 'client' ? 2 : path[0] === 'resources' ? 3 : 2;
  if (path[depth - 1] !== 'endpoint') return path.slice(0, depth);
  return path.slice(0, path[depth] === 'params' ? depth + 2 : depth + 1);
}

function without(value: unknown, [key, ...rest]: Finding['path'], entirely: boolean): unknown {
  if (key === undefined || typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return value.map((item, i) => (i === key ? without(item, rest, entirely) : (item as unknown)));
  if (!Object.hasOwn(value, key)) return value;
  const entries = Object.entries(value).filter(([k]) => !(entirely && rest.length === 0 && k === key));
  return Object.fromEntries(entries.map(([k, v]: [string, unknown]) => [k, k === key ? without(v, rest, entirely) : v]));
}
