import type { ParentCursorChanges } from '../../core/destination.ts';
import type { ColumnSchema } from '../../core/schema.ts';
import { CURSORS_TABLE, cursorsTable } from '../../core/system-tables.ts';
import { cursorBatches, type CursorOwner, cursorStatements } from '../sql/parent-cursors.ts';
import { STAGE_ROW } from '../sql/stage-row.ts';
import { completeColumns } from '../sql/table-chain.ts';
import { Catalog, TEMPORARY } from './catalog.ts';
import type { Session } from './session.ts';
import { TableWriter } from './table-writer.ts';

/** Makes the changes in `_syncline_cursors`, which is there. What is put waits in a temporary table first. */
export async function applyCursors(
  session: Session,
  changes: ParentCursorChanges,
  { owner, target }: { readonly owner: CursorOwner; readonly target: string },
): Promise<void> {
  if (changes.put.length === 0) {
    for (const sql of cursorStatements(changes, owner, { target, stage: undefined })) await session.run(sql, [], CURSORS_TABLE);
    return;
  }
  const temporary = new Catalog(session, TEMPORARY);
  const columns: readonly ColumnSchema[] = [{ name: STAGE_ROW, data_type: 'bigint' }, ...completeColumns(cursorsTable())];
  await temporary.ensure(CURSORS_TABLE, columns);
  const stage = temporary.qualified(CURSORS_TABLE);
  await session.guard(async () => {
    const rowNumber = { column: STAGE_ROW, first: 0n };
    const writer = await TableWriter.open({ connection: session.connection, ...TEMPORARY, table: CURSORS_TABLE, columns, rowNumber });
    for (const batch of cursorBatches(changes.put, owner)) await writer.write(batch);
    writer.close();
  }, CURSORS_TABLE);
  const statements = [...cursorStatements(changes, owner, { target, stage }), `DROP TABLE ${stage}`];
  for (const sql of statements) await session.run(sql, [], CURSORS_TABLE);
}
