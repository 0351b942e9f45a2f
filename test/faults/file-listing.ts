import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { filesBelow, systemRows } from '../dataset-files.ts';

/** What is done with the files of a load, as it stands in the folder of the load. */
interface Plan {
  readonly load: { readonly path: string };
  readonly placed: readonly { readonly path: string }[];
}

/** The files of a dataset as somebody takes them who goes by `_dlt_loads`. Paths are relative to its folder. */
export interface FileListing {
  readonly loads: readonly Readonly<Record<string, string>>[];
  /** System files of loads that are visible, without those of `_dlt_loads`. */
  readonly system: readonly string[];
  /** Files with rows of loads that are visible, the oldest load first. */
  readonly rows: readonly RowsFile[];
  /** Files that no load knows of and no plan names: nobody would ever delete them. */
  readonly unknown: readonly string[];
  /** Drafts of files. */
  readonly drafts: readonly string[];
  /** The folders in which files of loads wait, by name of the load. */
  readonly waiting: readonly string[];
}

/** A file with rows of a table. */
export interface RowsFile {
  readonly table: string;
  readonly loadId: string;
  readonly path: string;
}

const STAGING = '_syncline_staging';
/** Stands for the load of a run that brought none. */
const NO_LOAD = '0';

/** Lists a dataset as it lies there. */
export function listFiles(root: string): FileListing {
  const staging = join(root, STAGING);
  const waiting = existsSync(staging) ? readdirSync(staging) : [];
  const plans = waiting.flatMap((name) => readPlan(join(staging, name, 'plan.json')));
  const paths = (existsSync(root) ? filesBelow(root) : []).filter((path) => !path.startsWith(`${STAGING}/`));
  const loadFiles = paths.filter((path) => path.startsWith('_dlt_loads/'));
  const loads = loadFiles.flatMap((path) => systemRows(join(root, path)));
  const ids = new Set([...loads.map(({ load_id }) => load_id ?? ''), NO_LOAD]);
  const hashes = new Set(loads.map(({ schema_version_hash }) => schema_version_hash));
  const isVisible = (path: string): boolean =>
    path.startsWith('_dlt_version/')
      ? systemRows(join(root, path)).every((row) => hashes.has(row['version_hash']))
      : ids.has(loadIdOf(path));
  const hidden = plans.filter(({ load }) => !loadFiles.includes(load.path));
  const isPlaced = new Set(hidden.flatMap(({ placed }) => placed.map(({ path }) => path)));
  const others = paths.filter((path) => path !== 'init' && !isDraft(path) && !loadFiles.includes(path));
  const visible = others.filter(isVisible);
  return {
    loads,
    system: visible.filter(isSystem),
    rows: visible
      .filter((path) => !isSystem(path))
      .map((path) => ({ table: path.slice(0, path.indexOf('/')), loadId: loadIdOf(path), path }))
      .toSorted((a, b) => (a.loadId < b.loadId ? -1 : 1)),
    unknown: others.filter((path) => !isVisible(path) && !isPlaced.has(path)),
    drafts: paths.filter(isDraft),
    waiting,
  };
}

const isSystem = (path: string): boolean => path.startsWith('_');
const isDraft = (path: string): boolean => basename(path).startsWith('.');

/** Both kinds of files have it in their names: `<pipeline>__<load id>__…` and `<load id>.<file id>.<extension>`. */
function loadIdOf(path: string): string {
  const [, loadId = ''] = (isSystem(path) ? /__(\d+\.\d+|0)__/ : /\/(\d+\.\d+)\./).exec(path) ?? [];
  return loadId;
}

function readPlan(path: string): Plan[] {
  return existsSync(path) ? [JSON.parse(readFileSync(path, 'utf8')) as Plan] : [];
}
