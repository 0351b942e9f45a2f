import { ConfigError } from '../../core/errors.ts';
import { parseIsoDatetime } from '../../core/iso-datetime.ts';
import { epochMicros, formatIso, timestampOf } from '../../core/iso-value.ts';
import type { TableSchema } from '../../core/schema.ts';
import { equalKeys, firstOfEqual, partition, sourceFilter } from './merge-conditions.ts';
import { insertRows, type Merge } from './merge-rows.ts';
import { quoteName as q, quoteText } from './quote.ts';
import type { ScratchTables } from './scratch-tables.ts';
import { belongsTo, columnsWith, completeColumns, rowKeyOf } from './table-chain.ts';

/**
 * Keeps history: rows whose version the load does not have are retired, rows of a version that is
 * not active are added, both as of the boundary. Nested rows are only added.
 */
export function slowlyChanging(merge: Merge, scratch: ScratchTables): void {
  const { stage } = merge;
  const [root, ...nested] = merge.chain;
  const { from, to, version } = historyColumns(root.schema);
  const boundary = timestamp(root.schema['x-boundary-timestamp'] ?? merge.startedAt.toISOString(), root.schema);
  const forever = root.schema.columns[to]?.['x-active-record-timestamp'] ?? undefined;
  const active = forever === undefined ? 'NULL' : timestamp(forever, root.schema);
  const isActive = `${q(to)} ${forever === undefined ? 'IS NULL' : `= ${active}`}`;
  const filter = sourceFilter(root.schema);
  const filters = filter === undefined ? [] : [`(${filter})`];

  const source = filter === undefined ? stage : `(SELECT * FROM ${stage} WHERE ${filter})`;
  const absent = `NOT EXISTS (SELECT 1 FROM ${source} AS s WHERE ${equalKeys([version], 's', root.target)})`;
  const retired = [absent, isActive, ...partition(root.schema, { target: root.target, stage })].join(' AND ');
  scratch.statements.push(`UPDATE ${root.target} SET ${q(to)} = ${boundary} WHERE ${retired}`);

  // A version that is a hash of the row comes twice when the row does; two rows may share any other.
  const key = rowKeyOf(root.schema);
  const unknown = `NOT EXISTS (SELECT 1 FROM ${root.target} AS d WHERE ${equalKeys([version], 'd', stage)} AND d.${isActive})`;
  const coming = [...(key === version ? [firstOfEqual(stage, [version], { where: filters })] : []), unknown, ...filters];
  const columns = completeColumns(root.schema)
    .filter((column) => column.name !== from && column.name !== to)
    .map((column) => q(column.name))
    .join(', ');
  scratch.statements.push(
    `INSERT INTO ${root.target} (${columns}, ${q(from)}, ${q(to)}) SELECT ${columns}, ${boundary}, ${active} FROM ${stage} WHERE ${coming.join(' AND ')}`,
  );
  for (const table of nested) {
    if (table.stage === undefined) continue;
    const rowKey = rowKeyOf(table.schema);
    const known = `NOT EXISTS (SELECT 1 FROM ${table.target} AS d WHERE ${equalKeys([rowKey], 'd', table.stage)})`;
    const roots = `SELECT ${q(key)} FROM ${stage} WHERE ${filter}`;
    const belonging = filter === undefined ? [] : [belongsTo(merge.chain, table, { roots, side: 'stage' })];
    insertRows(table, scratch, [firstOfEqual(table.stage, [rowKey], {}), known, ...belonging]);
  }
}

function historyColumns(table: TableSchema): { readonly from: string; readonly to: string; readonly version: string } {
  const [from] = columnsWith(table, 'x-valid-from');
  const [to] = columnsWith(table, 'x-valid-to');
  const [version] = columnsWith(table, 'x-row-version');
  if (from !== undefined && to !== undefined && version !== undefined) return { from, to, version };
  throw new ConfigError('history_columns_missing', `Table ${table.name} is merged by scd2 and lacks a validity or version column.`, {
    hint: `Set write_disposition of the resource to {"disposition": "merge", "strategy": "scd2"}, which adds them.`,
    context: { table: table.name },
  });
}

/** A point in time as SQL has it. Without an offset it is in UTC. */
function timestamp(text: string, table: TableSchema): string {
  const value = parseIsoDatetime(text);
  if (value !== undefined && value.kind !== 'time') return quoteText(formatIso(timestampOf(epochMicros(value))));
  throw new ConfigError('timestamp_invalid', `Table ${table.name} has the scd2 timestamp ${text}, which is not a date with time.`, {
    hint: 'Write it like 2024-01-31T00:00:00Z.',
    context: { table: table.name },
  });
}
