import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Restored } from '../../core/destination.ts';
import { LOADS_TABLE, STATE_TABLE, VERSION_TABLE } from '../../core/system-tables.ts';
import { readStoredSchema } from '../sql/stored-schema.ts';
import { readStoredState } from '../sql/stored-state.ts';
import { readStored } from '../sql/stored-text.ts';
import { namesIn } from './durable-files.ts';
import { cursorFiles, hasCursorFiles, readCursorFile } from './parent-cursor-files.ts';
import { pathName } from './path-name.ts';
import { hasRuns } from './run-files.ts';
import { hiddenFiles } from './staging-folder.ts';
import { readFileName, textAt } from './system-files.ts';

/** What the loads of a pipeline left in a dataset; `undefined` when it has no system file. */
export async function restore(root: string, pipeline: string, schema: string): Promise<Restored | undefined> {
  const loads = await committedLoads(root);
  const version = (await versionFiles(root)).findLast((file) => file.schema === pathName(schema));
  const state = (await stateFiles(root, pipeline)).findLast(({ loadId }) => loads.has(loadId));
  const cursors = (await cursorFiles(root, pipeline, schema)).findLast(({ loadId }) => loads.has(loadId));
  const hasCursors = await hasCursorFiles(root);
  if (loads.size === 0 && !version && !hasCursors && !(await hasRuns(root))) return undefined;
  return {
    schema: version && readStoredSchema(await readText(root, version.path, 'schema')),
    state: state && readStoredState(await readText(root, state.path, 'state')),
    lastLoadId: [...loads].reduce<string | undefined>((last, id) => (last === undefined || id > last ? id : last), undefined),
    ...(hasCursors ? { parentCursors: cursors === undefined ? [] : await readCursorFile(root, cursors.path) } : {}),
  };
}

/** The ids of all loads that have their load file. */
export async function committedLoads(root: string): Promise<ReadonlySet<string>> {
  const names = await namesIn(join(root, LOADS_TABLE));
  return new Set(names.map((name) => readFileName(name, 2)?.[1]).filter((id) => id !== undefined));
}

/** The versions of schemas that are visible, the newest last. */
export async function versionFiles(
  root: string,
): Promise<{ readonly schema: string; readonly time: string; readonly hash: string; readonly path: string }[]> {
  const hidden = await hiddenFiles(root);
  const files = (await namesIn(join(root, VERSION_TABLE))).flatMap((name) => {
    const [schema, time, hash] = readFileName(name, 3) ?? [];
    const path = `${VERSION_TABLE}/${name}`;
    return schema === undefined || time === undefined || hash === undefined || hidden.has(path) ? [] : [{ schema, time, hash, path }];
  });
  return files.toSorted((a, b) => (a.time < b.time ? -1 : 1));
}

/** The states of a pipeline, the newest last, also those of loads that are not complete. */
export async function stateFiles(root: string, pipeline: string): Promise<{ readonly loadId: string; readonly path: string }[]> {
  const files = (await namesIn(join(root, STATE_TABLE))).flatMap((name) => {
    const [owner, loadId] = readFileName(name, 3) ?? [];
    return owner === pathName(pipeline) && loadId !== undefined ? [{ loadId, path: `${STATE_TABLE}/${name}` }] : [];
  });
  return files.toSorted((a, b) => (a.loadId < b.loadId ? -1 : 1));
}

async function readText(root: string, path: string, key: string): Promise<string> {
  return textAt(readStored(await readFile(join(root, path), 'utf8'), `document (${path})`), key);
}
