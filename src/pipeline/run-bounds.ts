import type { Json } from '../core/json.ts';
import { canonicalJson } from '../core/print-json.ts';
import type { Bounds, Resource } from '../core/source.ts';
import type { Selection } from './select-resources.ts';

/** Ranges of the incrementals of a run's resources, by name. */
export type RunBounds = Readonly<Record<string, Bounds>>;

/** The ranges that resources have, for a run that begins with them. */
export function boundsOf(resources: readonly Resource[]): RunBounds {
  return Object.fromEntries(resources.flatMap(({ name, bounds }) => (bounds ? [[name, bounds]] : [])));
}

/** The resources with the ranges that their run began with, whatever the configuration gives now; as they are, where the run does not tell. */
export function atBounds({ walked, loaded }: Selection, bounds: RunBounds = {}): Selection {
  const at = (resource: Resource): Resource => {
    const own = bounds[resource.name];
    return own && resource.withBounds ? resource.withBounds(own) : resource;
  };
  return { walked: walked.map(at), loaded };
}

/** True when both give the same. */
export function sameBounds(a: RunBounds, b: RunBounds): boolean {
  const text = (bounds: RunBounds): string => canonicalJson(bounds as unknown as Json);
  return text(a) === text(b);
}
