import { quoteName as q } from './quote.ts';
import type { ScratchTables } from './scratch-tables.ts';
import { belongsTo, completeColumns, rowKeyOf, type ChainTable, type TableChain } from './table-chain.ts';

/** A chain of tables whose staged rows are merged into them. */
export interface Merge {
  /** Tables that are in the database. */
  readonly chain: TableChain;
  /** Staged rows of the chain's root table. */
  readonly stage: string;
  /** Since when rows of an scd2 table are valid, if the table does not say. */
  readonly startedAt: Date;
  /** Begins the names of temporary tables. */
  readonly prefix: string;
}

/** Deletes the root rows that fulfil a condition, after all that is nested in them. */
export function deleteRoots(merge: Merge, scratch: ScratchTables, purpose: string, condition: string): void {
  const [root, ...nested] = merge.chain;
  if (nested.length === 0) {
    scratch.statements.push(`DELETE FROM ${root.target} WHERE ${condition}`);
    return;
  }
  const key = q(rowKeyOf(root.schema));
  const ids = `SELECT id FROM ${scratch.create(purpose, `SELECT ${key} AS id FROM ${root.target} WHERE ${condition}`)}`;
  deleteNested(merge, scratch, ids);
  scratch.statements.push(`DELETE FROM ${root.target} WHERE ${key} IN (${ids})`);
}

/**
 * Deletes what is nested in root rows, the deepest first: parents lead to their children until they
 * are gone. `keep` may add a condition for the rows of a table that go.
 */
export function deleteNested(
  { chain }: Merge,
  scratch: ScratchTables,
  roots: string,
  only: (table: ChainTable) => string[] = () => [],
): void {
  for (const table of chain.slice(1).toReversed()) {
    const conditions = [belongsTo(chain, table, { roots, side: 'target' }), ...only(table)];
    scratch.statements.push(`DELETE FROM ${table.target} WHERE ${conditions.join(' AND ')}`);
  }
}

/** Adds the staged rows that fulfil all conditions; nothing when no row is staged. */
export function insertRows(table: ChainTable, scratch: ScratchTables, conditions: readonly string[]): void {
  if (table.stage === undefined) return;
  const columns = completeColumns(table.schema)
    .map((column) => q(column.name))
    .join(', ');
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  scratch.statements.push(`INSERT INTO ${table.target} (${columns}) SELECT ${columns} FROM ${table.stage}${where}`);
}
