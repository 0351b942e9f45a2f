import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { ParentCursorChanges } from '../../core/destination.ts';
import type { Json } from '../../core/json.ts';
import { printJson } from '../../core/print-json.ts';
import type { IncrementalState, ParentCursor } from '../../core/state.ts';
import { CURSORS_TABLE } from '../../core/system-tables.ts';
import { readStored } from '../sql/stored-text.ts';
import { type FileStore, readPresent } from './file-store.ts';
import { pathName } from './path-name.ts';
import { readFileName, textAt, systemFileName } from './system-files.ts';

/** Whose cursors are meant, and the load that brings them. */
export interface CursorFileOwner {
  readonly pipeline: string;
  readonly source: string;
  readonly loadId: string;
}

/** The files with all cursors of a pipeline and source, the newest last: each load that changes cursors writes them anew. */
export async function cursorFiles(
  store: FileStore,
  pipeline: string,
  source: string,
): Promise<{ readonly loadId: string; readonly path: string }[]> {
  const files = (await store.namesIn(CURSORS_TABLE)).flatMap((name) => {
    const [owner, loadId, key] = readFileName(name, 3) ?? [];
    return owner === pathName(pipeline) && key === sourceKey(source) && loadId !== undefined
      ? [{ loadId, path: `${CURSORS_TABLE}/${name}` }]
      : [];
  });
  return files.toSorted((a, b) => (a.loadId < b.loadId ? -1 : 1));
}

/** True when a load of any pipeline has brought cursors. */
export async function hasCursorFiles(store: FileStore): Promise<boolean> {
  return (await store.namesIn(CURSORS_TABLE)).length > 0;
}

/** The cursors that a file has. */
export async function readCursorFile(store: FileStore, path: string): Promise<ParentCursor[]> {
  const text = (await promisify(gunzip)(await readPresent(store, path))).toString('utf8');
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const row = readStored(line, `cursor (${path})`);
    return {
      resource: textAt(row, 'resource'),
      parentKey: textAt(row, 'parent_key'),
      cursorPath: textAt(row, 'cursor_path'),
      state: row['state'] as unknown as IncrementalState,
    };
  });
}

/** The cursors after a change. */
export function changedCursors(before: readonly ParentCursor[], { forget, put }: ParentCursorChanges): ParentCursor[] {
  const key = (cursor: ParentCursor): string => JSON.stringify([cursor.resource, cursor.parentKey, cursor.cursorPath]);
  const kept = before.filter(({ resource }) => !forget.includes(resource));
  return [...new Map([...kept, ...put].map((cursor) => [key(cursor), cursor])).values()];
}

/** The file for all cursors of a pipeline and source, and what it holds. */
export async function cursorFile(
  cursors: readonly ParentCursor[],
  { pipeline, source, loadId }: CursorFileOwner,
): Promise<{ readonly path: string; readonly content: Uint8Array }> {
  const lines = cursors.map(({ resource, parentKey, cursorPath, state }) =>
    printJson({
      pipeline_name: pipeline,
      source_name: source,
      resource,
      parent_key: parentKey,
      cursor_path: cursorPath,
      state: state as unknown as Json,
    }),
  );
  const content = await promisify(gzip)(lines.map((line) => `${line}\n`).join(''));
  return { path: `${CURSORS_TABLE}/${systemFileName([pipeline, loadId, sourceKey(source)], 'jsonl.gz')}`, content };
}

function sourceKey(source: string): string {
  return createHash('sha256').update(source).digest('hex').slice(0, 16);
}
