import type { LoadSize } from '../core/load-size.ts';
import type { Resource, Source } from '../core/source.ts';
import { ConfigError } from '../core/errors.ts';
import type { RunRecord } from '../page-log/records.ts';
import { deletesWhatIsMissing } from './disposition.ts';
import type { RunOptions } from './run-options.ts';
import type { Selection } from './select-resources.ts';

/** The size that a run is cut by; `undefined` for one load. All or nothing, and a log for later, need one load. */
export function partSize({ commitEvery, strict, keepLog, fullRefresh }: RunOptions, source: Source, run: RunRecord): LoadSize | undefined {
  if (commitEvery !== undefined && (strict || keepLog)) {
    const other = strict ? 'loads all or nothing' : 'keeps its log';
    throw new ConfigError('commit_every_conflict', `A run that ${other} cannot be cut into several loads.`, {
      hint: `Leave out \`--commit-every\` or \`--${strict ? 'strict' : 'keep-log'}\`.`,
    });
  }
  if (strict || keepLog || fullRefresh || run.fullRefresh || run.limit !== undefined) return undefined;
  return commitEvery ?? source.commitEvery;
}

/**
 * The resources of a run that may be loaded in parts: top-level ones and all below them, where nothing
 * that is loaded deletes or retires what a load does not bring, or picks one of several rows by more than
 * their order; and where no other resource empties their tables.
 */
export function loadedInParts({ walked, loaded }: Selection): Selection {
  const trees = walked.filter(({ parent }) => parent === undefined).map((top) => treeOf(top, walked));
  const isWhole = (tree: readonly Resource[]): boolean =>
    tree.some((resource) => loaded.has(resource.name) && (deletesWhatIsMissing(resource) || picksByColumn(resource)));
  const whole = trees.filter(isWhole).flat();
  const taken = new Set(whole.map(tableOf));
  const parts = new Set(
    trees
      .filter((tree) => !isWhole(tree))
      .filter(
        (tree) => whole.length === 0 || tree.every((resource) => typeof tableOf(resource) === 'string' && !taken.has(tableOf(resource))),
      )
      .flat(),
  );
  return {
    walked: walked.filter((resource) => parts.has(resource)),
    loaded: new Set([...parts].map(({ name }) => name).filter((name) => loaded.has(name))),
  };
}

/** A resource and all that hang on it. `walked` has parents before their children. */
function treeOf(top: Resource, walked: readonly Resource[]): readonly Resource[] {
  const names = new Set([top.name]);
  return walked.filter((resource) => {
    if (resource.parent !== undefined && names.has(resource.parent)) names.add(resource.name);
    return names.has(resource.name);
  });
}

function tableOf({ name, hints }: Resource): unknown {
  return hints.table_name ?? name;
}

/** `dedup_sort` looks at all rows of a key at once. */
function picksByColumn({ hints: { columns } }: Resource): boolean {
  return typeof columns === 'function' || Object.values(columns ?? {}).some((column) => column.dedup_sort !== undefined);
}
