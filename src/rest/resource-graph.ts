/** A resource and the one whose rows it needs. */
export interface Dependency {
  readonly name: string;
  readonly parent: string | undefined;
}

/**
 * Names with parents before their children, in the order in which dlt extracts: level by level,
 * roots first, each level as its parents stand. Resources on a cycle are left out.
 */
export function parentsFirst(resources: readonly Dependency[]): string[] {
  const children = new Map<string, string[]>();
  for (const { name, parent } of resources) {
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), name]);
  }
  const order: string[] = [];
  let level = mentioned(resources).flatMap(({ name, parent }) => (parent === undefined ? [name] : []));
  while (level.length > 0) {
    order.push(...level);
    level = level.flatMap((name) => children.get(name) ?? []);
  }
  return order;
}

/** The cycles among resources, each as the names along it, the first again at the end. */
export function cyclesOf(resources: readonly Dependency[]): string[][] {
  const parents = new Map(resources.map(({ name, parent }) => [name, parent]));
  const seen = new Set<string>();
  const cycles: string[][] = [];
  for (const { name } of resources) {
    const trail: string[] = [];
    let at: string | undefined = name;
    while (at !== undefined && !seen.has(at)) {
      seen.add(at);
      trail.push(at);
      at = parents.get(at);
    }
    if (at !== undefined && trail.includes(at)) cycles.push([...trail.slice(trail.indexOf(at)), at]);
  }
  return cycles;
}

/** In the order in which names are first mentioned: a parent with its first child, if that is listed before. */
function mentioned(resources: readonly Dependency[]): Dependency[] {
  const byName = new Map(resources.map((resource) => [resource.name, resource]));
  const names = new Set(resources.flatMap(({ name, parent }) => (parent === undefined ? [name] : [name, parent])));
  return [...names].flatMap((name) => byName.get(name) ?? []);
}
