import { ConfigError } from '../../core/errors.ts';
import { equalKeys, firstOfEqual, markedDeleted, notMarkedDeleted, partition, sourceFilter } from './merge-conditions.ts';
import { deleteNested, deleteRoots, insertRows, type Merge } from './merge-rows.ts';
import { quoteName as q } from './quote.ts';
import type { ScratchTables } from './scratch-tables.ts';
import { STAGE_ROOT, STAGE_ROW } from './stage-row.ts';
import { belongsTo, columnsWith, completeColumns, rowKeyOf, type ChainTable } from './table-chain.ts';
import type { TableSchema } from '../../core/schema.ts';

/**
 * Replaces the rows whose primary key is in the load, adds the others, and deletes those that the
 * load marks deleted; the same for what is nested in them. `cdc` first deletes the rows whose key
 * the load does not have. A marked row that is not in the table is added by `upsert`, as dlt does.
 */
export function upsert(merge: Merge, scratch: ScratchTables): void {
  const [root, ...nested] = merge.chain;
  const keys = primaryKeys(root.schema);
  const isCdc = root.schema['x-merge-strategy'] === 'cdc';
  if (isCdc) deleteRoots(merge, scratch, 'absent', absentRows(merge, keys));
  const met = scratch.create('met', metRows(merge, keys));
  dropOtherLists(merge, scratch, `SELECT n FROM ${met}`);
  const ids = `SELECT id FROM ${met} UNION ALL SELECT old FROM ${met} WHERE old IS NOT NULL`;
  const staying = `SELECT id FROM ${met} WHERE NOT deleted`;
  const unchanged = root.schema['x-merge-skip-unchanged-rows'] ? unchangedNested(merge, scratch, staying) : () => [];
  deleteNested(merge, scratch, ids, unchanged);
  const key = q(rowKeyOf(root.schema));
  scratch.statements.push(
    `DELETE FROM ${root.target} WHERE ${key} IN (SELECT old FROM ${met} WHERE old IS NOT NULL AND (deleted OR changed))`,
  );
  const added = isCdc ? 'NOT deleted AND (old IS NULL OR changed)' : 'old IS NULL OR (changed AND NOT deleted)';
  insertRows(root, scratch, [`${q(STAGE_ROW)} IN (SELECT n FROM ${met} WHERE ${added})`]);
  for (const table of nested) {
    const belonging = belongsTo(merge.chain, table, { roots: staying, side: 'stage' });
    insertRows(table, scratch, [...firstNested(table), belonging, ...unchanged(table)]);
  }
}

/**
 * Adds the rows whose primary key is not in the table yet, and what is nested and not there yet: also in
 * rows that are there, unless these came by another strategy and have ids of their own.
 */
export function insertOnly(merge: Merge, scratch: ScratchTables): void {
  const [root, ...nested] = merge.chain;
  const keys = primaryKeys(root.schema);
  const first = firstOfEqual(merge.stage, keys, { table: root.schema, where: notMarkedDeleted(root.schema) });
  dropOtherLists(merge, scratch, `SELECT ${q(STAGE_ROW)} FROM ${merge.stage} WHERE ${first}`);
  insertRows(root, scratch, [first, `NOT EXISTS (SELECT 1 FROM ${root.target} AS d WHERE ${equalKeys(keys, 'd', merge.stage)})`]);
  for (const table of nested) {
    if (table.stage === undefined) continue;
    const known = equalKeys([rowKeyOf(table.schema)], 'd', table.stage);
    const belonging = belongsTo(merge.chain, table, { roots: `SELECT ${q(rowKeyOf(root.schema))} FROM ${root.target}`, side: 'stage' });
    insertRows(table, scratch, [...firstNested(table), `NOT EXISTS (SELECT 1 FROM ${table.target} AS d WHERE ${known})`, belonging]);
  }
}

function primaryKeys(table: TableSchema): string[] {
  const keys = columnsWith(table, 'primary_key');
  if (keys.length > 0) return keys;
  throw new ConfigError(
    'merge_needs_primary_key',
    `Table ${table.name} is merged by ${table['x-merge-strategy']} and has no primary key.`,
    {
      hint: `Set primary_key for the resource of table ${table.name}.`,
      context: { table: table.name },
    },
  );
}

/**
 * Root rows with one key have one id, and so have the rows of their lists. Those of root rows that are
 * not taken go; `taken` selects the staged numbers of the others.
 */
function dropOtherLists({ chain: [root, ...nested], stage }: Merge, scratch: ScratchTables, taken: string): void {
  if (!root.knowsRoots) return;
  const number = q(STAGE_ROOT);
  // Rows that were appended first and staged later have no number: their lists stay.
  const others = `SELECT ${number} FROM ${stage} WHERE ${number} IS NOT NULL AND ${q(STAGE_ROW)} NOT IN (${taken})`;
  for (const table of nested) {
    if (table.stage === undefined || !table.knowsRoots) continue;
    scratch.statements.push(`DELETE FROM ${table.stage} WHERE ${number} IN (${others})`);
  }
}

/** A condition for the target rows that a cdc load does not have. */
function absentRows({ chain: [root], stage }: Merge, keys: readonly string[]): string {
  const filter = sourceFilter(root.schema);
  const from = filter === undefined ? stage : `(SELECT * FROM ${stage} WHERE ${filter})`;
  const absent = `NOT EXISTS (SELECT 1 FROM ${from} AS s WHERE ${equalKeys(keys, 's', root.target)})`;
  return [absent, ...partition(root.schema, { target: root.target, stage })].join(' AND ');
}

/** A row a staged root row: its number, its id, the id of the row it meets, and what becomes of that. */
function metRows({ chain: [root], stage }: Merge, keys: readonly string[]): string {
  const filter = sourceFilter(root.schema);
  const key = q(rowKeyOf(root.schema));
  const first = firstOfEqual(stage, keys, { table: root.schema, ...(filter === undefined ? {} : { where: [`(${filter})`] }) });
  const differs = root.schema['x-merge-skip-unchanged-rows'] ? differing(root.schema) : [];
  const changed = differs.length === 0 ? 'TRUE' : `COALESCE(${[`s.${key} <> d.${key}`, ...differs].join(' OR ')}, FALSE)`;
  return (
    `SELECT s.${q(STAGE_ROW)} AS n, s.${key} AS id, d.${key} AS old, ${markedDeleted(root.schema, 's.') ?? 'FALSE'} AS deleted, ` +
    `${changed} AS changed FROM (SELECT * FROM ${stage} WHERE ${first}) AS s LEFT JOIN ${root.target} AS d ON ${equalKeys(keys, 's', 'd')}`
  );
}

/** Conditions of which one holds when staged row `s` differs from row `d` of the table. */
function differing(table: TableSchema): string[] {
  const version = columnsWith(table, 'x-row-version')[0];
  if (version !== undefined) return [`s.${q(version)} <> d.${q(version)}`];
  return completeColumns(table)
    .filter((c) => c.name !== '_dlt_load_id' && !(c.primary_key || c.row_key || c.parent_key || c.root_key || c.hard_delete))
    .map((c) => `s.${q(c.name)} IS DISTINCT FROM d.${q(c.name)}`);
}

/** Makes conditions that leave out nested rows which are the same in the load and in the table. */
function unchangedNested({ chain }: Merge, scratch: ScratchTables, roots: string): (table: ChainTable) => string[] {
  const conditions = new Map<ChainTable, string[]>();
  chain.slice(1).forEach((table, index) => {
    if (table.stage === undefined) return;
    const key = q(rowKeyOf(table.schema));
    const belonging = `(SELECT * FROM ${table.stage} WHERE ${belongsTo(chain, table, { roots, side: 'stage' })})`;
    const same = [`s.${key} = d.${key}`, ...differing(table.schema).map((condition) => `NOT (${condition})`)];
    const query = `SELECT s.${key} AS id FROM ${belonging} AS s JOIN ${table.target} AS d ON ${same.join(' AND ')}`;
    conditions.set(table, [`${key} NOT IN (SELECT id FROM ${scratch.create(`same_${index}`, query)})`]);
  });
  return (table) => conditions.get(table) ?? [];
}

/** Rows that came twice make the same nested rows twice. */
function firstNested(table: ChainTable): string[] {
  return table.stage === undefined ? [] : [firstOfEqual(table.stage, [rowKeyOf(table.schema)], {})];
}
