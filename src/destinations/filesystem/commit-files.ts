import type { FinalLoad, LoadInfo, ParentCursorChanges } from '../../core/destination.ts';
import type { JsonObject } from '../../core/json.ts';
import { printJson } from '../../core/print-json.ts';
import { STATE_TABLE, VERSION_TABLE } from '../../core/system-tables.ts';
import { type SystemRow, systemRowsOf } from '../sql/system-rows.ts';
import type { FileStore } from './file-store.ts';
import { changedCursors, cursorFile, cursorFiles, readCursorFile } from './parent-cursor-files.ts';
import { pathName } from './path-name.ts';
import { committedLoads, stateFiles, versionFiles } from './restore.ts';
import { runFile } from './run-files.ts';
import { dltTime, hexOf, systemFileName } from './system-files.ts';

/** A file of a system table. The path is relative to the dataset's folder. */
export interface SystemFile {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/** The system files of a commit. */
export interface CommitFiles {
  readonly load: SystemFile;
  readonly others: readonly SystemFile[];
  /** Paths of files that are not needed any more after it. */
  readonly outdated: readonly string[];
}

/** As many states as dlt keeps of a pipeline. */
const MOST_STATES = 100;
/** Snapshots of cursors that are kept: whoever reads one may be at it still when the next comes. */
const MOST_CURSORS = 2;

/** What a commit writes beside the rows. */
export async function commitFiles(store: FileStore, final: FinalLoad, { load, now }: { load: LoadInfo; now: Date }): Promise<CommitFiles> {
  const { schema, state, parentCursors, run } = final;
  const versions = await versionFiles(store);
  const hash = hexOf(schema.version_hash);
  const hasSchema = versions.some((file) => file.hash === hash && file.schema === pathName(schema.name));
  const nameOf = ({ table }: SystemRow): string => {
    if (table.name === VERSION_TABLE) return systemFileName([schema.name, timeAfter(now, versions.at(-1)?.time), hash]);
    return table.name === STATE_TABLE ? systemFileName([load.pipeline, load.loadId, hash]) : systemFileName([schema.name, load.loadId]);
  };
  // The row of the load is the last one. That of the run has a file that says more.
  const rows = systemRowsOf({ schema, state }, { load, now, hasSchema });
  const files: SystemFile[] = rows.map((row) => ({ path: `${row.table.name}/${nameOf(row)}`, content: document(row) }));
  const loadFile = files.pop() as SystemFile;
  const outdated = state === undefined ? [] : oldest(await stateFiles(store, load.pipeline), MOST_STATES - 1);
  if (parentCursors !== undefined) {
    const before = await cursorFiles(store, load.pipeline, schema.name);
    files.push(await cursorsAfter(store, before, { changes: parentCursors, load, source: schema.name }));
    outdated.push(...oldest(before, MOST_CURSORS - 1));
  }
  if (run !== undefined) files.push(runFile(run, load.loadId));
  return { load: loadFile, others: files, outdated };
}

async function cursorsAfter(
  store: FileStore,
  files: Awaited<ReturnType<typeof cursorFiles>>,
  { changes, load, source }: { readonly changes: ParentCursorChanges; readonly load: LoadInfo; readonly source: string },
): Promise<SystemFile> {
  const loads = await committedLoads(store);
  const newest = files.findLast(({ loadId }) => loads.has(loadId));
  const before = newest === undefined ? [] : await readCursorFile(store, newest.path);
  return cursorFile(changedCursors(before, changes), { pipeline: load.pipeline, source, loadId: load.loadId });
}

/** All but the newest, which come last. */
function oldest(files: readonly { readonly path: string }[], kept: number): string[] {
  return files.slice(0, Math.max(0, files.length - kept)).map(({ path }) => path);
}

/** A row as dlt writes it to a system file: without an id of its own. */
function document({ table, values }: SystemRow): string {
  const members: JsonObject = {};
  for (const [name, value] of Object.entries(values)) {
    if (name === '_dlt_id') continue;
    const isTime = table.columns[name]?.data_type === 'timestamp';
    members[name] = isTime ? dltTime(String(value)) : value;
  }
  return printJson(members);
}

/** Seconds since the epoch as text, greater than those of another one: the newest schema is found by them, also when the clock goes back. */
function timeAfter(now: Date, last: string | undefined): string {
  const micros = BigInt(now.getTime()) * 1000n;
  const [, seconds, fraction = ''] = /^(\d+)(?:\.(\d+))?$/.exec(last ?? '') ?? [];
  const before = seconds === undefined ? 0n : BigInt(seconds + fraction.slice(0, 6).padEnd(6, '0')) + 1n;
  const time = micros > before ? micros : before;
  return `${time / 1_000_000n}.${String(time % 1_000_000n).padStart(6, '0')}`;
}
