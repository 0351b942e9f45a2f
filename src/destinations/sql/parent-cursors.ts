import type { Column, ColumnBatch } from '../../core/column-batch.ts';
import type { ParentCursorChanges } from '../../core/destination.ts';
import type { Json } from '../../core/json.ts';
import { printJson } from '../../core/print-json.ts';
import type { IncrementalState, ParentCursor } from '../../core/state.ts';
import { CURSORS_TABLE, cursorsTable } from '../../core/system-tables.ts';
import { firstOfEqual } from './merge-conditions.ts';
import { quoteName as q, quoteText } from './quote.ts';
import { readStored } from './stored-text.ts';
import type { SystemReader } from './system-reader.ts';
import { completeColumns } from './table-chain.ts';

/** Cursors that are written at a time. */
const BATCH_ROWS = 8192;

/** What a cursor belongs to: its row is the only one with these. */
const KEYS = ['pipeline_name', 'source_name', 'resource', 'parent_key', 'cursor_path'];

/** Whose cursors are meant. */
export interface CursorOwner {
  readonly pipeline: string;
  readonly source: string;
}

/** The cursors that the dataset keeps for a pipeline and source. */
export async function readParentCursors(reader: SystemReader, pipeline: string, source: string): Promise<ParentCursor[]> {
  const rows = await reader.rows(
    `SELECT resource, parent_key, cursor_path, state FROM ${reader.qualified(CURSORS_TABLE)}
     WHERE pipeline_name = $1 AND source_name = $2 ORDER BY resource, parent_key, cursor_path`,
    [pipeline, source],
  );
  return rows.map(([resource, parentKey, cursorPath, state]) => ({
    resource: String(resource),
    parentKey: String(parentKey),
    cursorPath: String(cursorPath),
    state: readStored(String(state), `cursor (${CURSORS_TABLE})`) as unknown as IncrementalState,
  }));
}

/** The cursors as rows of `_syncline_cursors`, some thousands a batch. The last one comes first, so that it wins. */
export function* cursorBatches(put: readonly ParentCursor[], owner: CursorOwner): Generator<ColumnBatch> {
  for (let end = put.length; end > 0; end -= BATCH_ROWS) yield batchOf(put.slice(Math.max(0, end - BATCH_ROWS), end).toReversed(), owner);
}

/**
 * The statements that forget cursors and bring in those that wait in a table with the columns of
 * `_syncline_cursors` and row numbers. `stage` is `undefined` when none are put.
 */
export function cursorStatements(
  { forget }: ParentCursorChanges,
  owner: CursorOwner,
  tables: { readonly target: string; readonly stage: string | undefined },
): string[] {
  const { target, stage } = tables;
  const mine = `pipeline_name = ${quoteText(owner.pipeline)} AND source_name = ${quoteText(owner.source)}`;
  const statements =
    forget.length === 0 ? [] : [`DELETE FROM ${target} WHERE ${mine} AND resource IN (${forget.map(quoteText).join(', ')})`];
  if (stage === undefined) return statements;
  const columns = completeColumns(cursorsTable())
    .map((column) => q(column.name))
    .join(', ');
  const same = KEYS.map((key) => `s.${q(key)} = ${target}.${q(key)}`).join(' AND ');
  return [
    ...statements,
    `DELETE FROM ${target} WHERE EXISTS (SELECT 1 FROM ${stage} AS s WHERE ${same})`,
    `INSERT INTO ${target} (${columns}) SELECT ${columns} FROM ${stage} WHERE ${firstOfEqual(stage, KEYS, {})}`,
  ];
}

function batchOf(cursors: readonly ParentCursor[], owner: CursorOwner): ColumnBatch {
  const values: Readonly<Record<string, (cursor: ParentCursor) => string>> = {
    pipeline_name: () => owner.pipeline,
    source_name: () => owner.source,
    resource: (cursor) => cursor.resource,
    parent_key: (cursor) => cursor.parentKey,
    cursor_path: (cursor) => cursor.cursorPath,
    state: (cursor) => printJson(cursor.state as unknown as Json),
  };
  const columns = completeColumns(cursorsTable()).map((schema) =>
    textColumn(schema, cursors.map(values[schema.name] as (cursor: ParentCursor) => string)),
  );
  return { table: CURSORS_TABLE, rowCount: cursors.length, columns };
}

function textColumn(schema: Column['schema'], texts: readonly string[]): Column {
  const views = new Uint32Array(texts.length * 2);
  const pieces = texts.map((text) => Buffer.from(text));
  let offset = 0;
  pieces.forEach((piece, row) => {
    views[row * 2] = offset;
    views[row * 2 + 1] = piece.length;
    offset += piece.length;
  });
  return { schema, validity: undefined, data: { kind: 'bytes', views, heap: Buffer.concat(pieces) } };
}
