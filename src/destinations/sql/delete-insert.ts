import { destinationScope, equalKeys, firstOfEqual, notMarkedDeleted, sourceFilter } from './merge-conditions.ts';
import { STAGE_ROW } from './stage-row.ts';
import { deleteRoots, insertRows, type Merge } from './merge-rows.ts';
import { quoteName as q } from './quote.ts';
import type { ScratchTables } from './scratch-tables.ts';
import { belongsTo, columnsWith, rowKeyOf } from './table-chain.ts';

/**
 * Deletes the rows that have a primary or merge key of the load, or that are in the scope, and adds
 * the load's rows: one a primary key, without those that are marked deleted. Without keys and scope
 * it only adds.
 */
export function deleteInsert(merge: Merge, scratch: ScratchTables): void {
  const [root, ...nested] = merge.chain;
  const going = goingRows(merge);
  if (going !== undefined) deleteRoots(merge, scratch, 'old', going);
  const coming = comingRows(merge);
  if (nested.length === 0 || coming.length === 0) {
    for (const table of merge.chain) insertRows(table, scratch, table === root ? coming : []);
    return;
  }
  const query = `SELECT ${q(STAGE_ROW)} AS n, ${q(rowKeyOf(root.schema))} AS id FROM ${merge.stage} WHERE ${coming.join(' AND ')}`;
  const chosen = scratch.create('new', query);
  insertRows(root, scratch, [`${q(STAGE_ROW)} IN (SELECT n FROM ${chosen})`]);
  for (const table of nested)
    insertRows(table, scratch, [belongsTo(merge.chain, table, { roots: `SELECT id FROM ${chosen}`, side: 'stage' })]);
}

/** A condition for the root rows that are deleted. */
function goingRows({ chain: [root], stage }: Merge): string | undefined {
  const scope = destinationScope(root.schema, { target: root.target, stage });
  if (scope !== undefined) return scope;
  const filter = sourceFilter(root.schema);
  const found = [columnsWith(root.schema, 'primary_key'), columnsWith(root.schema, 'merge_key')]
    .filter((keys) => keys.length > 0)
    .map((keys) => {
      const equal = equalKeys(keys, root.target, 's');
      return `EXISTS (SELECT 1 FROM ${stage} AS s WHERE ${equal}${filter === undefined ? '' : ` AND (${filter})`})`;
    });
  return found.length === 0 ? undefined : found.join(' OR ');
}

/** Conditions for the staged root rows that are added; none when all are. */
function comingRows({ chain: [root], stage }: Merge): string[] {
  const keys = columnsWith(root.schema, 'primary_key');
  const filter = sourceFilter(root.schema);
  return [
    ...(keys.length === 0 || root.schema['x-stage-data-deduplicated'] ? [] : [firstOfEqual(stage, keys, { table: root.schema })]),
    ...notMarkedDeleted(root.schema),
    ...(filter === undefined ? [] : [`(${filter})`]),
  ];
}
