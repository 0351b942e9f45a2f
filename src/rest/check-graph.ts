import type { ParentUse } from './check-request.ts';
import type { Findings } from './findings.ts';
import type { Draft } from './merge-defaults.ts';
import { cyclesOf } from './resource-graph.ts';
import { allOf, closest } from '../core/suggest.ts';

/** A resource and the fields of parents that it asks for. */
export interface Dependent {
  readonly draft: Draft;
  readonly uses: readonly ParentUse[];
}

/** Finds what is wrong between resources: names that are taken, parents that are not there, cycles. */
export function checkGraph(resources: readonly Dependent[], out: Findings): void {
  checkNames(resources, out);
  const names = resources.flatMap(({ draft }) => draft.name ?? []);
  for (const dependent of resources) checkParents(dependent, names, names.length === resources.length, out);
  const edges = resources.flatMap(({ draft, uses }) => (draft.name === undefined ? [] : [{ name: draft.name, parent: uses[0]?.resource }]));
  for (const cycle of cyclesOf(edges)) {
    const [name, next] = cycle;
    const use = resources.find(({ draft }) => draft.name === name)?.uses[0];
    if (use === undefined) continue;
    const itself = name === next;
    const message = itself ? `\`${name}\` depends on itself.` : `These resources depend on each other: ${cycle.join(' → ')}.`;
    out.error(use.at, message, itself ? 'Name another resource.' : 'Remove one of the dependencies.');
  }
}

function checkNames(resources: readonly Dependent[], out: Findings): void {
  const taken = new Map<string, number>();
  for (const { draft } of resources) {
    if (draft.name === undefined) continue;
    const first = taken.get(draft.name);
    if (first === undefined) taken.set(draft.name, draft.index);
    else
      out.error(
        draft.locate('name'),
        `resources[${first}] has the name \`${draft.name}\` already.`,
        'Give each resource a name of its own.',
      );
  }
}

function checkParents({ draft, uses }: Dependent, names: readonly string[], complete: boolean, out: Findings): void {
  const parents = [...new Set(uses.map(({ resource }) => resource))];
  const second = uses.find(({ resource }) => resource !== parents[0]);
  if (second) {
    const message = `A resource has one parent, this one has ${allOf(parents)}.`;
    out.error(second.at, message, `Take the fields of \`${second.resource}\` into \`${parents[0]}\` with \`include_from_parent\`.`);
  }
  for (const { resource, at } of complete ? uses : []) {
    if (names.includes(resource)) continue;
    const near = closest(resource, names);
    out.error(at, `There is no resource \`${resource}\`.`, near === undefined ? 'Add it to `resources`.' : `Did you mean \`${near}\`?`);
  }
  const { include_from_parent: include } = draft.keys;
  if (include && include.length > 0 && parents.length === 0 && !draft.unsure('endpoint')) {
    const message = `\`${draft.name}\` has \`include_from_parent\`, but no parent.`;
    out.error(draft.locate('include_from_parent'), message, 'Remove it, or take a field of a parent into the request.');
  }
}
