import type { Restored } from '../../core/destination.ts';
import { LOADS_TABLE, STATE_TABLE, VERSION_TABLE } from '../../core/system-tables.ts';
import { readStoredSchema } from '../sql/stored-schema.ts';
import { readStoredState } from '../sql/stored-state.ts';
import { readStored } from '../sql/stored-text.ts';
import { type FileStore, readPresent } from './file-store.ts';
import { cursorFiles, hasCursorFiles, readCursorFile } from './parent-cursor-files.ts';
import { pathName } from './path-name.ts';
import { hasRuns } from './run-files.ts';
import { hiddenFiles } from './staging-folder.ts';
import { readFileName, textAt } from './system-files.ts';

/** What the loads of a pipeline left in a dataset; `undefined` when it has no system file. */
export async function restore(store: FileStore, pipeline: string, schema: string): Promise<Restored | undefined> {
  const loads = await committedLoads(store);
  const version = (await versionFiles(store)).findLast((file) => file.schema === pathName(schema));
  const state = (await stateFiles(store, pipeline)).findLast(({ loadId }) => loads.has(loadId));
  const cursors = (await cursorFiles(store, pipeline, schema)).findLast(({ loadId }) => loads.has(loadId));
  const hasCursors = await hasCursorFiles(store);
  if (loads.size === 0 && !version && !hasCursors && !(await hasRuns(store))) return undefined;
  return {
    schema: version && readStoredSchema(await readText(store, version.path, 'schema')),
    state: state && readStoredState(await readText(store, state.path, 'state')),
    lastLoadId: [...loads].reduce<string | undefined>((last, id) => (last === undefined || id > last ? id : last), undefined),
    ...(hasCursors ? { parentCursors: cursors === undefined ? [] : await readCursorFile(store, cursors.path) } : {}),
  };
}

/** The ids of all loads that have their load file. */
export async function committedLoads(store: FileStore): Promise<ReadonlySet<string>> {
  const names = await store.namesIn(LOADS_TABLE);
  return new Set(names.map((name) => readFileName(name, 2)?.[1]).filter((id) => id !== undefined));
}

/** The versions of schemas that are visible, the newest last. */
export async function versionFiles(
  store: FileStore,
): Promise<{ readonly schema: string; readonly time: string; readonly hash: string; readonly path: string }[]> {
  const hidden = await hiddenFiles(store);
  const files = (await store.namesIn(VERSION_TABLE)).flatMap((name) => {
    const [schema, time, hash] = readFileName(name, 3) ?? [];
    const path = `${VERSION_TABLE}/${name}`;
    return schema === undefined || time === undefined || hash === undefined || hidden.has(path) ? [] : [{ schema, time, hash, path }];
  });
  return files.toSorted((a, b) => (a.time < b.time ? -1 : 1));
}

/** The states of a pipeline, the newest last, also those of loads that are not complete. */
export async function stateFiles(store: FileStore, pipeline: string): Promise<{ readonly loadId: string; readonly path: string }[]> {
  const files = (await store.namesIn(STATE_TABLE)).flatMap((name) => {
    const [owner, loadId] = readFileName(name, 3) ?? [];
    return owner === pathName(pipeline) && loadId !== undefined ? [{ loadId, path: `${STATE_TABLE}/${name}` }] : [];
  });
  return files.toSorted((a, b) => (a.loadId < b.loadId ? -1 : 1));
}

async function readText(store: FileStore, path: string, key: string): Promise<string> {
  return textAt(readStored((await readPresent(store, path)).toString('utf8'), `document (${path})`), key);
}
