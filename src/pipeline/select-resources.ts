import { ConfigError } from '../core/errors.ts';
import type { Resource, Source } from '../core/source.ts';
import { didYouMean } from '../core/suggest.ts';

/** Which resources take part in a run. */
export interface Selection {
  /** Resources that are walked: those that are loaded and all their ancestors, parents first. */
  readonly walked: readonly Resource[];
  /** Names of the resources whose rows are loaded. */
  readonly loaded: ReadonlySet<string>;
}

/** The named resources of a source, or those that it selects itself. An unknown name is a ConfigError. */
export function selectResources(source: Source, names?: readonly string[]): Selection {
  const byName = new Map(source.resources.map((resource) => [resource.name, resource]));
  for (const name of names ?? []) {
    if (byName.has(name)) continue;
    throw new ConfigError('unknown_resource', `There is no resource \`${name}\`.`, { hint: didYouMean(name, [...byName.keys()]) });
  }
  const loaded = new Set(names ?? source.resources.filter(({ selected }) => selected).map(({ name }) => name));
  const needed = new Set<string>();
  for (const name of loaded) {
    for (let at = byName.get(name); at && !needed.has(at.name); at = at.parent === undefined ? undefined : byName.get(at.parent))
      needed.add(at.name);
  }
  return { walked: source.resources.filter(({ name }) => needed.has(name)), loaded };
}
